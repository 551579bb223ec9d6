"""The desk page on which staff choose the site's name, logo and accent colour."""
