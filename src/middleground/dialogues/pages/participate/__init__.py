"""A participant's pages: vote card, writing statements, own votes and own data."""
