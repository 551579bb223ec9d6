"""How people learn of answers without being known."""
