"""What is measured of the engine: one question a file, each with ``measure`` and ``show``."""
