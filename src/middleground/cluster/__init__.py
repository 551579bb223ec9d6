"""Votes in parts, as Parquet files, and the machines that work on them. No Django.

``folder`` reads and writes the files; ``workers`` needs the extra ``middleground[cluster]``.
"""
