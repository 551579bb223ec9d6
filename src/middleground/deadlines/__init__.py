"""When something is due, and the sum that shows it. Pure: today is always an argument."""
