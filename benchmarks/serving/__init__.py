"""A real server on loopback, what it serves, and what asks it: shared by benchmarks over HTTP."""
