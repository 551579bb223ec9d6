"""Facts written by hand, small enough to check every coordinate, and a reader of pictures."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

from middleground.engine.facts import (
    Diagnostics,
    Group,
    MapFacts,
    Mark,
    PlacementModel,
    Rate,
    Representative,
    Status,
    Tally,
    UnmetMinimum,
)
from middleground.pictures import CountedVotes, DueLine, FlowPath

SVG = "{http://www.w3.org/2000/svg}"

A = Group(
    "A", 123, 100, (-2.0, 0.0), (0.25, 0.0, 0.25), (Representative(7, "agree", 0.9, 0.2, 0.99),)
)
B = Group("B", 47, 30, (2.0, 0.0), (0.25, 0.0, 0.25), ())

# As published: on a lattice, several at one place. A has 7 marks of 15 people, B has 3.
MARKS = (
    *(Mark("A", x, y) for x, y in ((-3.0, 0.0), (-2.0, 0.0), (-2.0, 0.0), (-2.0, 0.5))),
    *(Mark("A", x, y) for x, y in ((-1.0, 0.0), (-1.0, -0.5), (0.0, 0.0))),
    *(Mark("B", x, y) for x, y in ((1.0, 0.0), (2.0, 0.5), (3.0, 0.0))),
)

MIXED = (
    Rate("", 0.5, 0.45, 0.55, Tally(50, 30, 20)),
    Rate("A", 0.71, 0.64, 0.78, Tally(2, 1, 3)),
    Rate("B", 0.9, 0.2, 1.0, Tally(3, 1, 0)),
)

# Exact counts, a published step with a range of none, and a step twice as wide.
VOTES = (
    CountedVotes("", Tally(50, 30, 20), Tally(50, 30, 20)),
    CountedVotes("A", Tally(25, 5, 0), Tally(29, 9, 4)),
    CountedVotes("B", Tally(10, 15, 0), Tally(19, 19, 9)),
)

PROMISED = (
    DueLine(
        "1. Two patrols", date(2026, 5, 4), (date(2026, 6, 1), date(2026, 6, 30)), "open", "late"
    ),
    DueLine("2. Six lamps", date(2026, 5, 4), (date(2026, 9, 1),), "open", "to come"),
    DueLine(
        "3. A sign", date(2026, 5, 4), (date(2026, 6, 1),), "kept", "kept", date(2026, 6, 4)
    ),
    DueLine(
        "4. A gate whose name is longer than there is room for", date(2026, 5, 4),
        (date(2026, 7, 1),), "given up", "given up", date(2026, 6, 4),
    ),
)  # fmt: skip
STAGES = ("Concerns", "Body", "Answer")
WAYS = (
    FlowPath(("all", "Police", "answered"), 60),
    FlowPath(("all", "Police", "overdue"), 20),
    FlowPath(("all", "A body with a very long name", "answered"), 10),
    FlowPath(("all", "nobody"), 10),
    FlowPath(("all", "elsewhere"), 0),
)


def facts(
    *groups: Group,
    status: Status = "groups",
    unmet_minimums: tuple[UnmetMinimum, ...] = (),
    marks: tuple[Mark, ...] = (),
) -> MapFacts:
    return MapFacts(
        status=status,
        unmet_minimums=unmet_minimums,
        groups=groups,
        statements=(),
        middle_ground=(),
        divisive=(),
        diagnostics=Diagnostics(200, 184, 14, 40, 3000, 22.0, 0.97, 0.1),
        model=PlacementModel(0.0, 1.0, 1.0, (1.0, 1.0), ()),
        options={},
        seed=0,
        engine_version="1",
        input_hash="x",
        people_per_mark=15 if marks else 0,
        marks=marks,
    )


def parse(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def words_of(root: ElementTree.Element) -> list[str]:
    """The visible texts, in order."""
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def with_class(root: ElementTree.Element, css: str) -> list[ElementTree.Element]:
    return [e for e in root.iter() if css in (e.get("class") or "").split()]
