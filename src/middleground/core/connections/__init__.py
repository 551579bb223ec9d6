"""Connections whose other end is slow: how long they are waited for, and how many are held."""
