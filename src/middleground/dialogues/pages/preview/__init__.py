"""A dialogue before it opens, as people will see it: for staff, and by a link with a password."""
