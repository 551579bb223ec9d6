"""The public log of an installation: its tables, its key, its publication and its witnesses.

Other apps append records and register sources of sealed leaves; this app imports none of them.
"""
