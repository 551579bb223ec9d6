"""The checks of `middleground doctor`: settings, database, disk and log."""
