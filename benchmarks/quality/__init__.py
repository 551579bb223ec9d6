"""The parts of ``benchmarks/engine_quality.py``: one measurement a file."""
