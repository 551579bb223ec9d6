"""The table of aims and the pictures of docs/measurements.md, from what was measured."""
