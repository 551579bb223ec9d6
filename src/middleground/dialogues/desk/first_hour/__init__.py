"""A host's first hour: from an empty draft to an open dialogue."""
