"""The kept pages: those asked for most recently, up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from middleground.core.page_cache.page import CachedPage

LARGEST_STORE = 64_000_000  # bytes
LARGEST_PAGE = 4_000_000
_ENTRY = 2_000  # bytes of an entry beside its bodies, about


class PageStore:
    """Used by one thread, that of the event loop."""

    def __init__(self, size: int = LARGEST_STORE) -> None:
        self._free = size
        self._pages: OrderedDict[Hashable, CachedPage] = OrderedDict()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Hashable) -> CachedPage | None:
        """The page, or None if there is none that is up to date."""
        page = self._pages.get(key)
        if page is None:
            return None
        if not page.is_valid():
            self._drop(key)
            return None
        self._pages.move_to_end(key)
        return page

    def put(self, key: Hashable, page: CachedPage) -> None:
        self._drop(key)
        if not page.kept or page.size > LARGEST_PAGE:
            return
        self._pages[key] = page
        self._free -= page.size + _ENTRY
        while self._free < 0:
            self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        while self._pages:
            self._drop(next(iter(self._pages)))

    def _drop(self, key: Hashable) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._free += page.size + _ENTRY
