"""Votes in parts: Parquet files, and a Dask cluster that works on them. No Django.

``folder`` reads and writes the files; ``workers`` needs the extra ``middleground[cluster]``.
"""
