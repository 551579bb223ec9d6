"""Forms on paper: print orders, and which statements stand on which form."""
