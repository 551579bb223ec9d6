"""Retention, and the inventory of stored data."""
