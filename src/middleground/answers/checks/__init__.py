"""The resident check: asked of those who raised a matter, then of anyone; counted and published."""
