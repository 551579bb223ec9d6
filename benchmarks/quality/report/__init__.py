"""The table of targets and the pictures of docs/measurements.md, made from measurements."""
