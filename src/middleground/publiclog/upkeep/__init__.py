"""What keeps the stored log as it was signed."""
