"""Whether the addresses of sources still answer, where the host lets the machine look."""
