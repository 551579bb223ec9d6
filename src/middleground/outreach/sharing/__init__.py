"""What anybody can pass on: a text, links, and the period as a calendar file."""
