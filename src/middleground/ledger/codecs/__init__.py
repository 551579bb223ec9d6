"""Canonical text forms of fields, records and times."""
