"""The sheet of a week: what is on it, and how much of it fits."""
