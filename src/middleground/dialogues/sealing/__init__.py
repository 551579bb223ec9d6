"""What a dialogue gives to the public log, and how it is opened."""
