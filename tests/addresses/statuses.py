"""The expected status of every address for each role: the table in ``statuses.txt``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.http.response import HttpResponseBase

from addresses.walking import ROLES, Site, address

TABLE = Path(__file__).with_name("statuses.txt")
METHODS = ("GET", "POST", "PUT")
OTHERS = ("HEAD", "PATCH", "DELETE", "OPTIONS")
Row = tuple[str, ...]  # for each of METHODS, the statuses of the roles


def read_table() -> dict[str, Row]:
    rows = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            route, *cells = (part.strip() for part in line.split(" | "))
            assert route not in rows, f"{route} stands in the table twice"
            rows[route] = tuple(cells)
    return rows


def expected(row: Row, role: str) -> list[str]:
    """The role's column; a cell has one status for everyone, or one for each role."""
    columns = [cell.split() for cell in row]
    return [cell[0] if len(cell) == 1 else cell[ROLES.index(role)] for cell in columns]


def answers(site: Site, route: str, role: str, methods: Row) -> Iterator[HttpResponseBase]:
    """The statuses of the route for the role, by method."""
    for method in methods:
        cache.clear()  # otherwise the third sign-in would exceed the limit
        with site.client(role) as client:
            response: Any = client.generic(method, address(route, site))
            if response.streaming:
                response.getvalue()  # reads the file to its end and closes it
            yield response


def line(route: str, found: dict[str, list[str]]) -> str:
    """The table's row if all statuses found were right."""
    columns = zip(*(found[role] for role in ROLES), strict=True)
    cells = [cell[0] if len(set(cell)) == 1 else " ".join(cell) for cell in columns]
    return " | ".join((route, *cells))
