"""Staff pages about statements: moderation, merging, seeds, appeals."""
