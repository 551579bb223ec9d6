"""Addresses, references and frames by which others show where a figure is from."""
