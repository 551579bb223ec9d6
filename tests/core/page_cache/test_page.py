"""A kept page: its encodings, its tag, its own parts; and the store's bounds."""

from __future__ import annotations

import gzip
import zlib
from math import inf

import brotli
import pytest

from middleground.core.page_cache.marks import mark_own_part, pieces_of
from middleground.core.page_cache.page import CachedPage
from middleground.core.page_cache.store import PageStore

TEXT = "Agree or disagree, with <em>dignity</em>. " * 50
HEADERS = [(b"content-type", b"text/html"), (b"cache-control", b"no-cache")]


def page(html: str = TEXT, **fields: object) -> CachedPage:
    values = {"status": 200, "headers": HEADERS, "pieces": pieces_of(html.encode()), **fields}
    return CachedPage(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        (b"gzip, deflate, br, zstd", b"br"),
        (b"gzip", b"gzip"),
        (b"GZIP;q=0.5", b"gzip"),
        (b"br;q=0, gzip;q=1", b"gzip"),
        (b"br; q=0.000", None),
        (b"brotli, gzippy", None),
        (b"identity", None),
        (b"", None),
    ],
)
def test_the_smallest_encoding_that_is_accepted_is_sent(
    accepted: bytes, encoding: bytes | None
) -> None:
    body = page().body_for(accepted)
    assert dict(body.headers).get(b"content-encoding") == encoding
    decode = {b"br": brotli.decompress, b"gzip": gzip.decompress, None: bytes}[encoding]
    assert decode(body.content) == TEXT.encode()
    assert dict(body.headers)[b"content-length"] == str(len(body.content)).encode()


def test_a_short_page_is_not_compressed() -> None:
    assert page("short").body_for(b"br, gzip").content == b"short"


def test_the_tag_follows_from_the_content_alone() -> None:
    assert page().etag == page(cookies=frozenset({"a"}), version=7).etag
    assert page().etag != page(TEXT + " ").etag
    assert page().etag.startswith(b'W/"')


OWN = TEXT + mark_own_part("place", "<p>Nobody’s.</p>") + TEXT + mark_own_part("pin", "") + "end"


def test_marks_are_not_sent() -> None:
    kept = page(OWN, own=("cookie", lambda _: None))
    everyones = f"{TEXT}<p>Nobody’s.</p>{TEXT}end".encode()
    assert kept.body_for(b"").content == everyones
    assert gzip.decompress(kept.body_for(b"gzip").content) == everyones


@pytest.mark.parametrize("parts", [{}, {"pin": "<b>Here</b>"}, {"pin": "é" * 9_000, "place": ""}])
def test_own_parts_are_filled_in_and_kept_nowhere(parts: dict[str, str]) -> None:
    kept = page(OWN, own=("cookie", lambda _: None))
    filled = f"{TEXT}{parts.get('place', '<p>Nobody’s.</p>')}{TEXT}{parts.get('pin', '')}end"
    plain, packed = kept.body_with(parts, b""), kept.body_with(parts, b"br, gzip")
    assert plain.content == filled.encode()
    assert gzip.decompress(packed.content) == filled.encode()
    # Whoever reads a stream of one member, as browsers do, gets all of it.
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert reader.decompress(packed.content) == filled.encode()
    assert reader.eof
    assert reader.unused_data == b""
    for body in (plain, packed):
        headers = dict(body.headers)
        assert headers[b"cache-control"] == b"private, no-store"
        assert b"etag" not in headers
        assert headers[b"content-length"] == str(len(body.content)).encode()


def test_words_that_look_like_a_mark_are_text() -> None:
    html = TEXT + "<!--[a-->x<!--b]-->" + TEXT
    assert [piece.html for piece in pieces_of(html.encode())] == [html.encode()]


def test_the_store_drops_what_was_not_asked_for_longest() -> None:
    size = page().size + 2_000
    store = PageStore(3 * size)
    for name in "abc":
        store.put(name, page())
    assert store.get("a") is not None
    store.put("d", page())
    assert [store.get(name) is not None for name in "abcd"] == [True, False, True, True]
    store.put("d", page())  # the same again takes no more room
    assert len(store) == 3
    store.clear()
    for name in "abc":
        store.put(name, page())
    assert len(store) == 3


def test_the_store_takes_no_error_and_nothing_huge() -> None:
    store = PageStore()
    store.put("error", page(kept=False))
    store.put("huge", page("x" * 4_000_001))
    store.put("old", page(until=0.0))
    assert store.get("error") is store.get("huge") is store.get("old") is None
    store.put("new", page(until=inf))
    assert store.get("new") is not None
