"""Votes as arrays: canonical order, compressed rows, shards, rounding."""
