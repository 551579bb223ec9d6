"""Retention, and the register of what is stored."""
