"""Who is admitted, and what participants do with their own data."""
