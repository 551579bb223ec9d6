"""The files of a published log."""
