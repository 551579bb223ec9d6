"""Whether two sources are the same."""

from __future__ import annotations

import hashlib

from middleground.texts.normalise import dedup_hash


def identity_of(title: str, authors: str, published: str, doi: str) -> str:
    """A hash that is equal for two entries of the same source.

    By the DOI where there is one, otherwise by title, year and authors without their spelling.
    """
    if doi:
        return hashlib.sha256(f"doi:{doi.lower()}".encode()).hexdigest()
    parts = (dedup_hash(title), published[:4], dedup_hash(authors))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
