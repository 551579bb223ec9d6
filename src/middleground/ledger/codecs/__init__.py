"""Fields, lines and times as text, each in one form only."""
