"""Bodies, their posts, and the officials who hold these."""
