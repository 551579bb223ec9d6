"""What became of a concern, as lists, statements' pages and "My votes" tell it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from middleground.answers.models import Concern, Response
from middleground.answers.queries import (
    AsideNote,
    CaseLine,
    ConcernRow,
    ConcernState,
    answers_that_stand,
    concern_rows,
)
from middleground.dialogues.models import Dialogue, Statement


@dataclass(frozen=True, slots=True)
class CaseNews:
    """A case of a concern, and the answer that stands."""

    line: CaseLine
    response: Response | None


@dataclass(frozen=True, slots=True)
class ConcernNews:
    """A concern in its people's own words, and what became of it."""

    number: int
    text: str
    address: str
    state: ConcernState
    cases: tuple[CaseNews, ...]
    aside: AsideNote | None


def news_of(dialogue: Dialogue, rows: Sequence[ConcernRow]) -> list[ConcernNews]:
    """Two queries."""
    texts = {
        each.pk: each
        for each in Statement.objects.filter(pk__in=[row.statement_id for row in rows])
    }
    answers = answers_that_stand(line for row in rows for line in row.cases)
    found = []
    for row in rows:
        statement = texts[row.statement_id]
        statement.dialogue = dialogue
        cases = tuple(CaseNews(line, answers.get(line.pk)) for line in row.cases)
        address = statement.get_absolute_url()
        news = ConcernNews(row.number, statement.text, address, row.state, cases, row.aside)
        found.append(news)
    return found


def news_by_statement(
    dialogue: Dialogue, statements: Collection[int], today: date
) -> dict[int, ConcernNews]:
    """By the statement's primary key; only of those that somebody has looked at."""
    looked_at = Concern.objects.filter(dialogue=dialogue, statement__in=statements)
    known = list(looked_at.values_list("statement_id", flat=True))
    if not known:  # mostly so while a dialogue is open
        return {}
    rows = concern_rows(dialogue, today, [pk for pk in known if pk is not None])
    seen = [row for row in rows if row.state is not ConcernState.UNSEEN]
    if not seen:
        return {}
    news = news_of(dialogue, seen)
    return {row.statement_id: each for row, each in zip(seen, news, strict=True)}
