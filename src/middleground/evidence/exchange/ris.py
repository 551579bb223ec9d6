"""RIS, read and written with rispy, record by record, so that each has its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from middleground.evidence.exchange.entries import FileEntry, date_of, evidence_of, kind_of
from middleground.evidence.models import Source

_KINDS = {
    "JOUR": Source.Kind.STUDY, "CONF": Source.Kind.STUDY, "CPAPER": Source.Kind.STUDY,
    "THES": Source.Kind.STUDY, "CHAP": Source.Kind.STUDY, "NEWS": Source.Kind.NEWS,
    "MGZN": Source.Kind.NEWS, "DATA": Source.Kind.DATASET, "STAT": Source.Kind.LAW,
    "LEGAL": Source.Kind.LAW, "BILL": Source.Kind.LAW, "CASE": Source.Kind.LAW,
    "PCOMM": Source.Kind.TESTIMONY,
}  # fmt: skip
_WRITTEN = {
    Source.Kind.STUDY: "JOUR", Source.Kind.NEWS: "NEWS", Source.Kind.REPORT: "RPRT",
    Source.Kind.SURVEY: "RPRT", Source.Kind.DATASET: "DATA", Source.Kind.LAW: "STAT",
    Source.Kind.TESTIMONY: "PCOMM",
}  # fmt: skip
_TAG = re.compile(r"([A-Z][A-Z0-9])  -(?: |$)")
_COUNTED = re.compile(r"\s*\d+\.\s*")  # some programs number the records
_OURS = ("kind", "evidence", "funding")  # in C1 to C3, as "kind: survey"


def read_ris(text: str) -> Iterator[FileEntry]:
    """Every record by the line at which it begins, also those that cannot be read."""
    begin, lines = 0, list[str]()
    for number, line in enumerate(text.split("\n"), start=1):
        tag = _TAG.match(line)
        name = tag.group(1) if tag else ""
        if name == "TY":
            if lines:
                yield _bad(begin, _("The record has no last line “ER  - ”."))
            begin, lines = number, [line]
        elif not lines:
            if line.strip() and not _COUNTED.fullmatch(line):
                yield _bad(number, _("This line is outside of a record, which begins with “TY”."))
        elif name == "ER":
            yield _record(begin, [*lines, line])
            lines = []
        else:
            lines.append(line)
    if lines:
        yield _bad(begin, _("The record has no last line “ER  - ”."))


def _place(line: int) -> str:
    return _("line %(line)d") % {"line": line}


def _bad(line: int, problem: str) -> FileEntry:
    return FileEntry(_place(line), problem=problem)


def _record(begin: int, lines: list[str]) -> FileEntry:
    import rispy

    try:
        records: list[dict[str, Any]] = rispy.loads("\n".join(lines))
    except (OSError, ValueError, KeyError, IndexError) as trouble:
        return _bad(begin, _("The record cannot be read: %(why)s") % {"why": trouble})
    if len(records) != 1:
        return _bad(begin, _("The record is empty."))
    return FileEntry(_place(begin), _values(records[0]))


def _values(record: dict[str, Any]) -> dict[str, str]:
    def first(*names: str) -> str:
        for name in names:
            value = record.get(name)
            if value:
                return str(value[0] if isinstance(value, list) else value)
        return ""

    custom = [first(f"custom{number}") for number in (1, 2, 3)]
    ours = {
        name: value.removeprefix(f"{name}: ")
        for name, value in zip(_OURS, custom, strict=True)
        if value.startswith(f"{name}: ")
    }
    otherwise = _KINDS.get(first("type_of_reference"), Source.Kind.REPORT)
    authors = record.get("authors") or record.get("first_authors") or []
    date = re.split(r"[/-]", first("date", "year", "publication_year"))
    pages = "–".join(part for part in (first("start_page"), first("end_page")) if part)
    return {
        "kind": kind_of(ours.get("kind", ""), otherwise),
        "title": first("title", "primary_title"),
        "authors": "\n".join(map(str, authors)),
        "publisher": first("publisher"),
        "published": date_of(*date[:3]),
        "appeared_in": first("journal_name", "secondary_title", "alternate_title3"),
        "volume": first("volume"),
        "issue": first("number"),
        "pages": pages,
        "doi": first("doi"),
        "address": first("urls", "url"),
        "language": first("language"),
        "evidence": evidence_of(ours.get("evidence", "")),
        "funding": ours.get("funding", ""),
    }


def write_ris(sources: Sequence[Source]) -> str:
    import rispy

    return str(rispy.dumps([_record_of(source) for source in sources]))


def _record_of(source: Source) -> dict[str, Any]:
    begin, _dash, end = source.pages.partition("–")
    ours = {
        f"custom{number}": f"{name}: {getattr(source, name)}" if getattr(source, name) else ""
        for number, name in enumerate(_OURS, start=1)
    }
    record: dict[str, Any] = {
        "type_of_reference": _WRITTEN[Source.Kind(source.kind)],
        "authors": [line.strip() for line in source.authors.splitlines() if line.strip()],
        "title": source.title,
        "publisher": source.publisher,
        "year": source.year,
        "date": source.published.replace("-", "/"),
        "journal_name": source.appeared_in,
        "volume": source.volume,
        "number": source.issue,
        "start_page": begin,
        "end_page": end,
        "doi": source.doi,
        "urls": [source.address] if source.address else [],
        "language": source.language,
        **ours,
    }
    return {name: value for name, value in record.items() if value}
