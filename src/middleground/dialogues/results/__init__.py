"""What may be shown of a stored map: figures, sentences, open data."""
