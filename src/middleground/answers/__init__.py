"""Concerns, cases and responses: what was raised is answered in public, or stands as unanswered."""
