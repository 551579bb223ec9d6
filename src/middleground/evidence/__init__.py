"""Sources, and the claims that rest on them."""
