"""What the log says: entries, what opens them, receipts."""
