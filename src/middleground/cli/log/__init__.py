"""Commands for auditors of a host: verify and witness."""
