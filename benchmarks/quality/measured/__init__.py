"""Measurements of the engine: one question per file, each with ``measure`` and ``show``."""
