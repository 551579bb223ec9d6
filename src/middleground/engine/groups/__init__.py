"""Opinion groups: clustering of positions, membership, and letters over time."""
