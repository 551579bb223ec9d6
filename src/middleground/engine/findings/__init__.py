"""Rates by group, and the labels that they support: middle ground, divisive, representative."""
