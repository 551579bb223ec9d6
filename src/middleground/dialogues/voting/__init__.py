"""The way of a vote: route, writer, store, and the next card."""
