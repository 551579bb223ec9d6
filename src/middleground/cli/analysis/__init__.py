"""Commands that compute a map from files."""
