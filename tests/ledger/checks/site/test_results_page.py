"""The tables of a results page are compared as readers see them."""

from __future__ import annotations

from html import escape
from typing import Any

import pytest

from middleground.ledger.checks.site.results_page import compare_page
from middleground.ledger.codecs.field_codecs import BadRecord

WORDS = {1: "Trees & shade", 2: "Two\u00a0 words"}


def document(status: str = "groups") -> dict[str, Any]:
    share = {"agree": 0.625, "low": 0.5, "high": 0.75}
    population = "A" if status == "groups" else "all"
    labels = {"groups": "AB", "one_group": "A", "too_little": ""}[status]
    return {
        "status": status,
        "minimum_shown": 5,
        "tiers": [{"people": [1200, 1204]}, {"people": [0, 4]}],
        "groups": [{"label": each, "people": [1000, 1008]} for each in labels],
        "middle_ground": [],
        "divisive": [],
        "statements": [
            {"number": 1, "shares": {population: share}},
            {"number": 2, "shares": {}},
        ],
    }


NONE_SHARED = "No statement is surely shared by everyone."
NONE_SPLIT = "No statement surely divides the groups."
UNDIVIDED = "The votes do not divide people into groups that vote alike."


def page(
    shares: str, heads: str, sizes: str = "", words: dict[int, str] = WORDS, split: str = NONE_SPLIT
) -> bytes:
    """A page with these cells of shares in each row, and these rows of sizes."""
    rows = "".join(
        f"<tr><td>{number}</td><th><a href='/s'>{escape(text)}</a></th>{cells}</tr>"
        for (number, text), cells in zip(words.items(), shares.split("|"), strict=True)
    )
    return f"""<!doctype html><html lang="en-GB">
    <p class="summary-shared">{NONE_SHARED}</p><p class="summary-split">{split}</p>
    <dl><dt>Statements</dt><dd> 2 </dd>
    <dt>Admitted: code</dt><dd><a>at least\u00a01,200</a></dd>
    <dt>Admitted: open</dt><dd>fewer than 5 <span>(does not count)</span></dd></dl>
    <table><tr><th>Group</th><th>People</th></tr>{sizes}</table>
    <table><caption>Share that agrees, passes counted <a>How?</a></caption>
    <tr><th>No.</th><th>Statement</th>{heads}</tr>{rows}</table>
    <h2>The middle ground</h2><h2>Where the groups disagree</h2></html>""".encode()


HEADS = "<th>Group A</th><th>Group B</th>"
SHARES = "<td>63%</td><td>withheld</td>|<td>withheld</td><td>withheld</td>"
SIZES = "".join(f"<tr><th>Group {each}</th><td>at least 1,000 people</td></tr>" for each in "AB")


def test_an_honest_page() -> None:
    found = compare_page(page(SHARES, HEADS, SIZES), document(), WORDS)
    assert (found.wrong, found.unchecked) == ([], [])


def test_words_that_were_removed_from_the_log_are_named() -> None:
    shown = page(SHARES, HEADS, SIZES, {1: WORDS[1], 2: "Removed"})
    found = compare_page(shown, document(), {1: WORDS[1]})
    assert found.wrong == []
    assert found.unchecked == ["words that the log does not show any more: 1"]
    assert compare_page(shown, document(), WORDS).wrong == [
        "the words of statement 2 are not those that were logged"
    ]


@pytest.mark.parametrize(
    ("shown", "wrong"),
    [
        ("63%", []),
        ("63 %", []),  # as pages of earlier versions have it
        ("62%", ["statement 1, everyone: it shows “62%”, and the final map says 63%"]),
    ],
)
def test_without_groups_the_shares_are_those_of_everyone(shown: str, wrong: list[str]) -> None:
    shares = page(f"<td>{shown}</td>|<td>withheld</td>", "<th>All</th>", split=UNDIVIDED)
    found = compare_page(shares, document("one_group"), WORDS)
    assert (found.wrong, found.unchecked) == (wrong, [])


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [(0.46, 1.0, "at least 46%"), (0.0, 0.54, "at most 54%"), (0.31, 0.87, "31–87%")],
)
def test_where_only_a_range_is_told_the_page_shows_it(low: float, high: float, shown: str) -> None:
    told = document()
    told["statements"][0]["shares"]["A"] = {"agree": None, "low": low, "high": high}
    shares = SHARES.replace("63%", shown.replace(" ", "\u00a0"))
    assert compare_page(page(shares, HEADS, SIZES), told, WORDS).wrong == []
    # The control: a share in the range.
    (wrong,) = compare_page(page(SHARES, HEADS, SIZES), told, WORDS).wrong
    assert wrong == f"statement 1, group A: it shows “63%”, and the final map says {shown}"


def test_shares_without_a_map_are_wrong() -> None:
    found = compare_page(page(SHARES, HEADS, SIZES), document("too_little"), WORDS)
    assert found.wrong == ["it shows shares, and the final map is of too few votes"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("<td>63%</td>", "<td>62%</td>", "statement 1, group A: it shows “62%”"),
        ("least 1,000", "least 1,005", "Group A: it shows “at least 1,005 people”"),
        ("at least 1,000 people", "many", "Group A: it shows “many”"),
        ("Group A</th><td>at", "Group C</th><td>at", "its groups are not those of the final map"),
        ("1,200", "1,205", "it shows “at least 1,205” admitted"),
        ("fewer than 5", "fewer than 10", "it shows “fewer than 10 (does not count)” admitted"),
        ("Admitted: open", "Open", "its ways of taking part are not those of the final map"),
        ("<dd> 2 </dd>", "<dd>3</dd>", "it says that there are 3 statements"),
        (NONE_SHARED, "All agree.", f"it says “All agree.”, and not “{NONE_SHARED}”"),
        ("summary-split", "other", f"it has 0 sentences in place of one: “{NONE_SPLIT}”"),
    ],
)
def test_what_is_shown_otherwise_is_named(old: str, new: str, says: str) -> None:
    honest = page(SHARES, HEADS, SIZES).decode().replace("\u00a0", " ")
    assert old in honest
    found = compare_page(honest.replace(old, new, 1).encode(), document(), WORDS)
    assert len(found.wrong) == 1
    assert found.wrong[0].startswith(says)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("en-GB", "", "it is not in English"),
        ("<th>People</th>", "<th>Persons</th>", "Group, People"),
        ("<td>63%</td>", "<td>63%", "a cell of a table does not end"),
        ("<td>63%</td>", "<td><b>63%</b>10%</td>", "a table holds the element b"),
        ("<td>63%</td>", '<td style="">63%</td>', "a table has the attribute style"),
        ("<td>63%</td>", "", "the rows of a table are not equally long"),
        ("<td>63%</td>", "<table></table>", "not equally long|a table"),
    ],
)
def test_a_page_of_another_form_is_not_judged(old: str, new: str, says: str) -> None:
    honest = page(SHARES, HEADS, SIZES).decode()
    assert old in honest
    with pytest.raises(BadRecord, match=says):
        compare_page(honest.replace(old, new, 1).encode(), document(), WORDS)


def test_a_page_that_is_not_utf_8_is_not_judged() -> None:
    with pytest.raises(BadRecord, match="it is not UTF-8"):
        compare_page(b"\xff", document(), WORDS)


SPLIT = "The groups disagree on 2 statements, most of all on this one: Two words (A 20%, B 81%)"
SHARED = "Every group agrees with 1 statement: Trees & shade (A 63%, B withheld)"


def with_findings() -> tuple[dict[str, Any], str]:
    """A map whose first divisive statement has a share that is not told, and its honest page."""
    share = {
        "A": {"agree": 0.2, "low": 0.1, "high": 0.3},
        "B": {"agree": 0.81, "low": 0.7, "high": 1},
    }
    told = {**document(), "middle_ground": [1], "divisive": [2, 1]}
    told["statements"][1]["shares"] = share
    shown = page(
        SHARES.replace("|<td>withheld</td><td>withheld</td>", "|<td>20%</td><td>81%</td>"),
        HEADS,
        SIZES,
        split=SPLIT,
    ).decode()
    listed = [f'<p class="finding-text">{escape(WORDS[n])}</p>' for n in (1, 2)]
    shown = shown.replace("middle ground</h2>", f"middle ground</h2>{listed[0]}")
    shown = shown.replace("disagree</h2>", f"disagree</h2>{listed[1]}{listed[0]}")
    return told, shown.replace(NONE_SHARED, escape(SHARED))


def test_the_sentences_at_the_top_name_the_foremost_finding() -> None:
    told, shown = with_findings()
    assert compare_page(shown.encode(), told, WORDS).wrong == []
    # Pages of earlier versions do not name a group whose share is withheld, …
    earlier = shown.replace(", B withheld", "")
    assert compare_page(earlier.encode(), told, WORDS).wrong == []
    # … and yet earlier ones have a space before the sign.
    assert compare_page(earlier.replace("%", "\u00a0%").encode(), told, WORDS).wrong == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2 statements, most", "3 statements, most"),
        ("this one: Two words", "this one: Trees &amp; shade"),
        ("(A 20%, B 81%)", "(A 60%, B 81%)"),
        ("(A 63%, B withheld)", "(A 63%, B 63%)"),
        ("with 1 statement: Trees", "with 1 statement: No trees"),
    ],
)
def test_another_sentence_at_the_top_is_named(old: str, new: str) -> None:
    told, shown = with_findings()
    assert shown.count(old) == 1
    (wrong,) = compare_page(shown.replace(old, new).encode(), told, WORDS).wrong
    assert wrong.startswith("it says “")


def test_removed_words_in_a_sentence_are_not_compared_and_its_figures_are() -> None:
    told, shown = with_findings()
    removed = shown.replace("this one: Two words", "this one: Removed")
    assert compare_page(removed.encode(), told, {1: WORDS[1]}).wrong == []
    (wrong,) = compare_page(removed.replace("B 81%)", "B 18%)").encode(), told, {1: WORDS[1]}).wrong
    assert wrong.startswith("it says “The groups disagree on 2 statements")


def test_a_page_of_an_earlier_version_has_no_sentences_and_that_is_told() -> None:
    earlier = page(SHARES, HEADS, SIZES).decode().replace("summary-", "")
    found = compare_page(earlier.encode(), document(), WORDS)
    assert found.wrong == []
    assert found.unchecked == ["the sentences at its top, which it does not have"]
