"""What helpers enter for people without a browser: batches, and the people in them."""
