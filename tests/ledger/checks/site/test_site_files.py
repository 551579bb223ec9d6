"""The files that a site offers for download must show what the log's final map says."""

from __future__ import annotations

import copy
import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from ledger.checking import check, failing
from ledger.town import LA, REJECTED, Close, Town, final_map, words_of
from ledger.town_map import ANSWERS
from middleground.ledger import Report, verdict_of

Data = dict[str, Any]
Rows = list[list[str]]
COLUMNS = [
    "statement", "text", "population", "tier",
    *(f"{answer}_{end}" for answer in ANSWERS for end in ("from", "to")),
    "share_agree", "share_low", "share_high", "middle_ground_rank", "divisive_rank", "margin",
]  # fmt: skip


def figures() -> Data:
    """A final map with shares and findings."""
    data = final_map()
    data |= {"question": "What?", "middle_ground": [2, 1], "divisive": [3], "seed": 7}
    for item in data["statements"]:
        item["shares"] = {"A": {"agree": 0.5, "low": 0.0, "high": 1.0}}
    return data


def shown_map(data: Data) -> Data:
    """What the site shows: with words, and with what no map in the log has."""
    shown = copy.deepcopy(data) | {"question": "What is it?"}
    for item in shown["statements"]:
        item |= {"text": words_of(item["number"]).text, "exposure": None}
    return shown


def shown_rows(data: Data) -> Rows:
    rows = [COLUMNS]
    for item in data["statements"]:
        number = item["number"]
        ranks = [
            str(data[name].index(number) + 1) if number in data[name] else ""
            for name in ("middle_ground", "divisive")
        ]
        for population, counts in item["counts"].items():
            share = item["shares"].get(population, {})
            ends = [str(end) for answer in ANSWERS for end in counts[answer]]
            shares = [str(share.get(name, "")) for name in ("agree", "low", "high")]
            text = words_of(number).text
            rows.append([str(number), text, population, "open", *ends, *shares, *ranks, "0.1"])
    return rows


def csv_bytes(rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def publish(
    town: Town, data: Data | bytes | None, rows: Rows | bytes | None, final: Data | None = None
) -> None:
    """Publish the files of the site beside the log's final map."""
    close = Close(town)
    close.map = final or figures()
    close.publish()
    folder = town.folder / "site" / LA
    folder.mkdir(parents=True)
    if data is not None:
        shown = data if isinstance(data, bytes) else json.dumps(data).encode()
        (folder / "map.json").write_bytes(shown)
    if rows is not None:
        table = rows if isinstance(rows, bytes) else csv_bytes(rows)
        (folder / "statements.csv").write_bytes(table)


def unchecked(report: Report) -> str:
    return next(each.sentence for each in report.findings if each.subject == "unchecked")


def test_an_honest_site_shows_the_same_figures(open_town: Town) -> None:
    publish(open_town, shown_map(figures()), shown_rows(figures()))
    report = check(open_town)
    assert not failing(report)
    found = [each.sentence for each in report.findings if each.subject == "site"]
    assert found == ["Files of the site that show what the final maps say: 2."]
    assert (
        f"; in map.json of {LA} (words that the log does not show any more: 1); "
        f"in statements.csv of {LA} (columns of which the log says nothing: 1); "
        f"in statements.csv of {LA} (words that the log does not show any more: 1); "
    ) in unchecked(report)


@pytest.mark.parametrize("withheld", ["map.json", "statements.csv"])
def test_one_file_withheld_alone_is_named(open_town: Town, withheld: str) -> None:
    data, rows = shown_map(figures()), shown_rows(figures())
    publish(open_town, *((None, rows) if withheld == "map.json" else (data, None)))
    report = check(open_town)
    assert not failing(report)
    assert f"; {withheld} of {LA} (it is not here); " in unchecked(report)
    assert "offers for download" not in unchecked(report)


def test_without_any_file_one_sentence_says_so(open_town: Town) -> None:
    publish(open_town, None, None)
    assert "; files that the site offers for download; " in unchecked(check(open_town))
    assert "it is not here" not in unchecked(check(open_town))


def reordered(rows: Rows) -> Rows:
    return [row[::-1] for row in rows]


HONEST: dict[str, Callable[[Rows], Rows | bytes]] = {
    "columns in another order": reordered,
    "an apostrophe before a formula": lambda rows: [
        [*row[:1], f"'{row[1]}" if at else row[1], *row[2:]] for at, row in enumerate(rows)
    ],
    "an apostrophe before a formula after a semicolon": lambda rows: [
        [cell.replace("; -in", "; '-in") for cell in row] for row in rows
    ],
    "lines that end with a newline": lambda rows: csv_bytes(rows).replace(b"\r\n", b"\n"),
    "lines that end with a carriage return": lambda rows: csv_bytes(rows).replace(b"\r\n", b"\r"),
    "empty lines": lambda rows: csv_bytes(rows).replace(b"\r\n", b"\r\n\r\n"),
    "other words of a statement whose words the log does not show": lambda rows: [
        [*row[:1], "Others." if row[0] == str(REJECTED) else row[1], *row[2:]] for row in rows
    ],
}


@pytest.mark.parametrize("name", HONEST)
def test_the_same_table_spelled_otherwise_holds(open_town: Town, name: str) -> None:
    publish(open_town, shown_map(figures()), HONEST[name](shown_rows(figures())))
    assert not failing(check(open_town))


def swapped(data: Data) -> None:
    for item in data["statements"]:
        for counts in item["counts"].values():
            counts["agree"], counts["disagree"] = counts["disagree"], counts["agree"]


def share_raised(data: Data) -> None:
    data["statements"][0]["shares"]["A"]["agree"] = 0.9


FALSE: dict[str, Callable[[Data], object]] = {
    "agree and disagree swapped": swapped,
    "a share raised": share_raised,
    "a finding more": lambda data: data["middle_ground"].append(3),
    "findings in another order": lambda data: data["middle_ground"].reverse(),
    "a statement left out": lambda data: data["statements"].pop(),
}


def words_swapped(data: Data) -> None:
    one, two = data["statements"][:2]
    one["text"], two["text"] = two["text"], one["text"]


FALSE_MAP: dict[str, Callable[[Data], object]] = {
    "another seed": lambda data: data.update(seed=8),
    "a field left out": lambda data: data.pop("seed"),
    "a field more": lambda data: data.update(winner="A"),
    "a field more that says nothing": lambda data: data.update(winner=None),
    "a truth value for a number": lambda data: data["divisive"].__setitem__(0, True),
    "words left out": lambda data: data["statements"][0].pop("text"),
    "words swapped": words_swapped,
}


@pytest.mark.parametrize("name", [*FALSE, *FALSE_MAP])
def test_another_map_on_the_site_is_found(open_town: Town, name: str) -> None:
    final = figures() | {"divisive": [1]}
    data = shown_map(final)
    (FALSE | FALSE_MAP)[name](data)
    publish(open_town, data, shown_rows(final), final)
    report = check(open_town)
    assert set(failing(report)) == {"site"}
    assert all(line.startswith(f"{LA}, map.json: ") for line in failing(report)["site"].details)
    assert verdict_of(report).sentence == (
        "Do not rely on this log: the site shows something else than the log."
    )


@pytest.mark.parametrize("name", FALSE)
def test_another_table_on_the_site_is_found(open_town: Town, name: str) -> None:
    data = figures()
    FALSE[name](data)
    publish(open_town, shown_map(figures()), shown_rows(data))
    found = failing(check(open_town))
    assert set(found) == {"site"}
    assert all(line.startswith(f"{LA}, statements.csv: ") for line in found["site"].details)


def with_column(name: str, at: int) -> Callable[[Rows], Rows]:
    """One more column, before the one that stands there."""
    return lambda rows: [
        [*row[:at], "999" if line else name, *row[at:]] for line, row in enumerate(rows)
    ]


def as_number(spelled: str) -> Callable[[Rows], Rows]:
    """Spell each 1 among the figures so."""
    return lambda rows: [
        [*row[:2], *(spelled if each == "1" else each for each in row[2:])] for row in rows
    ]


def table_words_swapped(rows: Rows) -> Rows:
    words = {"1": words_of(2).text, "2": words_of(1).text}
    return [[*row[:1], words.get(row[0], row[1]), *row[2:]] for row in rows]


FALSE_TABLE: dict[str, Callable[[Rows], Rows | bytes]] = {
    "words swapped": table_words_swapped,
    "a column twice, the false one first": with_column("agree_from", 1),
    "a column twice, the false one last": with_column("agree_from", 16),
    "a row with a field more": lambda rows: [*rows[:-1], [*rows[-1], "999"]],
    "a row with a field less": lambda rows: [*rows[:-1], rows[-1][:-1]],
    "a row of one field before the table": lambda rows: [["All false."], *rows],
    "a row of one field in the table": lambda rows: [*rows[:3], ["999 agree."], *rows[3:]],
    "a row of one field after the table": lambda rows: [*rows, ["999 agree."]],
    "fields split by semicolons": lambda rows: csv_bytes(rows).replace(b",", b";"),
    "a number with an underscore": as_number("0_1"),
    "a number with a space": as_number(" 1"),
    "a number with a sign": as_number("+1"),
    "a number with a newline": as_number("1\n"),
    "a hexadecimal number": as_number("0x1"),
    "Arabic digits": as_number("١"),
    "wide digits": as_number("１"),
}


@pytest.mark.parametrize("name", FALSE_TABLE)
def test_a_table_that_reads_otherwise_is_found(open_town: Town, name: str) -> None:
    publish(open_town, shown_map(figures()), FALSE_TABLE[name](shown_rows(figures())))
    assert set(failing(check(open_town))) == {"site"}


BROKEN: dict[str, tuple[str, bytes]] = {
    "a map of no form": ("map.json", b"{}"),
    "no JSON": ("map.json", b"<html>"),
    "a map too deep": ("map.json", b'{"statements": [], "x":' + b"[" * 900 + b"]" * 900 + b"}"),
    "a map far too deep": ("map.json", b"[" * 100_000),
    "a table without columns": ("statements.csv", b"statement,text\r\n" + b"1,a\r\n" * 10),
    "an empty table": ("statements.csv", b""),
    "a table that is not UTF-8": ("statements.csv", b"\xff\xfe"),
    "a share that is no number": ("statements.csv", b""),
}


@pytest.mark.parametrize("name", BROKEN)
def test_files_that_cannot_be_read_fail(open_town: Town, name: str) -> None:
    file, data = BROKEN[name]
    rows = shown_rows(figures())
    rows[1][10] = "half"
    publish(open_town, shown_map(figures()), rows if "share" in name else shown_rows(figures()))
    if "share" not in name:
        (open_town.folder / "site" / LA / file).write_bytes(data)
    assert set(failing(check(open_town))) == {"site"}
