"""Ranges in a line that runs from right to left."""

from __future__ import annotations

from django.utils.translation import override

from middleground.core.languages.direction import isolated
from middleground.dialogues.results import figures


def test_a_range_keeps_its_order_where_lines_run_from_right_to_left() -> None:
    with override("ar"):
        assert isolated("10–14") == "\u206610–14\u2069"
        assert figures.words().count_between.format(low=10, high=14) == "\u206610–14\u2069"


def test_elsewhere_it_stays_as_it_is() -> None:
    """The control: no invisible character comes into other languages."""
    with override("es"):
        assert isolated("10–14") == "10–14"
        assert figures.words().count_between.format(low=10, high=14) == "10–14"


def test_only_what_matches_is_isolated() -> None:
    with override("fa"):
        assert isolated("میان 10–14", r"\d+–\d+") == "میان \u206610–14\u2069"
        assert isolated("10 تا 14", r"\d+–\d+") == "10 تا 14"
