"""Pages of the result: map, statement, final result, method."""
