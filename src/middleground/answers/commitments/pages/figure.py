"""The picture of due days with each slip, and its table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from middleground.answers.commitments.pages.lines import ShownCommitment
from middleground.answers.commitments.story import CommitmentState
from middleground.core import dates
from middleground.dialogues.results.figures import Figure, words
from middleground.pictures import DueLine, due_days, due_days_table

MOST_LINES = 30


def due_figure(lines: Sequence[DueLine], today: date, file: str = "") -> Figure:
    svg = due_days(lines, today, dates.day, words=words())
    table = due_days_table(lines, dates.day, words=words())
    caption = _("What was promised, by due day")
    safe = mark_safe(svg)  # noqa: S308 -- escaped by us
    return Figure("due", safe, table, caption, "", file)


def due_line(shown: ShownCommitment, state: CommitmentState) -> DueLine:
    row = shown.row
    return DueLine(
        what=f"{row.number}. {row.what}",
        made=row.made_on,
        days=state.days,
        outcome=state.status,
        told=str(shown.standing.label),
        ended=row.ended_on,
    )
