"""Promised days on a time line: every slip keeps its mark."""

from __future__ import annotations

from datetime import date

from middleground.pictures import Table, due_days, due_days_table
from pictures.samples import PROMISED, parse, with_class, words_of

TODAY = date(2026, 7, 3)


def test_each_mark_is_on_its_day() -> None:
    """From May 4 to September 1 are 120 days on 384 units, so 3.2 units a day."""
    root = parse(due_days(PROMISED, TODAY, str))
    assert [ring.get("cx") for ring in with_class(root, "pic-series-mark")] == ["97.6", "14"]
    assert [dot.get("cx") for dot in with_class(root, "pic-pin")] == ["190.4", "392", "214"]
    # Late until today, and until the day on which it was kept; a tick, a cross, and the legend's.
    assert [way.get("d") for way in with_class(root, "pic-way")] == [
        "M190.40 62H200.00",
        "M97.60 150H107.20", "M102.20 150l4 4l7 -9",
        "M103.20 190l8 8m0 -8l-8 8",
        "M9.00 266l4 4l7 -9", "M210.00 262l8 8m0 -8l-8 8",
    ]  # fmt: skip
    assert words_of(root) == [
        "today", "1. Two patrols", "late", "2. Six lamps", "to come", "3. A sign", "kept",
        "4. A gate whose name is longer than…", "given up", "2026-05-04", "2026-09-01",
        "due day that slipped", "due day", "kept", "given up",
    ]  # fmt: skip


def test_the_table_and_the_description_have_each_day() -> None:
    gate = "4. A gate whose name is longer than there is room for"
    may = "2026-05-04"
    assert due_days_table(PROMISED, str) == Table(
        ("What", "Promised on", "First due on", "Slipped to", "State"),
        (
            ("1. Two patrols", may, "2026-06-01", "2026-06-30", "late"),
            ("2. Six lamps", may, "2026-09-01", "—", "to come"),
            ("3. A sign", may, "2026-06-01", "—", "kept on 2026-06-04"),
            (gate, may, "2026-07-01", "—", "given up on 2026-06-04"),
        ),
    )
    told = parse(due_days(PROMISED, TODAY, str))[1].text or ""
    assert (
        "1. Two patrols: 2026-06-01 → 2026-06-30; late. 2. Six lamps: 2026-09-01; to come." in told
    )
