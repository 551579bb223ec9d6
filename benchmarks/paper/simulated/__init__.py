"""Simulated sheets: printed, marked, spoilt, with the truth of every row kept."""
