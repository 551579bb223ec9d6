"""What `middleground doctor` checks: settings, database, disk and log."""
