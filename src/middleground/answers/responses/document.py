"""The document of a response: what the public log names by its hash, and pages show."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from middleground.answers.models import Response, ResponseCitation


class Said(NamedTuple):
    """What a response says to the concern with this number."""

    concern: int
    outcome: str
    words: str


def document_of(
    response: Response,
    title: str,
    said: Iterable[Said],
    citations: Iterable[ResponseCitation],
) -> bytes:
    """JSON in one form only, so that the same answer has the same hash."""
    content = content_of(response, title, said, citations)
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def content_of(
    response: Response,
    title: str,
    said: Iterable[Said],
    citations: Iterable[ResponseCitation],
) -> dict[str, Any]:
    """What the document says. ``title``: of the case on the day of the response."""
    case, cited = response.case, list(citations)
    return {
        "format": "middleground-response/1",
        "dialogue": case.dialogue.slug,
        "case": case.number,
        "version": response.version,
        "title": title,
        "signed": {
            "body": response.body_name,
            "post": response.post_title,
            "holder": response.holder,
        },
        "published_on": response.published_on.isoformat(),
        "resolution": response.resolution,
        "until": response.until.isoformat() if response.until else "",
        "summary": response.summary,
        "details": response.details,
        "correction": response.correction,
        "dispositions": [each._asdict() for each in sorted(said)],
        # Left out where there is nothing: so it is in documents of before there were citations.
        **({"cites": cited_numbers(cited)} if cited else {}),
    }


def cited_numbers(citations: Iterable[ResponseCitation]) -> dict[str, list[int]]:
    """The numbers of the claims and of the sources on which a response rests."""
    cited = list(citations)
    return {
        "claims": sorted(each.claim.number for each in cited if each.claim),
        "sources": sorted(each.source.number for each in cited if each.source),
    }
