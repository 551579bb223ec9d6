"""A connection to PostgreSQL outside of Django's, for what must last as long as the process.

Its end must be noticed within seconds on both sides, also when a machine or a cable fails without a
word, so TCP probes it while it is idle.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    import psycopg

# Probes after 3 idle seconds, then two more at intervals of 2 seconds.
_IDLE, _INTERVAL, _COUNT = 3, 2, 2
UNACKNOWLEDGED_MS = 7_000
CONNECT_SECONDS = 5


def on_postgresql() -> bool:
    """Whether several processes can share the database."""
    return connection.vendor == "postgresql"


def own_connection(purpose: str) -> psycopg.Connection:
    """Connect to the database in autocommit mode. Raises ``psycopg.Error``."""
    import psycopg  # not loaded on SQLite

    settings = connection.settings_dict
    own = psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        application_name=f"middleground {purpose} {os.getpid()}",
        connect_timeout=CONNECT_SECONDS,
        keepalives=1,
        keepalives_idle=_IDLE,
        keepalives_interval=_INTERVAL,
        keepalives_count=_COUNT,
        tcp_user_timeout=UNACKNOWLEDGED_MS,
        autocommit=True,
    )
    try:
        # The same for the database's side, so that it frees what a vanished machine held.
        for name, value in (
            ("tcp_keepalives_idle", _IDLE),
            ("tcp_keepalives_interval", _INTERVAL),
            ("tcp_keepalives_count", _COUNT),
            ("tcp_user_timeout", UNACKNOWLEDGED_MS),
        ):
            own.execute("SELECT set_config(%s, %s, false)", (name, str(value)))
    except BaseException:
        own.close()
        raise
    return own
