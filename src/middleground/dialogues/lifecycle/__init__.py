"""Opening, closing and settings of a dialogue."""
