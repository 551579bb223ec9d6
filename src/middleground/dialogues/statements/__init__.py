"""Statements: submission, seeds, moderation, appeals."""
