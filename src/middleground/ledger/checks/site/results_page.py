"""Does the page of the results show in its tables what the log's final map says?

Compared is the text that readers see, in English: the table of all statements with the number, the
words and the share that agrees in each group; the statements that are listed as middle ground and
as divisive; the sizes of the groups; the numbers and the sentences at the top.
Of a page that cannot be read nothing is judged, and the verdict names it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from middleground.ledger.checks.site.findings import SiteFindings
from middleground.ledger.checks.site.html_tables import HtmlPage, HtmlTable, as_shown, read_page
from middleground.ledger.checks.site.summary import has_sentences, other_sentences
from middleground.ledger.codecs.field_codecs import BadRecord

HEAD_STATEMENTS = ["No.", "Statement"]
HEAD_SIZES = ["Group", "People"]
CAPTION = "Share that agrees, passes counted"
LISTS = {"The middle ground": "middle_ground", "Where the groups disagree": "divisive"}
MOST_LISTED = 200
WITHHELD = "withheld"
ALL, EVERYONE = "All", "all"  # a map without groups: the page's column, the map's population
ADMITTED = "Admitted: "
_STEP = re.compile(r"(at least|fewer than) ([0-9][0-9,]*)( people)?")


def compare_page(data: bytes, document: dict[str, Any], words: Mapping[int, str]) -> SiteFindings:
    """Compare the page with the final map's document; ``words``: of statements, as logged.

    Raises ``BadRecord`` if the page cannot be read.
    """
    page = read_page(data)
    if page.language.split("-")[0].lower() != "en":
        raise BadRecord("it is not in English")
    found = SiteFindings()
    found.wrong += _other_numbers(page, document)
    if document["status"] == "too_little":
        if _tables(page, HEAD_STATEMENTS):
            found.wrong.append("it shows shares, and the final map is of too few votes")
        return found
    for table in _needed(page, HEAD_STATEMENTS):
        _compare_statements(table, document, words, found)
    found.wrong += _other_sentences(page, document, words)
    if not has_sentences(page):
        found.unchecked.append("the sentences at its top, which it does not have")
    found.wrong += _other_lists(page, document, words)
    if document["status"] == "groups":
        for table in _needed(page, HEAD_SIZES):
            found.wrong += _other_sizes(table, document)
    return found


def _other_sentences(
    page: HtmlPage, document: dict[str, Any], words: Mapping[int, str]
) -> list[str]:
    """What is wrong with the sentences; nothing if they are as an earlier version wrote them."""
    wrong = list(other_sentences(page, document, words, _told))
    earlier = (
        list(other_sentences(page, document, words, told, names_withheld=False))
        for told in (_told, _told_earlier)
    )
    return wrong if wrong and all(earlier) else []


def _tables(page: HtmlPage, head: list[str]) -> list[HtmlTable]:
    return [table for table in page.tables if table.header[: len(head)] == head]


def _needed(page: HtmlPage, head: list[str]) -> list[HtmlTable]:
    """The tables with this head, at least one. Raises ``BadRecord`` if one cannot be read."""
    if not (found := _tables(page, head)):
        raise BadRecord(f"it has no table with the head “{', '.join(head)}”")
    for table in found:
        if not table.problem and any(len(row) != len(table.header) for row in table.rows):
            table.problem = "the rows of a table are not equally long"
        if table.problem:
            raise BadRecord(table.problem)
    return found


def _compare_statements(
    table: HtmlTable, document: dict[str, Any], words: Mapping[int, str], found: SiteFindings
) -> None:
    if table.caption != CAPTION:
        raise BadRecord("its table of statements has another caption")
    heads = {EVERYONE: ALL}
    if document["status"] == "groups":
        heads = {group["label"]: f"Group {group['label']}" for group in document["groups"]}
    if table.header[2:] != list(heads.values()):
        found.wrong.append("its columns are not the groups of the final map")
        return
    items = {str(item["number"]): item for item in document["statements"]}
    rows = table.rows[1:]
    times = Counter(row[0] for row in rows)
    found.wrong += [f"statement {each} is not on it" for each in items if not times[each]]
    found.wrong += [f"statement {each} stands twice" for each in times if times[each] > 1]
    removed = 0
    for number, text, *shares in rows:
        if (item := items.get(number)) is None:
            found.wrong.append(f"statement {number} is not on the final map")
            continue
        logged = words.get(item["number"])
        removed += logged is None
        if logged is not None and as_shown(logged) != text:
            found.wrong.append(f"the words of statement {number} are not those that were logged")
        found.wrong += _other_shares(item, dict(zip(heads, shares, strict=True)))
    if removed:
        found.unchecked.append(f"words that the log does not show any more: {removed}")


def _other_lists(
    page: HtmlPage, document: dict[str, Any], words: Mapping[int, str]
) -> Iterator[str]:
    """The lists of findings must have the map's statements, in its order."""
    for heading, name in LISTS.items():
        if name == "divisive" and document["status"] != "groups":
            continue
        if heading not in page.findings:
            raise BadRecord(f"it has no heading “{heading}”")
        wanted = [words.get(number) for number in document[name][:MOST_LISTED]]
        shown = page.findings[heading]
        # Words that the log does not show any more may be replaced by any others.
        if len(shown) != len(wanted) or any(
            text is not None and as_shown(text) != listed
            for text, listed in zip(wanted, shown, strict=True)
        ):
            yield f"the list “{heading}” is not that of the final map"


def _other_shares(item: dict[str, Any], shown: dict[str, str]) -> Iterator[str]:
    for label, text in shown.items():
        share = item["shares"].get(label)
        wanted = _told(share)
        if text not in {wanted, _told_earlier(share)}:
            group = "everyone" if label == EVERYONE else f"group {label}"
            yield (
                f"statement {item['number']}, {group}: it shows “{text}”, and the final map says "
                f"{wanted}"
            )


def _told(share: dict[str, float | None] | None) -> str:
    """A share as the page shows it; a range or a bound where the map has only an interval."""
    if share is None:
        return WITHHELD
    low, high = _whole_percent(share["low"] or 0.0), _whole_percent(share["high"] or 0.0)
    if share["agree"] is not None:
        return f"{_whole_percent(share['agree'])}%"
    if low == 0:
        return f"at most {high}%"
    return f"at least {low}%" if high == 100 else f"{low}–{high}%"


def _told_earlier(share: dict[str, float | None] | None) -> str:
    """The same as pages of earlier versions told it, with a space before the sign."""
    return _told(share).replace("%", " %")


def _whole_percent(share: float) -> int:
    """Halves are rounded up, as on pages."""
    return int(share * 100 + 0.5)


def _other_sizes(table: HtmlTable, document: dict[str, Any]) -> Iterator[str]:
    wanted = {f"Group {each['label']}": each["people"] for each in document["groups"]}
    shown = [row[0] for row in table.rows[1:]]
    if sorted(shown) != sorted(wanted):
        yield "its groups are not those of the final map"
        return
    for name, text, *_ in table.rows[1:]:
        if not _is_step(text, wanted[name], document["minimum_shown"]):
            yield f"{name}: it shows “{text}”, and the final map says {_spelled(wanted[name])}"


def _other_numbers(page: HtmlPage, document: dict[str, Any]) -> Iterator[str]:
    """The number of statements, and how many people were admitted in each way."""
    shown = [text for term, text in page.terms if term == "Statements"]
    wanted = f"{len(document['statements']):,}"
    if not shown:
        raise BadRecord("it does not say how many statements there are")
    if any(text != wanted for text in shown):
        yield f"it says that there are {shown[0]} statements, and the final map has {wanted}"
    admitted = [text for term, text in page.terms if term.startswith(ADMITTED)]
    tiers = document["tiers"]
    if len(admitted) != len(tiers):
        yield "its ways of taking part are not those of the final map"
        return
    for text, tier in zip(admitted, tiers, strict=True):
        if not _is_step(text, tier["people"], document["minimum_shown"]):
            yield f"it shows “{text}” admitted, and the final map says {_spelled(tier['people'])}"


def _is_step(text: str, band: list[int], minimum: int) -> bool:
    """Whether the count shown ("at least 10", "fewer than 5") is the lower end of the band."""
    read = _STEP.match(text)
    if read is None:
        return False
    count = int(read[2].replace(",", ""))
    if read[1] == "fewer than":
        return band[0] == 0 and count == minimum
    return count == band[0]


def _spelled(band: list[int]) -> str:
    return f"{band[0]} to {band[1]}"
