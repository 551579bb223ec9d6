"""Keys, tokens, pseudonyms, cookies and codes."""
