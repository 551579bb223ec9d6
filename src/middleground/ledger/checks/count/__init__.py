"""Checks that recount: openings, statements, totals."""
