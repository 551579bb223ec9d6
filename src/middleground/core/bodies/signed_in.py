"""Whether a request comes from somebody who is signed in, asked before its body is read."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, connections
from django.http import parse_cookie


def is_signed_in(cookie: bytes) -> bool:
    """Whether the Cookie header names a session of an account. Reads one row of the database."""
    key = parse_cookie(cookie.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
    if not key:
        return False
    try:
        return SESSION_KEY in import_module(settings.SESSION_ENGINE).SessionStore(key)
    except DatabaseError:
        return False
    finally:
        connections.close_all()
