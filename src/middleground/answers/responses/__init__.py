"""What a post answers: drafts, versions, dispositions, and their records in the public log."""
