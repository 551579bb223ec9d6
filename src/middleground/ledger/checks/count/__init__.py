"""Checks that recount votes: openings and totals."""
