"""What everyone gets alike: feeds, calendars, and a sheet to print."""
