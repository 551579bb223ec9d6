"""Simplified Chinese: dates and numbers, in Django's format characters."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
