"""All pictures are well-formed, named, escaped, without inline style, and have a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from middleground import pictures
from middleground.engine.facts import Group, Rate, Tally, UnmetMinimum
from pictures.samples import (
    MARKS,
    MIXED,
    PROMISED,
    STAGES,
    VOTES,
    WAYS,
    A,
    B,
    facts,
    parse,
    words_of,
)
from pictures.test_statement_plot import TEXTS, TWO

HOSTILE = "</title><script>alert(1)</script>\" onload='x' & \x00\x1b\u202etxt.exe ]]>"
SERIES = pictures.Series(
    tuple(pictures.SeriesPoint(f"{year}", year % 7, 0, 9) for year in range(2000, 2012)),
    "Ships, a year",
    "Port & City",
    "ships",
)
EMPTY = facts(status="too_little", unmet_minimums=(UnmetMinimum("participants", 3, 20),))

ALL: dict[str, Callable[..., str]] = {
    "map": lambda **o: pictures.opinion_map(facts(A, B), you=(0, 0), **o),
    "marks": lambda **o: pictures.opinion_map(facts(A, B, marks=MARKS), you=(0, 0), **o),
    "zoom": lambda **o: pictures.opinion_map(facts(A, B), zoom="A", **o),
    "links": lambda **o: pictures.opinion_map(
        facts(A, B, marks=MARKS), href=lambda g: f"?g={g}&x=1", **o
    ),
    "one group": lambda **o: pictures.opinion_map(facts(status="one_group"), you=(0, 0), **o),
    "too little": lambda **o: pictures.opinion_map(EMPTY, **o),
    "rates": lambda **o: pictures.rate_bars(MIXED, **o),
    "no rates": lambda **o: pictures.rate_bars([], **o),
    "votes": lambda **o: pictures.vote_bars(VOTES, **o),
    "days": lambda **o: pictures.participation_chart([("Mon", 40), ("Tue", 3)], **o),
    "no days": lambda **o: pictures.participation_chart([], **o),
    "sure": lambda **o: pictures.sureness(facts(A, B), **o),
    "flow": lambda **o: pictures.flow(WAYS, STAGES, **o),
    "no flow": lambda **o: pictures.flow([], STAGES, **o),
    "small tree": lambda **o: pictures.log_tree(2, 7, **o),
    "large tree": lambda **o: pictures.log_tree(123_456, 1_000_000, **o),
    "one entry": lambda **o: pictures.log_tree(0, 1, **o),
    "series": lambda **o: pictures.series_chart(SERIES, **o),
    "due days": lambda **o: pictures.due_days(PROMISED, date(2026, 7, 3), str, **o),
    "no due days": lambda **o: pictures.due_days([], date(2026, 7, 3), str, **o),
    "progress": lambda **o: pictures.progress_bar(3, 4, **o),
    "statements": lambda **o: pictures.statement_plot(TWO, TEXTS, **o),
    "links of statements": lambda **o: pictures.statement_plot(TWO, TEXTS, href=str, **o),
    "no statements": lambda **o: pictures.statement_plot(facts(A, B), {}, **o),
}


@pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
def test_a_picture_is_named_and_has_no_style_or_script(draw: Callable[..., str]) -> None:
    svg = draw(prefix="p1")
    root = parse(svg)
    title, desc = root[0], root[1]
    assert (title.tag[-5:], desc.tag[-4:]) == ("title", "desc")
    assert root.get("aria-labelledby") == "p1-title p1-desc"
    assert (title.get("id"), desc.get("id")) == ("p1-title", "p1-desc")
    assert title.text
    assert desc.text
    assert re.findall(r"\sstyle=|<style|<script|\son[a-z]+=", svg) == []
    assert re.findall(r"\{\w*\}", svg) == []  # no unfilled placeholder remains


@pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
def test_every_id_has_the_prefix_and_every_reference_its_target(draw: Callable[..., str]) -> None:
    svg = draw(prefix="p7")
    ids = re.findall(r' id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert [name for name in ids if not name.startswith("p7-")] == []
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(ids)


@pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
def test_every_class_is_in_the_stylesheet(draw: Callable[..., str]) -> None:
    used = {name for names in re.findall(r'class="([^"]+)"', draw()) for name in names.split()}
    styled = set(re.findall(r"\.(pic[\w-]*)", pictures.css()))
    assert used - styled == set()


@pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
def test_a_standalone_picture_embeds_stylesheet_and_background(draw: Callable[..., str]) -> None:
    root = parse(draw(standalone=True))
    styles = [e for e in root.iter() if e.tag.endswith("style")]
    assert [e.text for e in styles] == [pictures.css()]


@pytest.mark.parametrize("draw", ALL.values(), ids=ALL)
def test_drawing_twice_gives_the_same_bytes(draw: Callable[..., str]) -> None:
    assert draw() == draw()


def test_a_map_with_links_has_the_role_of_a_group() -> None:
    assert parse(ALL["map"]()).get("role") == "img"
    assert parse(ALL["links"]()).get("role") == "group"


@pytest.mark.parametrize(
    "draw",
    [
        lambda text: pictures.opinion_map(facts(A, B), {7: text}),
        lambda text: pictures.opinion_map(facts(A, B), href=lambda _: text),
        lambda text: pictures.participation_chart([(text, 5), (text, 9)]),
        lambda text: pictures.flow([pictures.FlowPath((text, text), 2)], [text, text]),
        lambda text: pictures.rate_bars(MIXED, words=pictures.Words(everyone=text)),
        lambda text: pictures.opinion_map(facts(A, B), you=(0, 0), words=pictures.Words(you=text)),
    ],
    ids=["statement", "address", "day", "way", "word", "pin"],
)
def test_hostile_text_stays_text(draw: Callable[[str], str]) -> None:
    svg = draw(HOSTILE)
    root = parse(svg)  # a control character would stop the parser
    assert "alert(1)" in svg  # the text is in the picture
    assert [e.tag for e in root.iter() if "script" in e.tag] == []
    assert [k for e in root.iter() for k in e.attrib if k.startswith("on")] == []
    assert "\u202e" not in svg


@pytest.mark.parametrize("prefix", ["", "1a", "a b", 'a"', "a<"])
def test_a_prefix_that_cannot_be_an_id_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="must be a letter"):
        pictures.progress_bar(1, 2, prefix=prefix)


@pytest.mark.parametrize(
    ("svg", "table"),
    [
        (pictures.rate_bars(MIXED), pictures.rate_bars_table(MIXED)),
        (pictures.vote_bars(VOTES), pictures.vote_bars_table(VOTES)),
        (
            pictures.opinion_map(facts(A, B), rounding=10),
            pictures.opinion_map_table(facts(A, B), rounding=10),
        ),
        (pictures.opinion_map(EMPTY), pictures.opinion_map_table(EMPTY)),
        (pictures.log_tree(18, 77), pictures.log_tree_table(18, 77)),
        (pictures.sureness(facts(A, B)), pictures.sureness_table(facts(A, B))),
    ],
    ids=["rates", "votes", "map", "empty", "tree", "sure"],
)
def test_the_first_figures_of_the_table_are_in_the_picture(svg: str, table: pictures.Table) -> None:
    seen = " ".join(words_of(parse(svg))).replace("\u00a0", " ")
    for row in table.rows:
        figure = row[1].replace("\u00a0", " ").removesuffix(" %")
        assert figure in seen
        assert len(row) == len(table.header)


def test_a_group_below_the_minimum_is_withheld_everywhere() -> None:
    four = Group("A", 4, 3, (0, 0), (1, 0, 1), ())
    few = facts(four, B)
    rates = [Rate("A", 0.123, 0.1, 0.2, Tally(3, 1, 0))]
    votes = [pictures.CountedVotes("A", rates[0].tally, rates[0].tally)]
    shown = [
        pictures.opinion_map(few),
        *(cell for row in pictures.opinion_map_table(few).rows[:1] for cell in row),
        pictures.sureness(few),
        pictures.rate_bars(rates),
        *pictures.rate_bars_table(rates).rows[0],
        pictures.vote_bars(votes),
        *pictures.vote_bars_table(votes).rows[0],
    ]
    leaks = [text for text in shown if re.search(r"\b(4\u00a0people|12%|3 agree|>3<)", text)]
    assert leaks == []
    # The control: without a minimum the same figures appear.
    assert "4\u00a0people" in pictures.opinion_map(few, minimum=0)
    assert "12%" in pictures.rate_bars(rates, minimum=0)
    assert "3 agree" in pictures.vote_bars(votes, minimum=0)
