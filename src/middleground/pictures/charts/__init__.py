"""Pictures of numbers other than those of one statement: columns, bars and flows."""
