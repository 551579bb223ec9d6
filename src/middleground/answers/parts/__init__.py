"""What this app shows on pages of dialogues, statements, participants and bodies."""
