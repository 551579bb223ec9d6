"""Pages of the host's staff, who handle cases, and of officials, who answer them."""
