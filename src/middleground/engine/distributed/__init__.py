"""Votes in partitions, and executors for them: in memory, in files, or on several machines."""
