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
from ledger.town import LA, Close, Town, final_map
from ledger.town_map import ANSWERS
from middleground.ledger import verdict_of

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
        item |= {"text": "Words, “quoted”.", "exposure": None}
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
            text = 'Words, "quoted",\nin two lines'
            rows.append([str(number), text, population, "open", *ends, *shares, *ranks, "0.1"])
    return rows


def publish(town: Town, data: Data, rows: Rows) -> None:
    close = Close(town)
    close.map = figures()
    close.publish()
    folder = town.folder / "site" / LA
    folder.mkdir(parents=True)
    (folder / "map.json").write_text(json.dumps(data), "utf-8")
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    (folder / "statements.csv").write_bytes(text.getvalue().encode("utf-8-sig"))


def test_an_honest_site_shows_the_same_figures(open_town: Town) -> None:
    publish(open_town, shown_map(figures()), shown_rows(figures()))
    report = check(open_town)
    assert not failing(report)
    found = [each.sentence for each in report.findings if each.subject == "site"]
    assert found == ["Files of the site that show what the final maps say: 2."]
    assert "offers for download" not in " ".join(verdict_of(report).meaning)


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
FALSE_MAP: dict[str, Callable[[Data], object]] = {
    "another seed": lambda data: data.update(seed=8),
    "a field left out": lambda data: data.pop("seed"),
    "a field more": lambda data: data.update(winner="A"),
}


@pytest.mark.parametrize("name", [*FALSE, *FALSE_MAP])
def test_another_map_on_the_site_is_found(open_town: Town, name: str) -> None:
    data = figures()
    (FALSE | FALSE_MAP)[name](data)
    publish(open_town, shown_map(data), shown_rows(figures()))
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


BROKEN: dict[str, tuple[str, bytes]] = {
    "a map of no form": ("map.json", b"{}"),
    "no JSON": ("map.json", b"<html>"),
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
