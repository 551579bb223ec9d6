"""Sources as CSL-JSON items, which the formatter and the export use."""

from __future__ import annotations

from typing import Any

from middleground.evidence.models import Source

CSL_TYPES = {
    Source.Kind.REPORT: "report",
    Source.Kind.STUDY: "article-journal",
    Source.Kind.SURVEY: "report",
    Source.Kind.LAW: "legislation",
    Source.Kind.DATASET: "dataset",
    Source.Kind.TESTIMONY: "interview",
    Source.Kind.NEWS: "article-newspaper",
}


def csl_item(source: Source, key: str) -> dict[str, Any]:
    """The source as a CSL-JSON item with this id; fields without a value are left out."""
    kind = CSL_TYPES[Source.Kind(source.kind)]
    if source.kind == Source.Kind.STUDY and not source.appeared_in:
        kind = "report"
    item: dict[str, Any] = {
        "id": key,
        "type": kind,
        "title": source.title,
        "author": [name_of(line) for line in source.authors.splitlines() if line.strip()],
        "publisher": source.publisher,
        "container-title": source.appeared_in,
        "volume": source.volume,
        "issue": source.issue,
        "page": source.pages,
        "DOI": source.doi,
        "URL": source.address,
        "language": source.language,
    }
    if source.published:
        item["issued"] = {"date-parts": [[int(part) for part in source.published.split("-")]]}
    return {name: value for name, value in item.items() if value}


def name_of(line: str) -> dict[str, str]:
    """A line of the authors: a person as "family, given", or an organisation."""
    line = line.strip()
    if line.startswith("{") and line.endswith("}"):
        return {"literal": line[1:-1]}
    family, comma, given = line.partition(",")
    if not comma or not given.strip():
        return {"literal": line}
    return {"family": family.strip(), "given": given.strip()}
