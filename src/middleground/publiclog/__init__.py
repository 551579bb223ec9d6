"""The public log of an installation: its tables, its key, its growth and its witnesses.

Apps above append records and register sources of sealed leaves; this app imports none of them.
"""
