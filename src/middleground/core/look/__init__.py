"""How a host makes the site its own: its name, its logo, and one accent colour."""
