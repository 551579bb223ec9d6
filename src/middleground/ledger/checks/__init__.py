"""What a folder of published files shows, one question a module."""
