"""Storing what a file says of bodies, posts and terms, by the rules of the verbs."""
