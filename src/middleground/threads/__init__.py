"""Comments: what people say for and against a statement, and in answer to each other."""
