"""How staff sign in: what allauth asks of us, and which pages a browser may keep."""
