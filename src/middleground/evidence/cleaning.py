"""Cleans and checks what is written about a source, and tells whether two are the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from middleground.core.languages.typed import plain
from middleground.evidence.models import Source
from middleground.texts.normalise import normalise
from middleground.texts.sameness import has_words, near_hash

# What staff write about a source; everything else follows from it.
FIELDS = (
    "kind", "title", "authors", "publisher", "published", "appeared_in", "volume", "issue", "pages",
    "doi", "address", "language", "evidence", "funding",
)  # fmt: skip
_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_DOI_ALONE = re.compile(r"10\.\d{4,9}/\S+")
_BY_NAME = {field.name: field for field in Source._meta.fields}


def clean_source(given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The cleaned values of all fields, and what is wrong with each that cannot be stored."""
    values: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name in FIELDS:
        lines = [normalise(line) for line in given.get(name, "").splitlines()]
        joined = "\n" if name == "authors" else " "
        values[name] = joined.join(line for line in lines if line)
        if name == "published":
            values[name] = plain(values[name])
        if name == "doi":
            values[name] = _DOI.sub("", values[name])
        try:
            _BY_NAME[name].clean(values[name], None)
        except ValidationError as wrong:
            problems[name] = " ".join(wrong.messages)
    if not has_words(values["title"]):
        problems["title"] = _("Write its title.")
    return values, problems


def doi_in(address: str) -> str:
    """The DOI that is all of an address, however it is written; empty if it is another address."""
    bare = _DOI.sub("", address)
    return bare if _DOI_ALONE.fullmatch(bare) else ""


def identity_of(title: str, authors: str, published: str, doi: str) -> str:
    """A hash that is equal for two entries of the same source.

    By the DOI where there is one, otherwise by title, year and authors without their spelling.
    """
    if doi:
        return hashlib.sha256(f"doi:{doi.lower()}".encode()).hexdigest()
    parts = (near_hash(title), published[:4], near_hash(authors))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
