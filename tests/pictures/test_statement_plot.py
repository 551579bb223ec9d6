"""The picture of statements: each mark's place, its number, and what stays out of it."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree.ElementTree import Element, tostring

import pytest

from middleground import pictures
from middleground.engine.facts import Finding, Group, MapFacts, Rate, StatementFacts, Tally
from middleground.pictures.layout import Box, box_at
from middleground.pictures.statements.plotted import MOST_MARKS
from pictures.samples import A, B, facts, parse, with_class, words_of

C = Group("C", 20, 20, (0.0, 2.0), (0.25, 0.0, 0.25), ())
SEEN = Tally(20, 20, 10)
TEXTS = {1: "More benches", 2: "More <lamps>", 3: "Fewer signs", 4: "A fountain"}

# The marks lie from 64 to 390 across and from 38 to 364 down: 3.26 units a percentage point.


def at(across: int, up: int, before: float = 0.0) -> tuple[float, float]:
    """The place of these percentages, and ``before`` it on the left."""
    return pytest.approx((64 + 3.26 * across - before, 364 - 3.26 * up))  # type: ignore[return-value]


def rate(group: str, share: float | None, low: float, high: float, tally: Tally = SEEN) -> Rate:
    return Rate(group, share, low, high, tally)


def statement(number: int, *shares: float | Rate) -> StatementFacts:
    rates = tuple(
        each if isinstance(each, Rate) else rate("ABC"[k], each, each - 0.1, each + 0.1)
        for k, each in enumerate(shares)
    )
    everyone = Rate("", 0.5, 0.4, 0.6, SEEN)
    return StatementFacts(number, everyone, rates, 0.0, (), (0.0, 0.0))


def finding(item: StatementFacts, holds: bool = True) -> Finding:
    return Finding(item.statement, 1.0, holds, 0.1, item.groups)


SHARED, SPLIT = statement(1, 0.9, 0.7), statement(2, 0.2, 0.8)
NEITHER = statement(3, 0.4, 0.5)
HIDDEN = statement(4, 0.9, rate("B", 0.9, 0.0, 1.0))


def mapped(*statements: StatementFacts, groups: tuple[Group, ...] = (A, B)) -> MapFacts:
    return replace(
        facts(*groups),
        statements=statements,
        middle_ground=(finding(SHARED), finding(NEITHER, holds=False)),
        divisive=(finding(SPLIT),),
    )


TWO = mapped(NEITHER, SHARED, SPLIT, HIDDEN)


def starts(svg: str, css: str) -> list[tuple[float, float]]:
    """Where the shapes of a path begin: at the left end of each mark."""
    paths = [e.get("d", "") for e in with_class(parse(svg), css) if e.tag.endswith("path")]
    found = re.findall(r"M([\d.]+) ([\d.]+)", "".join(paths))
    return [(float(x), float(y)) for x, y in found]


def test_two_groups_are_an_axis_each() -> None:
    svg = pictures.statement_plot(TWO, TEXTS)
    assert starts(svg, "pic-other") == [at(40, 50, 2.4)]
    assert starts(svg, "pic-shared") == [at(90, 70, 3.8)]
    assert at(20, 80, 4.6) in starts(svg, "pic-divisive")
    assert "Group A: share that agrees" in words_of(parse(svg))
    assert [w for w in words_of(parse(svg)) if w.endswith(("agree", "agrees"))] == [
        "Both groups agree",
        "Only group A agrees",
        "Only group B agrees",
        "Neither agrees",
        "Group A: share that agrees",
        "Group B: share that agrees",
    ]


def test_more_groups_are_placed_by_the_most_and_the_least_willing_one() -> None:
    svg = pictures.statement_plot(mapped(statement(3, 0.4, 0.9, 0.1), groups=(A, B, C)), TEXTS)
    assert starts(svg, "pic-other") == [at(90, 10, 2.4)]
    assert "All groups agree" in words_of(parse(svg))


def test_the_intervals_are_drawn_across_the_mark() -> None:
    (span,) = with_class(parse(pictures.statement_plot(TWO, TEXTS)), "pic-span")[:1]
    # NEITHER: A from 30 to 50, B from 40 to 60 per cent.
    assert span.get("d") == "M161.8 201H227M194.4 233.6V168.4"


def test_without_groups_each_statement_has_a_row_the_most_agreed_at_the_top() -> None:
    shares = {1: 0.6, 2: 0.2, 3: 0.9}
    items = [
        StatementFacts(n, rate("", share, share - 0.1, share + 0.1), (), 0.0, (), (0.0, 0.0))
        for n, share in shares.items()
    ]
    one = replace(facts(A, status="one_group"), statements=tuple(items))
    svg = pictures.statement_plot(one, TEXTS)
    # Three rows of 40 units each; a mark is a disc of 2.4 around its place.
    assert sorted(starts(svg, "pic-other")) == [
        pytest.approx((64 + 3.26 * percent - 2.4, middle))
        for percent, middle in ((20, 138), (60, 98), (90, 58))
    ]
    assert starts(svg, "pic-divisive") == []
    assert pictures.statement_plot_table(one, TEXTS).header == ("Statement", "What it is", "All")


def test_a_withheld_share_keeps_a_statement_out_of_picture_and_table() -> None:
    told = mapped(statement(4, 0.9, rate("B", 0.9, 0.8, 1.0)))
    assert starts(pictures.statement_plot(told, TEXTS), "pic-other") != []  # the control
    few = mapped(statement(4, 0.9, rate("B", 0.9, 0.8, 1.0, Tally(2, 1, 1))))
    for hidden in (mapped(HIDDEN), few):
        assert starts(pictures.statement_plot(hidden, TEXTS), "pic-other") == []
        assert pictures.statement_plot_table(hidden, TEXTS).rows == ()


def test_where_only_a_range_is_told_the_mark_is_hollow() -> None:
    ranged = mapped(statement(4, 0.9, rate("B", None, 0.5, 1.0)))
    svg = pictures.statement_plot(ranged, TEXTS)
    assert starts(svg, "pic-hollow") == [at(90, 75, 2.4)]
    assert starts(pictures.statement_plot(TWO, TEXTS), "pic-hollow") == []
    assert pictures.statement_plot_table(ranged, TEXTS).rows[0][3] == "at\u00a0least\u00a050%"


def test_findings_that_hold_have_their_rank_as_number_and_a_link() -> None:
    root = parse(pictures.statement_plot(TWO, TEXTS, href=lambda number: f"/s/{number}/"))
    links = [e for e in root.iter() if e.tag.endswith("}a")]
    assert [(e.get("href"), e.get("aria-label")) for e in links] == [
        ("/s/1/", "More benches"),
        ("/s/2/", "More <lamps>"),
    ]
    assert [e.text for e in with_class(root, "pic-badge")] == ["1", "1"]
    assert root.get("role") == "group"


def test_the_table_and_the_description_say_the_same() -> None:
    table = pictures.statement_plot_table(TWO, TEXTS)
    assert table.header == ("Statement", "What it is", "Group A", "Group B")
    assert table.rows == (
        ("More benches", "Middle ground 1", "90%, 80–100", "70%, 60–80"),
        ("More <lamps>", "Divisive 1", "20%, 10–30", "80%, 70–90"),
        ("Fewer signs", "neither for sure", "40%, 30–50", "50%, 40–60"),
    )
    said = parse(pictures.statement_plot(TWO, TEXTS))[1].text or ""
    assert "Middle ground 1: “More benches” (Group A 90%, Group B 70%)." in said
    assert "Divisive 1: “More <lamps>” (Group A 20%, Group B 80%)." in said


def test_of_thousands_of_statements_the_surest_have_marks() -> None:
    wide = [
        StatementFacts(n, rate("", 0.5, 0.4, 0.6), tuple(
            rate(g, 0.5, 0.5 - n / 20_000, 0.5 + n / 20_000) for g in "AB"
        ), 0.0, (), (0.0, 0.0))
        for n in range(10, 5_000)
    ]  # fmt: skip
    rows = pictures.statement_plot_table(
        mapped(*reversed(wide), SPLIT), {n: str(n) for n in range(5_000)}
    ).rows
    assert len(rows) == MOST_MARKS
    assert [row[0] for row in rows[:4]] == ["2", "10", "11", "12"]
    assert len(pictures.statement_plot(mapped(*wide), {})) < 40_000


@pytest.mark.parametrize("count", [5, 20])
def test_numbers_do_not_cover_one_another(count: int) -> None:
    alike = [statement(n, 0.9, 0.9) for n in range(1, count + 1)]
    crowded = replace(mapped(*alike), middle_ground=tuple(map(finding, alike)), divisive=())
    root = parse(pictures.statement_plot(crowded, {}))
    discs = [e for e in with_class(root, "pic-shared") if e.tag.endswith("circle")]
    at = [(float(e.get("cx") or 0), float(e.get("cy") or 0)) for e in discs]
    assert len(at) == 5
    apart = [
        max(abs(x - other_x), abs(y - other_y))
        for k, (x, y) in enumerate(at)
        for other_x, other_y in at[:k]
    ]
    assert min(apart) >= 18


SHARES = (0.0, 0.03, 0.2, 0.4, 0.6, 0.8, 0.97, 1.0)
EDGES = [(x, y) for x in SHARES for y in SHARES if {x, y} & {0.0, 0.03, 0.97, 1.0}]


def at_the_edges() -> dict[str, MapFacts]:
    """Maps in which many statements lie at 0 or at 100 percent, with findings among them."""
    items = [statement(n, *shares) for n, shares in enumerate(EDGES, start=1)]
    both = [item for item in items if min(rate.rate or 0 for rate in item.groups) == 1]
    split = [item for item in items if {rate.rate for rate in item.groups} == {0.0, 1.0}]
    two = replace(
        mapped(*items),
        middle_ground=tuple(map(finding, both)),
        divisive=tuple(map(finding, split)),
    )
    three = replace(
        mapped(*(statement(n, x, y, x) for n, (x, y) in enumerate(EDGES)), groups=(A, B, C)),
        middle_ground=(),
        divisive=(),
    )
    alone = tuple(
        StatementFacts(n, rate("", (0.05, 0.95)[n % 2], 0.0, 1 - 1e-9), (), 0.0, (), (0.0, 0.0))
        for n in range(30)
    )
    return {
        "two groups": two,
        "three groups": three,
        "none": replace(facts(A, status="one_group"), statements=alone),
    }


def words_in_corners(root: Element) -> dict[str, Box]:
    """Where the words of each corner stand, with 13 units to a line and 8 to a letter."""
    found = {}
    for each in with_class(root, "pic-halo"):
        x, y, said = float(each.get("x", 0)), float(each.get("y", 0)), each.text or ""
        left = x - 8 * len(said) if each.get("text-anchor") == "end" else x
        found[said] = Box(left, y - 11, left + 8 * len(said), y + 3.5)
    return found


RADII = {"pic-shared": 3.8, "pic-divisive": 4.6, "pic-other": 2.4}


def drawn(root: Element) -> list[Box]:
    """The boxes of all marks and of the numbers of what is shared."""
    svg = tostring(root, "unicode")
    marks = [
        box_at(x + r, y, 2 * r + 1, 2 * r + 1)
        for css, r in RADII.items()
        for x, y in starts(svg, css)
    ]
    discs = [each for each in with_class(root, "pic-shared") if each.tag.endswith("circle")]
    return marks + [
        box_at(float(disc.get("cx", 0)), float(disc.get("cy", 0)), 20, 20) for disc in discs
    ]


def covered(corners: dict[str, Box], shapes: list[Box]) -> set[str]:
    return {said for said, at in corners.items() if any(at.overlap(shape) for shape in shapes)}


def moved_inwards(at: Box, by: float) -> Box:
    down = by if at.top < 100 else -by
    return replace(at, top=at.top + down, bottom=at.bottom + down)


@pytest.mark.parametrize("name", ["two groups", "three groups", "none"])
def test_no_mark_covers_the_words_of_a_corner(name: str) -> None:
    root = parse(pictures.statement_plot(at_the_edges()[name], TEXTS))
    corners = words_in_corners(root)
    assert len(corners) == {"two groups": 4, "three groups": 3, "none": 2}[name]
    assert covered(corners, drawn(root)) == set()
    # The control: where the words would stand without bands of their own.
    inside = {said: moved_inwards(at, by=26) for said, at in corners.items()}
    assert covered(inside, drawn(root)) != set()
    frame = with_class(root, "pic-frame")[0]
    left, top = float(frame.get("x", 0)), float(frame.get("y", 0))
    right, bottom = left + float(frame.get("width", 0)), top + float(frame.get("height", 0))
    within = Box(left, top, right, bottom)
    assert all(at.outside(within) == 0 for at in corners.values())
    assert all(
        one.overlap(other) == 0
        for a, one in corners.items()
        for b, other in corners.items()
        if a < b
    )
