"""Staff sign-in: the allauth adapter, and middleware for sessions and caches."""
