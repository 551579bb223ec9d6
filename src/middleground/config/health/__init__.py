"""Whether this installation can do what it is for: the address for probes, and a look at damage."""
