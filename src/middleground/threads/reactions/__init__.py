"""Reactions: what people find worth reading, and the order of comments that follows from it."""
