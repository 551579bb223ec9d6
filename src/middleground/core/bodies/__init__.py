"""Bodies of requests, read whole before a thread of Django's has to do with them."""
