"""Translations of a dialogue: its languages, the texts of one, and one text."""
