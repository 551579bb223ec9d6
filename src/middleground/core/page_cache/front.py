"""Answers requests for public pages from memory, in front of Django.

A page is rendered once, however many ask for it at the same time. Who has a cookie that the page
depends on gets the kept page with their own parts, if it has such, or else Django's answer. Nothing
is kept of what was made for a person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve
from django.utils.translation import override

from middleground.core.page.language import language_of
from middleground.core.page_cache import urgent
from middleground.core.page_cache.marks import Caching, caching_of
from middleground.core.page_cache.page import Body, CachedPage
from middleground.core.page_cache.render import Django, PageKey, render
from middleground.core.page_cache.store import PageStore
from middleground.core.page_cache.urgent import Turns

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

THREADS = 2
LONGEST_QUERY = 200
LONGEST_PATH = 400
# A page can become out of date while it is rendered. After so many times it is given as it is.
RENDERED_AGAIN = 3
OWN_WAIT_SECONDS = 0.005  # so long does a participant's page wait for votes that are being stored
_END = {"type": "http.response.body", "body": b""}


class PageFront:
    """Answers from the store; renders what is missing in threads of its own."""

    def __init__(self, django: Django, store: PageStore | None = None) -> None:
        self._django = django
        self._store = store or PageStore()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page-cache")
        self._turns = Turns(urgent.votes)
        self._rendering: dict[PageKey, asyncio.Future[CachedPage | None]] = {}
        # Whoever has one of these may see other links, or a message, on any page.
        self._staff_cookies = frozenset({settings.SESSION_COOKIE_NAME, "messages"})

    def stop(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    async def answered(self, scope: Scope, send: Send) -> bool:
        """Answer if this is a request for a page that may be kept; otherwise return False."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return False
        headers = dict(scope["headers"])
        if not _is_our_host(headers.get(b"host", b"")):
            return False
        key = _key(scope, headers)
        if key is None:
            return False
        page = self._store.get(key) or await self._page(key)
        if page is None:
            return False
        cookies = _cookies(headers.get(b"cookie", b""))
        if cookies and not cookies.keys().isdisjoint(self._staff_cookies):
            return False
        if cookies and not page.cookies.isdisjoint(cookies):
            body = await self._own_body(page, cookies, headers, key)
            if body is None:
                return False
            await _send(send, page.status, body, scope["method"])
        elif _matches(page.etag, headers.get(b"if-none-match")):
            await _start(send, 304, page.not_modified)
            await send(_END)
        else:
            body = page.body_for(headers.get(b"accept-encoding", b""))
            await _send(send, page.status, body, scope["method"])
        self._turns.give_way()
        return True

    async def _page(self, key: PageKey) -> CachedPage | None:
        """A page that is up to date, rendered by the first who asks."""
        page = None
        for _ in range(RENDERED_AGAIN):
            rendering = self._rendering.get(key)
            if rendering is None:
                rendering = asyncio.ensure_future(self._render(key))
                self._rendering[key] = rendering
            # Shielded: if one visitor goes away, the others still wait.
            page = await asyncio.shield(rendering)
            if page is None or page.is_valid():
                break
        return page

    async def _render(self, key: PageKey) -> CachedPage | None:
        loop = asyncio.get_running_loop()
        try:
            page = await loop.run_in_executor(self._threads, render, self._django, key)
        finally:
            del self._rendering[key]
        if page is not None:
            self._store.put(key, page)
        return page

    async def _own_body(
        self, page: CachedPage, cookies: dict[str, str], headers: dict[bytes, bytes], key: PageKey
    ) -> Body | None:
        """The page with the visitor's own parts; None if only Django can make it."""
        if page.own is None or page.cookies & cookies.keys() != {page.own[0]}:
            return None
        accepted = headers.get(b"accept-encoding", b"")
        make = partial(_fill, page, cookies[page.own[0]], accepted, key.language)
        return await asyncio.get_running_loop().run_in_executor(self._threads, make)


def _fill(page: CachedPage, cookie: str, accepted: bytes, language: str) -> Body | None:
    assert page.own is not None
    urgent.votes.give_way(OWN_WAIT_SECONDS)
    close_old_connections()  # as before each request of Django's
    try:
        with override(language):
            parts = page.own[1](cookie)
    except DatabaseError:
        return None  # Django tries, and has a page for what goes wrong
    return page.body_for(accepted) if parts is None else page.body_with(parts, accepted)


def _key(scope: Scope, headers: dict[bytes, bytes]) -> PageKey | None:
    """What the page is kept under; None if the address is not one of a page that may be kept."""
    path = scope["path"]
    caching = _caching(path) if len(path) <= LONGEST_PATH else None
    if caching is None:
        return None
    query, fragment = scope["query_string"], headers.get(b"hx-target", b"").decode("latin-1")
    language = language_of(headers.get(b"cookie", b""), headers.get(b"accept-language", b""))
    return PageKey(
        path,
        _query(query, caching.query) if query and caching.query else "",
        fragment if fragment and fragment == caching.fragment else "",
        language,
    )


@lru_cache(maxsize=5_000)
def _caching(path: str) -> Caching | None:
    try:
        return caching_of(resolve(path).func)
    except Resolver404:
        return None


def _query(query: bytes, names: tuple[str, ...]) -> str:
    """The parameters of these names, in a form of their own."""
    try:
        pairs = parse_qsl(query[:LONGEST_QUERY].decode("ascii"))
    except UnicodeDecodeError:
        return ""
    return urlencode([(name, value) for name, value in pairs if name in names])


def _cookies(header: bytes) -> dict[str, str]:
    if not header:
        return {}
    pairs = (pair.partition("=") for pair in header.decode("latin-1").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


@lru_cache(maxsize=1_000)
def _is_our_host(host: bytes) -> bool:
    """Whether Django would answer this host; it refuses others."""
    domain, _ = split_domain_port(host.decode("latin-1").lower())
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _matches(etag: bytes, given: bytes | None) -> bool:
    """Whether ``If-None-Match`` names this tag, by weak comparison (RFC 9110, 13.1.2)."""
    if given is None:
        return False
    if given.strip() == b"*":
        return True
    plain = etag.removeprefix(b"W/")
    return any(each.strip().removeprefix(b"W/") == plain for each in given.split(b","))


async def _start(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _send(send: Send, status: int, body: Body, method: str) -> None:
    await _start(send, status, body.headers)
    await send({"type": "http.response.body", "body": body.content if method == "GET" else b""})
