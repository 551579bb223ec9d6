"""The parts of ``benchmarks/engine_quality.py``: one file per measurement."""
