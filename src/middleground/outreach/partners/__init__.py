"""Partner organizations: their page at a secret address, and whether they are named."""
