"""Sorting statements into topics: the list, one topic, and suggestions."""
