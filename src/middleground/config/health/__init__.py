"""The address for probes: whether this installation can do what it is for."""
