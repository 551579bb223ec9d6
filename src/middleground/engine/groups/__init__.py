"""Opinion groups: clustering of positions, membership, and labels that stay the same over time."""
