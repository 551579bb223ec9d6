"""Pages about bodies: of the public, of staff who keep the list, and of officials."""
