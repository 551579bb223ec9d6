"""What posts of bodies say in threads: which may, how it is signed and logged."""
