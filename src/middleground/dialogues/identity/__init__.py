"""Keys, tokens, pseudonyms, proofs, cookies and admission codes."""
