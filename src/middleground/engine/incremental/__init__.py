"""What a map leaves behind, and the next one from it."""
