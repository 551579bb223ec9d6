"""Do the files that the site offers for download show what the log's final maps say?

They are not part of the log, and words may be removed from them later; figures may not change.
"""

from __future__ import annotations

import csv
import io
import operator
from collections.abc import Callable, Iterator
from typing import Any

from middleground.ledger.checks.site.parquet import read_parquet
from middleground.ledger.checks.site.paths import PARQUET
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.json_document import read_json
from middleground.ledger.files.map_figures import ANSWERS

Row = dict[str, Any]

WORDS = ("question", "host")  # the host may correct these
WORDS_OF_STATEMENT = ("text", "exposure")
ENDS = [f"{answer}_{end}" for answer in ANSWERS for end in ("from", "to")]
SHARES = {"share_agree": "agree", "share_low": "low", "share_high": "high"}
RANKS = {"middle_ground_rank": "middle_ground", "divisive_rank": "divisive"}


def compare_file(name: str, document: bytes, shown: bytes) -> list[str]:
    """What a file of the site shows otherwise than the final map's document, in words."""
    compare = {"map.json": _other_json, PARQUET: _other_parquet}.get(name, _other_csv)
    try:
        return list(compare(read_json(document), shown))
    except (BadRecord, AttributeError, KeyError, TypeError, ValueError, csv.Error):
        return ["it cannot be compared with the final map"]


def _other_json(document: dict[str, Any], shown: bytes) -> Iterator[str]:
    one, other = _figures(document), _figures(read_json(shown))
    for name in sorted(one.keys() | other.keys()):
        if one.get(name) != other.get(name):
            yield f"{name} is not that of the final map"


def _figures(data: dict[str, Any]) -> dict[str, Any]:
    statements = [
        {name: value for name, value in item.items() if name not in WORDS_OF_STATEMENT}
        for item in data["statements"]
    ]
    figures = {name: value for name, value in data.items() if name not in WORDS}
    return {**figures, "statements": statements}


def _other_csv(document: dict[str, Any], shown: bytes) -> Iterator[str]:
    rows = list(csv.DictReader(io.StringIO(shown.decode("utf-8-sig"), newline="")))
    return _other_rows(list(_rows(document)), rows, _is_written, first=2)  # after the names


def _other_parquet(document: dict[str, Any], shown: bytes) -> Iterator[str]:
    expected = list(_rows(document))
    columns = list(dict.fromkeys(name for row in expected for name in row))
    rows = read_parquet(shown, columns, len(expected))
    return _other_rows(expected, rows, operator.eq, first=1)


def _other_rows(
    expected: list[Row], rows: list[Row], is_same: Callable[[Any, Any], bool], first: int
) -> Iterator[str]:
    """The rows that show other figures than expected. The first one has this number."""
    if len(rows) != len(expected):
        yield f"it has {len(rows)} rows, and the final map {len(expected)}"
        return
    for line, (row, wanted) in enumerate(zip(rows, expected, strict=True), start=first):
        if not all(is_same(row[name], value) for name, value in wanted.items()):
            yield f"row {line} has other figures than the final map"


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
    return shown != "" and float(shown) == wanted
