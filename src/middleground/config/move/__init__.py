"""Moving all data between SQLite and PostgreSQL: ``middleground move-to ADDRESS``.

The source is ``default``, as the settings name it, and is never written. The target is a second
connection, and all that is written there is one transaction (see docs/decisions).
"""
