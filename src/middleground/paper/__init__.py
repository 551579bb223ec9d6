"""Forms on paper: what is printed, where on the page, and how a scan is read. Pure.

Printing and reading need the optional extra ``paper``; the modules that need it say so.
"""
