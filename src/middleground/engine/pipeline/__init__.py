"""Shared steps of a map: information on the sample, counts by tier, and the facts."""
