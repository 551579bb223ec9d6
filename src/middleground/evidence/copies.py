"""The store of archived copies: files in a folder, each named by the SHA-256 of its bytes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path

from django.conf import settings

from middleground.core.durable import create_once

MOST_BYTES = 2_500_000  # a request of staff has at most 3 MB, with what the form adds
UNUSED_SECONDS = 3_600  # so old is a file that no source names, before it is deleted
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml")
_LOOKED_AT = 2_000  # bytes


@dataclass(frozen=True, slots=True)
class CopyType:
    """A type of file, how its name ends, and as what it is sent."""

    name: str
    ending: str
    sent_as: str


PDF = CopyType("PDF", "pdf", "application/pdf")
PNG = CopyType("PNG", "png", "image/png")
JPEG = CopyType("JPEG", "jpg", "image/jpeg")
TEXT = CopyType("text", "txt", "text/plain; charset=utf-8")
# As no type that a browser would show, however it was asked for.
HTML = CopyType("HTML", "html", "application/octet-stream")
TYPES = {each.ending: each for each in (PDF, PNG, JPEG, TEXT, HTML)}


def type_of(content: bytes) -> CopyType | None:
    """The type by the content alone; None if it is none of those that are archived."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not text.strip() or any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text):
        return None
    beginning = content[:_LOOKED_AT].lower()
    return HTML if any(mark in beginning for mark in _HTML) else TEXT


def store(content: bytes) -> str:
    """Write the content durably, unless it is there, and return its hash."""
    digest = sha256(content).hexdigest()
    if not sound(digest):
        path_of(digest).unlink(missing_ok=True)
        create_once(path_of(digest), content)
    return digest


def path_of(digest: str) -> Path:
    return Path(settings.COPIES) / digest


def sound(digest: str) -> bool:
    """Whether the file is there and has this hash."""
    try:
        with path_of(digest).open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == digest
    except OSError:
        return False


def delete_unused(used: set[str]) -> int:
    """Delete files that are not among these hashes and that nobody has just stored."""
    deleted = 0
    for path in Path(settings.COPIES).glob("*"):
        if path.name not in used and time.time() - path.stat().st_mtime > UNUSED_SECONDS:
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted
