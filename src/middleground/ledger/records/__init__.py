"""The records of the log: entries, the openings of sealed entries, and receipts."""
