"""What staff do with sources and claims."""
