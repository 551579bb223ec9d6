"""Pages of sources and claims."""
