"""By what the picture at an address is known, without drawing it while nothing changes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from django.db import connection

from middleground.core import changes
from middleground.core.page_cache.page import UNTOLD_SECONDS
from middleground.dialogues.results.cache import Cache
from middleground.dialogues.results.picture_files import tag_of

KEPT_TAGS = 4_000  # each takes about half a kilobyte
PictureKey = tuple[str, str]  # path and language


@dataclass(frozen=True, slots=True)
class KnownTag:
    """The tag of a picture, and what the picture was made from."""

    tag: str
    tables: frozenset[str]
    version: int
    until: float
    made: float = field(default_factory=time.monotonic)

    def is_valid(self) -> bool:
        return (
            changes.version(self.tables) == self.version
            and time.time() < self.until
            and (changes.are_told(self.tables) or time.monotonic() < self.made + UNTOLD_SECONDS)
        )


_tags: Cache[PictureKey, KnownTag] = Cache(KEPT_TAGS)


def known_tag(key: PictureKey) -> str | None:
    """The tag, or None if the picture was not made yet, or may have changed since.

    In a transaction nothing is known, since what it wrote has no new version before its end.
    """
    found = None if connection.in_atomic_block else _tags.kept(key)
    return found.tag if found and found.is_valid() else None


def made_and_known(key: PictureKey, make: Callable[[], str]) -> tuple[str, str]:
    """The SVG and its tag, which is known from now on."""
    with changes.reads_noted() as reads:
        # Before anything is read: a change meanwhile makes the tag out of date.
        before = changes.all_versions()
        svg = make()
    tag, tables = tag_of(svg), frozenset(reads.tables)
    until = reads.until.timestamp() if reads.until else inf
    if not connection.in_atomic_block and not reads.cookies:
        _tags.put(key, KnownTag(tag, tables, before.of(tables), until))
    return svg, tag
