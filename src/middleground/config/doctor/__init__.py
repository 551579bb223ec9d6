"""The doctor: Django checks of an installation's settings, folders, database, log and staff."""
