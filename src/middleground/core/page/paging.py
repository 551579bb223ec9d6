"""A list that is shown page by page, also where a page has several lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list. ``before`` and ``after``: the addresses of its neighbours, or empty."""

    rows: list[Any]
    number: int
    of: int
    total: int
    before: str
    after: str

    @property
    def has_others(self) -> bool:
        return self.of > 1


def list_page(
    sent: QueryDict,
    rows: QuerySet[Any, Any] | Sequence[Any],
    size: int,
    *,
    name: str = "page",
    others: Collection[str] = (),
    anchor: str = "",
) -> ListPage:
    """The page that ``name`` asks for: the first if it is no number, the last if it is too large.

    ``others``: what else an address of this page may say, and is kept in those of the neighbours.
    """
    page = Paginator(rows, size).get_page(sent.get(name))
    kept = {other: sent[other] for other in others if other != name and sent.get(other)}

    def address(number: int) -> str:
        return f"?{urlencode({**kept, name: number})}{anchor}"

    return ListPage(
        rows=list(page),
        number=page.number,
        of=page.paginator.num_pages,
        total=page.paginator.count,
        before=address(page.previous_page_number()) if page.has_previous() else "",
        after=address(page.next_page_number()) if page.has_next() else "",
    )
