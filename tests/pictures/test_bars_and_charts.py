"""Bars and columns: lengths, figures, rounding."""

from __future__ import annotations

import pytest

from middleground.engine.facts import Finding, Rate, StatementFacts, Tally
from middleground.pictures import (
    Table,
    Words,
    participation_chart,
    participation_table,
    progress_bar,
    rate_bars,
    rate_bars_table,
    sureness,
    sureness_table,
    vote_bars,
    vote_bars_table,
)
from middleground.pictures.charts.participation import round_top
from middleground.pictures.labels import (
    ENGLISH,
    about_participants,
    count_range,
    in_steps,
    participant_count,
    share_figure,
    whole_percent,
)
from pictures.samples import MIXED, VOTES, A, B, facts, parse, with_class, words_of

SPACE = "\u00a0"


def spans(svg: str, css: str) -> list[tuple[float, float]]:
    """Left edge and width of every rectangle of a class."""
    return [
        (float(e.get("x") or 0), float(e.get("width") or 0)) for e in with_class(parse(svg), css)
    ]


def test_a_rate_is_a_bar_and_its_interval_a_whisker() -> None:
    svg = rate_bars(MIXED)
    # The bar starts at 54 and 100% is 224 wide; B has four votes and is withheld.
    assert spans(svg, "pic-agree") == [(54, 112), (54, 159.04)]
    assert spans(svg, "pic-band") == [(166, 11.2), (213.04, 15.68)]
    whiskers = [e.get("d") for e in with_class(parse(svg), "pic-whisker")]
    assert whiskers[0] == "M154.80 15.50H177.20M154.80 10.50v10M177.20 10.50v10"
    assert [e.get("d") for e in with_class(parse(svg), "pic-half")] == ["M166 4v23", "M166 34v23"]
    assert len(spans(svg, "pic-box")) == 1


def test_the_figures_beside_the_bars() -> None:
    assert words_of(parse(rate_bars(MIXED))) == [
        "All", "50%, 45–55", "A", "71%, 64–78",
        "B", f"withheld: fewer than{SPACE}5", "0", "50%", "100",
    ]  # fmt: skip


def test_the_table_of_rates() -> None:
    assert rate_bars_table(MIXED) == Table(
        ("Group", "Agree", "90% interval, from", "to"),
        (
            ("All", "50%", "45%", "55%"),
            ("Group A", "71%", "64%", "78%"),
            ("Group B", f"withheld: fewer than{SPACE}5", "", ""),
        ),
    )


def test_findings_and_statements_are_drawn_from_their_own_rates() -> None:
    finding = Finding(3, 0.6, True, 0.1, MIXED[1:])
    statement = StatementFacts(3, MIXED[0], MIXED[1:], 0.0, (0.0,), (0.0, 0.0))
    assert rate_bars(finding) == rate_bars(MIXED[1:])
    assert rate_bars(statement) == rate_bars(MIXED)


def test_bars_of_votes_are_solid_up_to_the_least_and_faint_up_to_the_most() -> None:
    svg = vote_bars(VOTES)
    # A column is 114 wide and its bar 100, which is 50 people: the most that any answer has.
    everyone, a, b = [(54, 100)], [(54, 50), (104, 8)], [(54, 20), (74, 18)]
    assert spans(svg, "pic-agree") == [(54, 14), *everyone, *a, *b]
    faint = [(104, 8), (168, 8), (292, 8), (74, 18), (168, 18), (312, 8)]  # the second: or nobody
    assert spans(svg, "pic-perhaps") == faint
    assert f"A: 25–29 agree, fewer than{SPACE}5 pass, 5–9 disagree." in svg.replace("Group ", "")


def test_the_table_of_votes() -> None:
    assert vote_bars_table(VOTES) == Table(
        ("Group", "Agree", "Pass", "Disagree"),
        (
            ("All", "50", "20", "30"),
            ("Group A", "25–29", f"fewer than{SPACE}5", "5–9"),
            ("Group B", "10–19", f"fewer than{SPACE}10", "15–19"),
        ),
    )


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (10, 14, "10–14"),
        (12, 12, "12"),
        (0, 4, "fewer than 5"),
        (3, 3, "fewer than 5"),  # an exact count below the minimum
        (0, 9, "fewer than 10"),
        (1_250, 1_254, "1,250–1,254"),
    ],
)
def test_a_count_between_two_bounds(low: int, high: int, shown: str) -> None:
    assert plain(count_range(low, high, ENGLISH, 5)) == shown


def test_a_share_that_is_not_told_is_drawn_as_its_range() -> None:
    ranges = [
        Rate("A", None, 0.47, 1.0, Tally(12, 2, 2)),
        Rate("B", None, 0.0, 0.44, Tally(2, 12, 2)),
        Rate("C", None, 0.31, 0.87, Tally(12, 7, 2)),
        Rate("D", None, 0.0, 1.0, Tally(12, 7, 2)),
    ]
    svg = rate_bars(ranges)
    assert spans(svg, "pic-agree") == []
    assert spans(svg, "pic-band") == [(159.28, 118.72), (54, 98.56), (123.44, 125.44)]
    assert len(with_class(parse(svg), "pic-whisker")) == 3
    told = ["at least 47%", "at most 44%", "31–87%"]
    assert [row[1] for row in map(_plain_row, rate_bars_table(ranges).rows)] == [
        *told,
        "withheld: small numbers",
    ]
    assert [plain(share_figure(rate, ENGLISH, 5)) for rate in ranges[:3]] == told


def _plain_row(row: tuple[str, ...]) -> list[str]:
    return [plain(cell) for cell in row]


@pytest.mark.parametrize(("share", "shown"), [(0.005, 1), (0.125, 13), (0.994, 99), (0.995, 100)])
def test_whole_per_cent(share: float, shown: int) -> None:
    assert whole_percent(share) == shown


@pytest.mark.parametrize(
    ("count", "rounding", "shown"),
    [
        (4, 10, "fewer than 5 people"),
        (5, 1, "5 people"),
        (6, 50, "at least 5 people"),
        (124, 10, "at least 120 people"),
        (129, 10, "at least 120 people"),
        (1234, 1, "1,234 people"),
        (12345, 5, "at least 12,345 people"),
    ],
)
def test_numbers_of_people_in_words(count: int, rounding: int, shown: str) -> None:
    assert plain(participant_count(count, ENGLISH, rounding, 5)) == shown


@pytest.mark.parametrize(
    ("count", "rounding", "shown"),
    [
        (4, 10, "fewer than 5 people"),
        (6, 1, "6 people"),
        (6, 50, "about 50 people"),
        (124, 10, "about 120 people"),
        (125, 10, "about 130 people"),
        (12345, 10, "about 12,350 people"),
    ],
)
def test_sums_in_words(count: int, rounding: int, shown: str) -> None:
    assert plain(about_participants(count, ENGLISH, rounding, 5)) == shown


def test_counts_in_words() -> None:
    found = [plain(in_steps(count, ENGLISH, 5)) for count in (0, 4, 5, 9, 12_347)]
    assert found == ["fewer than 5", "fewer than 5", "at least 5", "at least 5", "at least 12,345"]


def test_numbers_of_people_have_the_forms_of_the_language() -> None:
    """Slovene tells two from three; English does not."""
    forms = {1: "{n} oseba", 2: "{n} osebi"}
    slovene = Words(people=lambda n: forms.get(n, "{n} oseb"))
    found = [plain(participant_count(n, slovene, 1, 1)) for n in (1, 2, 5)]
    assert found == ["1 oseba", "2 osebi", "5 oseb"]
    english = [plain(participant_count(n, ENGLISH, 1, 1)) for n in (1, 2, 5)]
    assert english == ["1 person", "2 people", "5 people"]


def test_thousands_are_written_as_in_the_language() -> None:
    assert plain(participant_count(12_345, Words(thousands="."), 1, 5)) == "12.345 people"


def plain(text: str) -> str:
    """The text with ordinary instead of non-breaking spaces."""
    return text.replace("\u00a0", " ")


def test_each_column_is_a_day_and_small_numbers_are_withheld() -> None:
    points = [("1 May", 40), ("2 May", 0), ("3 May", 3), ("4 May", 20)]
    svg = participation_chart(points)
    columns = with_class(parse(svg), "pic-column")
    # The scale ends at 40, so 40 participants have the full height of 154 and 20 half of it.
    assert [e.get("height") for e in columns] == ["154", "77"]
    assert words_of(parse(svg)) == ["20", "40", "1 May", "4 May"]
    assert participation_table(points).rows == (
        ("1 May", f"40{SPACE}people"),
        ("2 May", f"0{SPACE}people"),
        ("3 May", f"fewer than{SPACE}5{SPACE}people"),
        ("4 May", f"20{SPACE}people"),
    )


def test_a_chart_without_days() -> None:
    assert words_of(parse(participation_chart([]))) == ["Nobody has taken part yet"]


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 4), (5, 6), (9, 10), (61, 80), (100, 100), (2001, 4000)]
)
def test_the_scale_ends_at_a_round_number(highest: int, top: int) -> None:
    assert round_top(highest) == top


def test_certainty_is_a_part_of_the_group() -> None:
    svg = sureness(facts(A, B))
    assert spans(svg, "pic-sure") == [(54, 121.95), (54, 95.74)]  # 100/123 and 30/47 of 150
    assert [plain(each) for each in words_of(parse(svg))] == [
        "A", "100 people clearly", "B", "30 people clearly",
    ]  # fmt: skip
    stepped = sureness_table(facts(A, B), rounding=5)
    assert [_plain_row(row)[1:] for row in stepped.rows] == [
        ["at least 100 people", "about 25 people"],
        ["at least 30 people", "about 15 people"],
    ]


def test_without_distinct_groups_there_is_no_certainty() -> None:
    alone = facts(A, status="one_group")
    assert words_of(parse(sureness(alone))) == []
    assert sureness_table(alone).rows == ()


def test_progress() -> None:
    assert spans(progress_bar(3, 4), "pic-column") == [(0, 300)]
    assert spans(progress_bar(0, 4), "pic-column") == []
    for done, total in ((1, 0), (5, 4), (-1, 4)):
        with pytest.raises(ValueError, match="is not a progress"):
            progress_bar(done, total)


def test_a_rate_without_an_interval_has_no_whisker_and_no_figures_for_it() -> None:
    plain = [Rate("A", 0.7, 0.7, 0.7, Tally(7, 2, 1))]
    svg = rate_bars(plain)
    assert "pic-whisker" not in svg
    assert "70%." in svg
    assert "without intervals" in svg
    assert "The thin line" not in svg
    assert rate_bars_table(plain).rows == (("Group A", "70%", "", ""),)
    # The control: with an interval there are both.
    wide = [Rate("A", 0.7, 0.5, 0.9, Tally(7, 2, 1))]
    assert "pic-whisker" in rate_bars(wide)
    assert rate_bars_table(wide).rows == (("Group A", "70%", "50%", "90%"),)
