"""Sources and claims as schema.org items in JSON-LD.

A ``script`` element of this type is data: no browser runs it, so the Content-Security-Policy does
not apply to it.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from middleground.core.site_files.canonical import absolute
from middleground.evidence.exchange.csl import name_of
from middleground.evidence.models import Claim, Source

_TYPES = {
    Source.Kind.REPORT: "Report",
    Source.Kind.STUDY: "ScholarlyArticle",
    Source.Kind.SURVEY: "Report",
    Source.Kind.LAW: "Legislation",
    Source.Kind.DATASET: "Dataset",
    Source.Kind.TESTIMONY: "CreativeWork",
    Source.Kind.NEWS: "NewsArticle",
}
_ESCAPED = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def script_of(item: dict[str, Any]) -> SafeString:
    """The item as a script element."""
    whole = {"@context": "https://schema.org", **item}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
    return mark_safe(  # noqa: S308 -- nothing that ends the element is left in it
        f'<script type="application/ld+json">{text}</script>'
    )


def source_item(source: Source) -> dict[str, Any]:
    """A source; fields without a value are left out."""
    item = {
        "@type": _TYPES[Source.Kind(source.kind)],
        "@id": absolute(source.get_absolute_url()),
        "name": source.title,
        "author": [_person(line) for line in source.authors.splitlines() if line.strip()],
        "publisher": {"@type": "Organization", "name": source.publisher}
        if source.publisher
        else None,
        "datePublished": source.published,
        "inLanguage": source.language,
        "url": source.address,
        "sameAs": f"https://doi.org/{source.doi}" if source.doi else None,
        "funder": {"@type": "Organization", "name": source.funding} if source.funding else None,
    }
    return {name: value for name, value in item.items() if value}


def claim_item(claim: Claim, sources: list[Source]) -> dict[str, Any]:
    """A claim, and what it is discussed in, on whichever side."""
    item: dict[str, Any] = {
        "@type": "Claim",
        "@id": absolute(claim.get_absolute_url()),
        "text": claim.text,
        "citation": [absolute(each.get_absolute_url()) for each in sources],
    }
    return {name: value for name, value in item.items() if value}


def _person(line: str) -> dict[str, str]:
    name = name_of(line)
    if "literal" in name:
        return {"@type": "Organization", "name": name["literal"]}
    return {"@type": "Person", "familyName": name["family"], "givenName": name["given"]}
