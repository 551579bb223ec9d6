"""Which listed sources a proposal may be the same as."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from middleground.dialogues.models import Dialogue
from middleground.evidence.models import Source
from middleground.texts.sameness import near_hash

MOST_SHOWN = 3


def listed_alike(dialogue: Dialogue, parts: Mapping[str, str]) -> list[Source]:
    """Listed sources with the same address, DOI or title, spelling aside; the first few."""
    wanted = _keys(parts.get("title", ""), parts.get("address", ""), parts.get("doi", ""))
    shown = dialogue.sources.filter(withdrawn="").order_by("number")
    rows = shown.values_list("pk", "title", "address", "doi")
    alike = [pk for pk, *words in rows.iterator() if wanted & _keys(*words)]
    found = list(shown.filter(pk__in=alike[:MOST_SHOWN]))
    for source in found:
        source.dialogue = dialogue
    return found


def _keys(title: str, address: str, doi: str) -> set[str]:
    keys = {f"title {near_hash(title)}" if title else "", f"doi {doi.lower()}" if doi else ""}
    if address:
        where = urlsplit(address)
        host = (where.hostname or "").removeprefix("www.")
        keys.add(f"address {host}{where.path.rstrip('/')}?{where.query}")
    return keys - {""}
