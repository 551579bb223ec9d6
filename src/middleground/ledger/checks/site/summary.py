"""Do the sentences at the top of the results say what the final map says?

They are the part of the page that most people read, so they are compared word by word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from middleground.ledger.checks.site.html_tables import HtmlPage, as_shown

EVERYONE = "all"  # the population of a map without groups
SHARED, SPLIT = "summary-shared", "summary-split"
Told = Callable[[dict[str, float | None] | None], str]


def has_sentences(page: HtmlPage) -> bool:
    return any(page.marked.get(name) for name in (SHARED, SPLIT))


def other_sentences(
    page: HtmlPage,
    document: dict[str, Any],
    words: Mapping[int, str],
    told: Told,
    *,
    names_withheld: bool = True,
) -> Iterator[str]:
    """What is wrong; ``told`` writes a share as the page does, ``words`` are those logged.

    ``names_withheld``: whether the page says of a group that its share is withheld. Pages of
    earlier versions left it out. A page without any of the sentences is of a yet earlier version;
    the caller says that.
    """
    if not has_sentences(page):
        return
    divided = document["status"] == "groups"
    for name, key in ((SHARED, "middle_ground"), (SPLIT, "divisive")):
        sentences = page.marked.get(name, [])
        wanted = _sentence(name, divided, document, key, words, told, names_withheld)
        if len(sentences) != 1:
            yield f"it has {len(sentences)} sentences in place of one: “{wanted[0]}”"
        elif not (sentences[0].startswith(wanted[0]) and sentences[0].endswith(wanted[1])):
            yield f"it says “{sentences[0]}”, and not “{' … '.join(filter(None, wanted))}”"


def _sentence(
    name: str,
    divided: bool,
    document: dict[str, Any],
    key: str,
    words: Mapping[int, str],
    told: Told,
    names_withheld: bool,
) -> tuple[str, str]:
    """How the sentence begins and how it ends; between them are words that were removed."""
    found = document[key] if divided or name == SHARED else []
    begins = _begins(name, divided, len(found))
    if not found:
        return begins, ""
    items = {item["number"]: item for item in document["statements"]}
    labels = [group["label"] for group in document["groups"]] if divided else [EVERYONE]
    first = found[0]
    shares = items[first]["shares"]
    named = [label for label in labels if shares.get(label) or (shares and names_withheld)]
    figures = ", ".join(
        f"{label} {told(shares.get(label))}" if divided else told(shares.get(label))
        for label in named
    )
    ends = f" ({figures})" if figures else ""
    text = words.get(first)
    return (begins, ends) if text is None else (f"{begins} {as_shown(text)}{ends}", ends)


def _begins(name: str, divided: bool, count: int) -> str:
    if name == SHARED:
        if not count:
            return "No statement is surely shared by everyone."
        who = "Every group agrees" if divided else "Most people agree"
        return f"{who} with {_counted(count, 'surely with')}"
    if not divided:
        return "The votes do not divide people into groups that vote alike."
    if not count:
        return "No statement surely divides the groups."
    return f"The groups disagree on {_counted(count, 'of all on')}"


def _counted(count: int, most: str) -> str:
    if count == 1:
        return "1 statement:"
    return f"{count} statements, most {most} this one:"
