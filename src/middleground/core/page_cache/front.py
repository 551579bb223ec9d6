"""Answers requests for public pages from memory, in front of Django.

A page is rendered once, however many ask for it at the same time. Who has a cookie that the page
depends on gets the kept page with their own parts, if it has such, or else Django's answer. Nothing
is kept of what was made for a person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

from middleground.core.languages.reader import ReaderLanguage, reader_of, without_language
from middleground.core.page_cache.marks import Caching, caching_of
from middleground.core.page_cache.own import OwnPage, OwnPages
from middleground.core.page_cache.page import CachedPage, PageBody
from middleground.core.page_cache.render import Django, PageKey, render
from middleground.core.page_cache.store import PageStore

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

THREADS = 2
LONGEST_QUERY = 200
LONGEST_PATH = 400
# A page can become out of date while it is rendered. After so many times it is given as it is.
RENDERED_AGAIN = 3


class Answer(NamedTuple):
    """A status and the body, of which a HEAD request gets the headers alone."""

    status: int
    body: PageBody


class _Asked(NamedTuple):
    """A request for a page that may be kept."""

    key: PageKey
    reader: ReaderLanguage
    method: str
    headers: dict[bytes, bytes]
    cookies: dict[str, str]


class PageFront:
    """Answers from the store; renders what is missing in threads of its own."""

    def __init__(self, django: Django, store: PageStore | None = None) -> None:
        self._django = django
        self._store = store or PageStore()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page-cache")
        self._own_pages = OwnPages()
        self._rendering: dict[PageKey, asyncio.Future[CachedPage | None]] = {}
        # Whoever has one of these may see other links, or a message, on any page.
        self._staff_cookies = frozenset({settings.SESSION_COOKIE_NAME, "messages"})

    def stop(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._own_pages.stop()

    async def answered(self, scope: Scope, send: Send) -> bool:
        """Answer if this is a request for a page that may be kept; otherwise return False."""
        asked = _asked(scope)
        if asked is None:
            return False
        page = self._store.get(asked.key) or await self._page(asked.key)
        if page is None:
            return False
        answer = self._answer(page, asked) or await self._own_answer(page, asked)
        if answer is None:
            return False
        content = answer.body.content if asked.method == "GET" else b""
        start = {"status": answer.status, "headers": answer.body.headers}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": content})
        return True

    def may_be_kept(self, scope: Mapping[str, Any]) -> bool:
        """Whether this is a request for a page of which there may be a kept one."""
        return scope["method"] in ("GET", "HEAD") and _caching(scope["path"]) is not None

    def kept_answer(self, scope: Mapping[str, Any]) -> Answer | None:
        """The answer to this request if it is in memory, the same that ``answered`` would send."""
        asked = _asked(scope)
        page = self._store.get(asked.key) if asked else None
        return self._answer(page, asked) if page and asked else None

    def _answer(self, page: CachedPage, asked: _Asked) -> Answer | None:
        """The page that everyone gets; None if this visitor gets another."""
        cookies, headers = asked.cookies, asked.headers
        if cookies and not (
            self._staff_cookies.isdisjoint(cookies) and page.cookies.isdisjoint(cookies)
        ):
            return None
        if _matches(page.etag, headers.get(b"if-none-match")):
            return Answer(304, page.not_modified)
        return Answer(page.status, page.body_for(headers.get(b"accept-encoding", b"")))

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

    async def _own_answer(self, page: CachedPage, asked: _Asked) -> Answer | None:
        """The page with the visitor's own parts; None if only Django can make it."""
        cookies = asked.cookies
        if page.own is None or page.cookies & cookies.keys() != {page.own[0]}:
            return None
        if not self._staff_cookies.isdisjoint(cookies):
            return None
        accepted = asked.headers.get(b"accept-encoding", b"")
        own = OwnPage(page, cookies[page.own[0]], asked.reader, accepted)
        body = await self._own_pages.body(own)
        return None if body is None else Answer(page.status, body)


def _asked(scope: Mapping[str, Any]) -> _Asked | None:
    """What is asked for; None if it is not a page that may be kept."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    path = scope["path"]
    caching = _caching(path)
    if caching is None:
        return None
    headers = dict(scope["headers"])
    if not _is_our_host(headers.get(b"host", b"")):
        return None
    query, fragment = scope["query_string"], headers.get(b"hx-target", b"").decode("latin-1")
    cookie = headers.get(b"cookie", b"")
    reader = reader_of(headers, path)
    key = PageKey(
        path,
        _query(query, caching.query) if query and caching.query else "",
        fragment if fragment and fragment == caching.fragment else "",
        reader.code,
    )
    cookies = parse_cookie(cookie.decode("latin-1")) if cookie else {}
    return _Asked(key, reader, scope["method"], headers, cookies)


def _caching(path: str) -> Caching | None:
    return _caching_of(path) if len(path) <= LONGEST_PATH else None


@lru_cache(maxsize=5_000)
def _caching_of(path: str) -> Caching | None:
    try:
        return caching_of(resolve(without_language(path)).func)
    except Resolver404:
        return None


def _query(query: bytes, names: tuple[str, ...]) -> str:
    """The parameters of these names, in a form of their own."""
    try:
        pairs = parse_qsl(query[:LONGEST_QUERY].decode("ascii"))
    except UnicodeDecodeError:
        return ""
    return urlencode([(name, value) for name, value in pairs if name in names])


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
