"""What holds for every kind of text that people write: sending, decisions, appeals, taking back."""
