"""Normalises submitted text, so that it is safe to store and compare, with the same meaning."""

from __future__ import annotations

import hashlib
import unicodedata

# These characters make a text look different from what it is: direction overrides and isolates,
# invisible separators, the tag block. Right-to-left languages need none of them in a sentence.
DECEPTIVE = frozenset(
    (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x2060, 0xFEFF, 0x00AD, 0x180E)
) | frozenset(range(0xE0000, 0xE0080))


def normalise(text: str) -> str:
    """NFC, single spaces between words, no control or deceptive characters."""
    kept = "".join(
        " " if unicodedata.category(character) in {"Cc", "Zl", "Zp", "Zs"} else character
        for character in text
        if ord(character) not in DECEPTIVE and unicodedata.category(character) not in {"Cs", "Co"}
    )
    return " ".join(unicodedata.normalize("NFC", kept).split())


def dedup_hash(text: str) -> str:
    """A hash shared by texts that differ only in case, width, spaces or punctuation."""
    folded = unicodedata.normalize("NFKC", normalise(text)).casefold()
    words = "".join(
        character if unicodedata.category(character)[0] in "LNMS" else " " for character in folded
    ).split()
    return hashlib.sha256(" ".join(words).encode()).hexdigest()
