"""Texts that somebody wrote: what all kinds share, appeals, and the register of the kinds."""
