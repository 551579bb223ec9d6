"""A spreadsheet runs nothing of an export, and reading it gives every text back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from middleground.engine.votes import Votes
from middleground.polis import PolisExport, PolisStatement, read_export, write_export
from middleground.polis.formulas import csv_table, with_formula, without_formula
from polis.folders import make_folder

FORMULAS = [
    "=HYPERLINK(A1)", "+1", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "'=1", "''-1",
]  # fmt: skip
TEXTS = ["No formula = here", "'quoted'", "''", "", "-"[:0] + "5 - 3"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_one_apostrophe(text: str) -> None:
    assert without_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", TEXTS)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert (without_formula(text), with_formula(text)) == (text, text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Park;=cmd|' /C calc'!A0;x", "Park;'=cmd|' /C calc'!A0;x"),
        ("=1; -2;'+3", "'=1; '-2;''+3"),
        ("a; b - c;", "a; b - c;"),
    ],
)
def test_so_does_one_after_a_semicolon_where_files_are_split(text: str, written: str) -> None:
    assert (without_formula(text), with_formula(written)) == (written, text)
    for cell in written.split(";"):
        assert cell.strip()[:1] not in {"=", "+", "-", "@"}


@given(st.text(st.sampled_from("'=+-@;\t\r\n\uff1d a1"), max_size=12) | st.text(max_size=20))
def test_every_text_is_given_back_and_no_cell_is_a_formula(text: str) -> None:
    disarmed = without_formula(text)
    assert with_formula(disarmed) == text
    first, *others = disarmed.split(";")
    for begin in (first[:1], *(cell.lstrip(" ")[:1] for cell in others)):
        assert begin not in set("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
    # As a control: without the rule, such a text is a formula.
    assert disarmed.startswith("'=") or not text.startswith("=")


def test_no_cell_of_an_export_begins_like_a_formula(tmp_path: Path) -> None:
    statements = tuple(
        PolisStatement(number, text, None, "accepted", None)
        for number, text in enumerate([*FORMULAS, "Plain"])
    )
    votes = Votes([1, 1, 2], [0, 1, 0], [1, -1, 1])
    export = PolisExport("=1+1", "http://a.example", "@x", statements, votes)
    write_export(export, tmp_path)
    for file in tmp_path.glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as rows:
            cells = [cell for row in csv.reader(rows) for cell in row]
        assert not [cell for cell in cells if cell[:1] in "=+@\t\r\n\uff1d" and cell]
        assert {cell for cell in cells if cell.startswith("-")} <= {"-1"}  # a number
    again = read_export(tmp_path, strict=True)
    assert (again.topic, again.description) == ("=1+1", "@x")
    assert [item.text for item in again.statements] == [*FORMULAS, "Plain"]


def test_in_an_export_of_polis_an_apostrophe_belongs_to_the_text(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "polis")
    file = folder / "comments.csv"
    first = read_export(folder).statements[0].text
    file.write_text(file.read_text("utf-8").replace(first, "'-isms' are bad", 1), "utf-8")
    assert read_export(folder).statements[0].text == "'-isms' are bad"


def test_texts_are_made_harmless_once_and_numbers_stay() -> None:
    made = csv_table(("number", "text"), [(-1, "=1+1"), (None, "'=1"), (2.5, 'Aé, "b"')])
    assert made == (
        b"\xef\xbb\xbfnumber,text\r\n-1,'=1+1\r\n,''=1\r\n" + '2.5,"Aé, ""b"""\r\n'.encode()
    )
