"""Votes in partitions, and who works on them: in memory, from files, or on several machines."""
