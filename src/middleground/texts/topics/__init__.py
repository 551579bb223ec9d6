"""Suggests topics for many short texts, by their words alone, on this machine only."""
