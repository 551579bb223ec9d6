"""Find a page in a picture, and lay it flat in even light."""
