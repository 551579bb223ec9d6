"""What a dialogue puts into the public log, and how it is opened."""
