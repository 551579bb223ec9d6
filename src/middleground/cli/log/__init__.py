"""Commands for those who check a host: verify and witness."""
