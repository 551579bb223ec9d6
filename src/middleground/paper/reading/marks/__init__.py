"""What is marked and written on a page that lies flat."""
