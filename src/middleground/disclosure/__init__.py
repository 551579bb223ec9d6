"""What may be published of a map, and how coarsely. Pure."""
