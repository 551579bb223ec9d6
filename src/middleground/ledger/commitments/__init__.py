"""Commitments to votes: hidden one by one, while their sum can be opened."""
