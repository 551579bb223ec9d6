"""What everyone sees of answers: cases, coverage, feed, and parts of other pages."""
