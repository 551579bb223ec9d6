"""What may be published of a map, and at what resolution. Pure."""
