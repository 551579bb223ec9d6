"""A page as it is kept: its bytes in each encoding, and what it was made from."""

from __future__ import annotations

import gzip
import struct
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from math import inf

import brotli

from middleground.core import changes
from middleground.core.page_cache.marks import OwnParts, PagePiece

Headers = list[tuple[bytes, bytes]]

BROTLI_QUALITY = 5  # higher ones take ten times as long for some per cent
UNTOLD_SECONDS = 1.0  # so long is a page trusted that other processes may have changed unnoticed
GZIP_LEVEL = 6
SHORTEST_COMPRESSED = 400  # bytes


@dataclass(frozen=True, slots=True)
class PageBody:
    """The bytes of one encoding with their headers, and these as HTTP/1.1 writes them."""

    headers: Headers
    content: bytes
    head: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        lines = b"".join(b"%b: %b\r\n" % pair for pair in self.headers)
        object.__setattr__(self, "head", lines + b"\r\n")


@dataclass(slots=True)
class CachedPage:
    """A page as Django gave it, which is compressed when this is made, and what it was made from.

    ``kept`` is False for an answer that is given once, such as an error. A page without own parts
    is in one piece, which is not kept beside its bodies.
    """

    status: int
    headers: Headers  # without those of the body
    pieces: tuple[PagePiece, ...]
    cookies: frozenset[str] = frozenset()  # a visitor with one of these gets another page
    own: tuple[str, OwnParts] | None = None
    tables: frozenset[str] = frozenset()
    version: int = 0
    until: float = inf
    kept: bool = True
    etag: bytes = b""  # empty: the hash of the content
    made: float = field(default_factory=time.monotonic)
    bodies: Mapping[str, PageBody] = field(init=False)  # by encoding: "br", "gzip", ""
    not_modified: PageBody = field(init=False)
    # The pieces that are the same for all, compressed one by one.
    deflated: tuple[bytes, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        content = b"".join(piece.html for piece in self.pieces)
        # Weak, since it is the same for all encodings (RFC 9110, 8.8.1).
        self.etag = self.etag or b'W/"%b"' % blake2b(content, digest_size=12).hexdigest().encode()
        headers = [*self.headers, (b"etag", self.etag)]
        self.not_modified = PageBody(headers, b"")
        self.bodies = {
            encoding: PageBody([*headers, *_coding(encoding), _length(body)], body)
            for encoding, body in _encoded(content).items()
        }
        if self.own is None or len(self.pieces) == 1:
            self.own, self.pieces = None, ()
        self.deflated = tuple(b"" if each.name else _deflated(each.html) for each in self.pieces)

    def is_valid(self) -> bool:
        """Whether nothing of what the page shows has changed since it was made."""
        return (
            changes.version(self.tables) == self.version
            and time.time() < self.until
            and (changes.are_told(self.tables) or time.monotonic() < self.made + UNTOLD_SECONDS)
        )

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        once = sum(len(body.content) for body in self.bodies.values())
        return once + sum(map(len, self.deflated)) + sum(len(piece.html) for piece in self.pieces)

    def body_for(self, accepted: bytes) -> PageBody:
        """The smallest body that the visitor's ``Accept-Encoding`` allows."""
        for encoding, body in self.bodies.items():
            if encoding and _accepts(accepted, encoding.encode()):
                return body
        return self.bodies[""]

    def body_with(self, parts: Mapping[str, str], accepted: bytes) -> PageBody:
        """The page with somebody's own parts, which nobody else may keep."""
        own = {name: html.encode() for name, html in parts.items()}
        filled = [own.get(piece.name, piece.html) for piece in self.pieces]
        headers = [pair for pair in self.bodies[""].headers if pair[0] not in _OF_THE_KEPT_BODY]
        headers.append((b"cache-control", b"private, no-store"))
        content = b"".join(filled)
        if self.deflated and _accepts(accepted, b"gzip"):
            content = self._gzipped(filled, content)
            headers.append((b"content-encoding", b"gzip"))
        return PageBody([*headers, _length(content)], content)

    def _gzipped(self, filled: list[bytes], content: bytes) -> bytes:
        """A gzip file (RFC 1952) of which only the own parts are compressed now.

        Each piece is a run of DEFLATE blocks that refer to nothing before it, so the runs can be
        joined; the checksum is that of the whole.
        """
        runs = [
            _deflated(html) if piece.name else run
            for piece, html, run in zip(self.pieces, filled, self.deflated, strict=True)
        ]
        end = struct.pack("<LL", zlib.crc32(content), len(content) & 0xFFFFFFFF)
        return b"".join([_GZIP_HEAD, *runs, _LAST_BLOCK, end])


_OF_THE_KEPT_BODY = {b"etag", b"cache-control", b"content-length", b"content-encoding"}
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"  # an empty DEFLATE block that is the last


def _deflated(html: bytes) -> bytes:
    compressor = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(html) + compressor.flush(zlib.Z_FULL_FLUSH)


def _encoded(content: bytes) -> dict[str, bytes]:
    """The content by encoding, the smallest first."""
    if len(content) < SHORTEST_COMPRESSED:
        return {"": content}
    return {
        "br": brotli.compress(content, quality=BROTLI_QUALITY),
        "gzip": gzip.compress(content, GZIP_LEVEL, mtime=0),
        "": content,
    }


def _length(content: bytes) -> tuple[bytes, bytes]:
    return b"content-length", b"%d" % len(content)


def _coding(encoding: str) -> Headers:
    return [(b"content-encoding", encoding.encode())] if encoding else []


def _accepts(accepted: bytes, encoding: bytes) -> bool:
    """Whether ``Accept-Encoding`` names the encoding and does not refuse it (RFC 9110, 12.5.3)."""
    accepted = accepted.lower()
    if encoding not in accepted:  # mostly there is nothing to parse
        return False
    for entry in accepted.split(b","):
        name, _, weight = entry.partition(b";")
        if name.strip() == encoding:
            return weight.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False
