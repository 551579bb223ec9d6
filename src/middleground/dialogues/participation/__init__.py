"""Admission of participants, and deletion of their own votes and statements."""
