"""The desk pages on which helpers enter what people say by telephone, at the door, on paper."""
