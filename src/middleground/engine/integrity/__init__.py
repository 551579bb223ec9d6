"""Near-duplicate participants, and weights from known margins (raking)."""
