"""Import and export of dialogues, and the example dialogue."""
