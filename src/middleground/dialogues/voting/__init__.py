"""The path of a vote: route, writer, store and next card."""
