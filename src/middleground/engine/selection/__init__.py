"""Which statement to put before whom, and where a newcomer stands on the map."""
