"""Rates by group, and what they support: middle ground, divisive, representative."""
