"""Where people lie on the map, as far as it may be told."""
