"""Opinion maps: when one is due, from which votes, computed and published."""
