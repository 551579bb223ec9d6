"""Pages of comments: reading, writing, and reacting to them."""
