"""The reference to a dialogue's figures, in the formats in which sources are given out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from middleground.dialogues.results.citing.citation import Cited
from middleground.evidence.exchange.bibtex import write_bibtex
from middleground.evidence.exchange.csl_json import write_csl_json
from middleground.evidence.exchange.ris import write_ris
from middleground.evidence.models import Source


@dataclass(frozen=True, slots=True)
class Reference:
    """``key`` is for the element's id."""

    key: str
    name: str
    text: str


def on_citing(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Below the reference in words on a page of a dialogue."""
    cited = page.get("cited")
    return {"references": list(references_to(cited))} if isinstance(cited, Cited) else None


def references_to(cited: Cited) -> Iterator[Reference]:
    """As a data set by the host. Whoever has ``read_file`` reads them back as a source."""
    source = Source(
        number=1,
        kind=Source.Kind.DATASET,
        title=cited.title,
        # A line with a comma would be a person, unless it is in braces.
        authors=f"{{{cited.host}}}" if "," in cited.host else cited.host,
        published=f"{cited.day:%Y-%m-%d}",
        address=cited.address,
        evidence=Source.Evidence.OTHER,
    )
    written = (
        ("bibtex", "BibTeX", write_bibtex([source])),
        ("ris", "RIS", write_ris([source]).removeprefix("1.\n")),  # it numbers references
        ("csl", "CSL-JSON", write_csl_json([source])),
    )
    for key, name, text in written:
        yield Reference(key, name, text.replace("source1", cited.key, 1).strip())
