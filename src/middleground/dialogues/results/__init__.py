"""What may be shown of a stored map: figures, sentences and open data."""
