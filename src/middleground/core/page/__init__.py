"""What every page has: its frame, styles, errors and texts in Markdown."""
