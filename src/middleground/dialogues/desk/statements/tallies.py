"""How people answered statements, for staff: in steps, as everywhere while a dialogue is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count

from middleground.dialogues.models import Statement, Vote
from middleground.disclosure.rounding import floor_to_step


def rounded_tallies(statements: Iterable[Statement], step: int) -> dict[int, dict[str, int]]:
    """Votes on each statement by value, rounded down to a multiple of ``step``."""
    names = {1: "agree", -1: "disagree", 0: "passed"}
    keys = [statement.pk for statement in statements]
    tallies: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(names.values(), 0))
    rows = Vote.objects.filter(statement_id__in=keys).values_list("statement_id", "value")
    for key, value, count in rows.annotate(count=Count("participant_id")).order_by():
        tallies[key][names[value]] = floor_to_step(count, step)
    return {key: tallies[key] for key in keys}
