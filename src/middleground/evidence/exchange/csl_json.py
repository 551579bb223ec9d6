"""CSL-JSON, the format of reference managers such as Zotero."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from middleground.evidence.exchange.csl import csl_item
from middleground.evidence.exchange.entries import (
    FileEntry,
    FileRefused,
    date_of,
    evidence_of,
    kind_of,
)
from middleground.evidence.models import Source

_KINDS = {
    "article-journal": Source.Kind.STUDY, "paper-conference": Source.Kind.STUDY,
    "thesis": Source.Kind.STUDY, "chapter": Source.Kind.STUDY, "article": Source.Kind.STUDY,
    "article-newspaper": Source.Kind.NEWS, "article-magazine": Source.Kind.NEWS,
    "broadcast": Source.Kind.NEWS, "dataset": Source.Kind.DATASET, "legislation": Source.Kind.LAW,
    "legal_case": Source.Kind.LAW, "bill": Source.Kind.LAW, "regulation": Source.Kind.LAW,
    "interview": Source.Kind.TESTIMONY, "personal_communication": Source.Kind.TESTIMONY,
}  # fmt: skip


def read_csl_json(text: str) -> Iterator[FileEntry]:
    """Every item by its place in the list. Raises ``FileRefused``."""
    try:
        items = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as wrong:
        line = getattr(wrong, "lineno", 1)
        raise FileRefused("bad_json", line=line, problem=getattr(wrong, "msg", wrong)) from None
    if isinstance(items, dict):
        items = items.get("items", [items])
    if not isinstance(items, list):
        raise FileRefused("no_list")
    for number, item in enumerate(items, start=1):
        place = _("entry %(number)d") % {"number": number}
        try:
            yield FileEntry(place, _values(item))
        except (AttributeError, TypeError, IndexError, KeyError, ValueError):
            yield FileEntry(place, problem=_("It is not a CSL-JSON entry."))


def _values(item: dict[str, Any]) -> dict[str, str]:
    def text(name: str) -> str:
        value = item.get(name, "")
        if isinstance(value, list | dict):
            raise TypeError(name)
        return "" if value is None else str(value)

    custom = item.get("custom") or {}
    return {
        "kind": kind_of(str(custom.get("kind", "")), _KINDS.get(text("type"), Source.Kind.REPORT)),
        "title": text("title"),
        "authors": "\n".join(_author(name) for name in item.get("author", [])),
        "publisher": text("publisher"),
        "published": _date(item.get("issued")),
        "appeared_in": text("container-title"),
        "volume": text("volume"),
        "issue": text("issue"),
        "pages": text("page").replace("--", "–"),
        "doi": text("DOI"),
        "address": text("URL"),
        "language": text("language"),
        "evidence": evidence_of(str(custom.get("evidence", ""))),
        "funding": str(custom.get("funding", "")),
    }


def _author(name: dict[str, str]) -> str:
    if name.get("literal"):
        literal = name["literal"]
        return f"{{{literal}}}" if "," in literal else literal
    family = " ".join(
        part for part in (name.get("non-dropping-particle"), name.get("family")) if part
    )
    given = " ".join(part for part in (name.get("given"), name.get("dropping-particle")) if part)
    return f"{family}, {given}" if given else family


def _date(issued: Any) -> str:
    if not issued:
        return ""
    if issued.get("date-parts"):
        return date_of(*issued["date-parts"][0][:3])
    return str(issued.get("raw") or issued.get("literal") or "")[:10]


def write_csl_json(sources: Sequence[Source]) -> str:
    items = []
    for source in sources:
        custom = {"kind": source.kind, "evidence": source.evidence, "funding": source.funding}
        kept = {name: value for name, value in custom.items() if value}
        items.append({**csl_item(source, f"source{source.number}"), "custom": kept})
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"
