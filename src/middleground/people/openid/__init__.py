"""Sign-in of officials through their body's own service, by OpenID Connect."""
