"""Campaigns: short addresses, what they lead to, and how often they are opened."""
