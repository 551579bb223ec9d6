"""Dialogues to and from files; the example."""
