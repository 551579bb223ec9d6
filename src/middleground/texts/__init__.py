"""Texts that somebody wrote: one normal form, similar texts, personal data. Pure."""
