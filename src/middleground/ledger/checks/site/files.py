"""Do the files that the site offers for download show what the log's final maps say?

They are not part of the log, and words may be removed from them later; figures may not change. The
words of a statement must be those that were logged, as long as the log's files show them.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from middleground.ledger.checks.site.findings import SiteFindings
from middleground.ledger.checks.site.parquet import read_parquet
from middleground.ledger.checks.site.paths import PARQUET
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.json_document import read_json
from middleground.ledger.files.map_figures import ANSWERS
from middleground.polis.formulas import without_formula

WORDS = ("question", "host")  # the host may correct these
WORDS_OF_STATEMENT = ("text", "exposure")
ENDS = [f"{answer}_{end}" for answer in ANSWERS for end in ("from", "to")]
SHARES = {"share_agree": "agree", "share_low": "low", "share_high": "high"}
RANKS = {"middle_ground_rank": "middle_ground", "divisive_rank": "divisive"}
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?(e-?[0-9]+)?")

Row = dict[str, Any]
Words = Mapping[int, str]  # of statements, as logged


def compare_file(name: str, document: bytes, shown: bytes, words: Words) -> SiteFindings:
    """Compare a file of the site with the final map's document and the words that were logged."""
    compare = {"map.json": _compare_json, PARQUET: _compare_parquet}.get(name, _compare_csv)
    found = SiteFindings()
    try:
        data = read_json(document)
        compare(data, shown, words, found)
        unknown = sum(item["number"] not in words for item in data["statements"])
    except (
        *(BadRecord, AttributeError, IndexError, KeyError, RecursionError),
        *(TypeError, ValueError, csv.Error),
    ):
        return SiteFindings(["it cannot be compared with the final map"])
    if unknown:
        found.unchecked.append(f"words that the log does not show any more: {unknown}")
    return found


def _compare_json(
    document: dict[str, Any], shown: bytes, words: Words, found: SiteFindings
) -> None:
    data = read_json(shown)
    one, other = _figures(document), _figures(data)
    for name in sorted(one.keys() | other.keys()):
        if name not in one or name not in other or not is_same_json(one[name], other[name]):
            found.wrong.append(f"{name} is not that of the final map")
    if not found.wrong:
        for item, told in zip(document["statements"], data["statements"], strict=True):
            if item["number"] in words and told.get("text") != words[item["number"]]:
                found.wrong.append(_other_words(item["number"]))


def is_same_json(one: Any, other: Any) -> bool:
    """Equality as in JSON, which tells ``true`` and 1 apart."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            is_same_json(value, other[name]) for name, value in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same_json, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _other_words(number: int) -> str:
    return f"the words of statement {number} are not those that were logged"


def _figures(data: dict[str, Any]) -> dict[str, Any]:
    statements = [
        {name: value for name, value in item.items() if name not in WORDS_OF_STATEMENT}
        for item in data["statements"]
    ]
    figures = {name: value for name, value in data.items() if name not in WORDS}
    return {**figures, "statements": statements}


def _compare_csv(document: dict[str, Any], shown: bytes, words: Words, found: SiteFindings) -> None:
    table = csv.reader(io.StringIO(shown.decode("utf-8-sig"), newline=""))
    names, *fields = [row for row in table if row]
    if any(len(row) != len(names) for row in fields):
        found.wrong.append("its rows have not one field for each column")
        return
    expected = list(_rows(document))
    if _has_columns(names, expected, found):
        rows: list[Row] = [dict(zip(names, row, strict=True)) for row in fields]
        spelled = _Spelled(_is_written, _spelled_in_csv, 2)  # after the names
        _compare_rows(expected, rows, words, spelled, found)


def _compare_parquet(
    document: dict[str, Any], shown: bytes, words: Words, found: SiteFindings
) -> None:
    expected = list(_rows(document))
    columns = [*dict.fromkeys(name for row in expected for name in row), "text"]
    names, rows = read_parquet(shown, columns, len(expected))
    if _has_columns(names, expected, found):
        _compare_rows(expected, rows, words, _Spelled(is_same_json, lambda text: {text}, 1), found)


def _spelled_in_csv(text: str) -> set[str]:
    return {text, f"'{text}", without_formula(text)}


@dataclass(frozen=True, slots=True)
class _Spelled:
    """How a kind of table spells a figure and words, and its first row.

    In a CSV file apostrophes keep spreadsheets from taking words for a formula.
    """

    is_same: Callable[[Any, Any], bool]
    spell: Callable[[str], set[str]]
    first: int


def _compare_rows(
    expected: list[Row], rows: list[Row], words: Words, spelled: _Spelled, found: SiteFindings
) -> None:
    if len(rows) != len(expected):
        found.wrong.append(f"it has {len(rows)} rows, and the final map {len(expected)}")
        return
    for line, (row, wanted) in enumerate(zip(rows, expected, strict=True), start=spelled.first):
        number = wanted["statement"]
        if not all(spelled.is_same(row[name], value) for name, value in wanted.items()):
            found.wrong.append(f"row {line} has other figures than the final map")
        elif number in words and row["text"] not in spelled.spell(words[number]):
            found.wrong.append(f"row {line}: {_other_words(number)}")


def _has_columns(names: list[str], rows: list[Row], found: SiteFindings) -> bool:
    """Whether no column stands twice; tells how many there are of which the log says nothing."""
    if max(Counter(names).values(), default=0) > 1:
        found.wrong.append("a column stands twice")
        return False
    known = {"text", "population", "tier", *(name for row in rows for name in row)}
    if more := len(set(names) - known):
        found.unchecked.append(f"columns of which the log says nothing: {more}")
    return True


def _rows(document: dict[str, Any]) -> Iterator[Row]:
    """What each row of the table must show: a statement's figures for one population and tier."""
    for item in document["statements"]:
        number = item["number"]
        ranks = {
            column: document[name].index(number) + 1 if number in document[name] else None
            for column, name in RANKS.items()
        }
        counts = [{"population": name, **each} for name, each in item["counts"].items()]
        for cell in item["by_tier"] or counts:
            ends = [end for answer in ANSWERS for end in cell[answer]]
            share = item["shares"].get(cell["population"], {})
            yield {
                "statement": number,
                **{name: cell[name] for name in ("population", "tier") if name in cell},
                **dict(zip(ENDS, ends, strict=True)),
                **{column: share.get(name) for column, name in SHARES.items()},
                **ranks,
            }


def _is_written(shown: str, wanted: float | str | None) -> bool:
    if wanted is None or isinstance(wanted, str):
        return shown == (wanted or "")
    return _NUMBER.fullmatch(shown) is not None and float(shown) == wanted
