"""Result pages: opinion map, statement, final result, method."""
