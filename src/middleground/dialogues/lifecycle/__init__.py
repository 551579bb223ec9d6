"""Opening, closing, settings and roles of a dialogue."""
