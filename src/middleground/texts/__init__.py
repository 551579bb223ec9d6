"""Texts that somebody wrote: normalisation, similarity, personal data. Pure."""
