"""Near-duplicate voters, and weights from known margins (raking)."""
