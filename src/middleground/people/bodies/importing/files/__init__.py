"""The bytes of a file as what it says of bodies, posts and terms. Pure: no database, no clock."""
