"""Bars and columns: lengths, figures, rounding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from middleground.engine.facts import Finding, Rate, StatementFacts, Tally
from middleground.pictures import (
    Table,
    Words,
    participation_chart,
    participation_table,
    progress_bar,
    rate_bars,
    rate_bars_table,
    shares,
    sureness,
    sureness_table,
    vote_bars,
    vote_bars_table,
)
from middleground.pictures.labels import (
    ENGLISH,
    about_participants,
    in_steps,
    participant_count,
    whole_percent,
)
from middleground.pictures.participation import round_top
from pictures.samples import MIXED, A, B, facts, parse, with_class, words_of

SPACE = "\u00a0"


def spans(svg: str, css: str) -> list[tuple[float, float]]:
    """Left edge and width of every rectangle of a class."""
    return [
        (float(e.get("x") or 0), float(e.get("width") or 0)) for e in with_class(parse(svg), css)
    ]


def test_a_rate_is_a_bar_and_its_interval_a_whisker() -> None:
    svg = rate_bars(MIXED)
    # The bar starts at 54 and 100 % is 224 wide; B has four votes and is withheld.
    assert spans(svg, "pic-agree") == [(54, 112), (54, 159.04)]
    assert spans(svg, "pic-band") == [(166, 11.2), (213.04, 15.68)]
    whiskers = [e.get("d") for e in with_class(parse(svg), "pic-whisker")]
    assert whiskers[0] == "M154.80 15.50H177.20M154.80 10.50v10M177.20 10.50v10"
    assert [e.get("d") for e in with_class(parse(svg), "pic-half")] == ["M166 4v23", "M166 34v23"]
    assert len(spans(svg, "pic-box")) == 1


def test_the_figures_beside_the_bars() -> None:
    assert words_of(parse(rate_bars(MIXED))) == [
        "All", f"50{SPACE}%, 45–55", "A", f"71{SPACE}%, 64–78",
        "B", f"withheld: fewer than{SPACE}5", "0", f"50{SPACE}%", "100",
    ]  # fmt: skip


def test_the_table_of_rates() -> None:
    assert rate_bars_table(MIXED) == Table(
        ("Group", "Agree", f"90{SPACE}% interval, from", "to"),
        (
            ("All", f"50{SPACE}%", f"45{SPACE}%", f"55{SPACE}%"),
            ("Group A", f"71{SPACE}%", f"64{SPACE}%", f"78{SPACE}%"),
            ("Group B", f"withheld: fewer than{SPACE}5", "", ""),
        ),
    )


def test_findings_and_statements_are_drawn_from_their_own_rates() -> None:
    finding = Finding(3, 0.6, True, 0.1, MIXED[1:])
    statement = StatementFacts(3, MIXED[0], MIXED[1:], 0.0, (0.0,), (0.0, 0.0))
    assert rate_bars(finding) == rate_bars(MIXED[1:])
    assert vote_bars(statement) == vote_bars(MIXED)


def test_vote_segments_follow_the_counts() -> None:
    svg = vote_bars(MIXED)
    swatch = (54, 14)
    # 50, 20 and 30 of 100; 2, 3 and 1 of 6: each segment is one unit shorter for the gap.
    assert spans(svg, "pic-agree") == [swatch, (54, 111), (54, 73.67)]
    assert spans(svg, "pic-pass") == [(140, 14), (166, 43.8), (128.67, 111)]
    assert spans(svg, "pic-disagree") == [(216, 14), (210.8, 66.2), (240.67, 36.33)]
    assert vote_bars_table(MIXED).rows[1] == (
        "Group A",
        f"33{SPACE}%",
        f"50{SPACE}%",
        f"17{SPACE}%",
    )


@given(*[st.integers(0, 10**6)] * 3)
def test_shares_add_up_to_a_hundred_and_are_never_a_whole_per_cent_off(
    agree: int, disagree: int, passed: int
) -> None:
    tally = Tally(agree, disagree, passed)
    found = shares(tally)
    if tally.seen == 0:
        assert found == (0, 0, 0)
        return
    assert sum(found) == 100
    exact = [100 * n / tally.seen for n in (agree, passed, disagree)]
    assert [abs(f - e) < 1 for f, e in zip(found, exact, strict=True)] == [True] * 3


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


def test_certainty_is_a_share_of_the_group() -> None:
    svg = sureness(facts(A, B))
    assert spans(svg, "pic-sure") == [(54, 170.73), (54, 134.04)]  # 100/123 and 30/47 of 210
    assert words_of(parse(svg)) == ["A", f"81{SPACE}% clearly", "B", f"64{SPACE}% clearly"]


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
    assert "70\u00a0%." in svg
    assert "without intervals" in svg
    assert "The thin line" not in svg
    assert rate_bars_table(plain).rows == (("Group A", "70\u00a0%", "", ""),)
    # The control: with an interval there are both.
    wide = [Rate("A", 0.7, 0.5, 0.9, Tally(7, 2, 1))]
    assert "pic-whisker" in rate_bars(wide)
    assert rate_bars_table(wide).rows == (("Group A", "70\u00a0%", "50\u00a0%", "90\u00a0%"),)
