"""``middleground import`` and ``middleground export``: a module for each kind of data."""
