"""The picture of statements, and the table of the same facts."""
