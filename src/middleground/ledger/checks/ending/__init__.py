"""Checks of how dialogues end: completely, in time, and once."""
