"""What a body promised by a day: made, slipped, reached, kept or given up, and never edited."""
