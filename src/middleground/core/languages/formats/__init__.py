"""Formats of dates and numbers where Django has none, or none of days with times.

Figures are those of the Unicode Common Locale Data Repository, with digits 0 to 9 in every
language: numbers on a page are compared with files and with the public log.
"""
