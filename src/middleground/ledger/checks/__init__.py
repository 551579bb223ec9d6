"""Checks of a folder of published files; each module answers one question."""
