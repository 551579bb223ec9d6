"""The published map by topic."""
