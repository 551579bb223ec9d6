"""The desk's list of dialogues, and their order on the front page."""
