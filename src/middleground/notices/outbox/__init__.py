"""E-mail that waits, its words, and its way to the mail server."""
