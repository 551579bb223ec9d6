"""Pages of a participant: card, writing, own votes and data."""
