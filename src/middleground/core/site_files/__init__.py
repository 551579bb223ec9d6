"""Files for programs that visit the site, at the addresses where those look for them."""
