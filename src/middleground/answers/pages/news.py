"""What became of a concern, as lists, statements' pages and "My votes" tell it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext

from middleground.answers.checks.told import ToldCheck, checks_of_answers
from middleground.answers.models import OwedAnswer, Response, place_of
from middleground.answers.queries import (
    AsideNote,
    CaseLine,
    ConcernRow,
    ConcernState,
    OwedNote,
    answers_that_stand,
    concern_rows,
)
from middleground.dialogues.models import Dialogue, Statement
from middleground.threads.models import Comment
from middleground.threads.subjects import subject_of


@dataclass(frozen=True, slots=True)
class ToldCase:
    """A case of a concern, and the answer that stands."""

    line: CaseLine
    response: Response | None
    residents: ToldCheck | None  # of an answer that stands
    is_told_above: bool = False  # an earlier concern of the list tells it


@dataclass(frozen=True, slots=True)
class ConcernNews:
    """A concern in its people's own words, and what became of it."""

    number: int
    text: str
    address: str
    place: str  # below what a comment stands; empty for statements
    state: ConcernState
    cases: tuple[ToldCase, ...]
    aside: AsideNote | None
    owed: OwedNote | None


def residents_of(rows: Sequence[ConcernRow]) -> dict[int, ToldCheck]:
    """What residents say of the answers, by the case's primary key. One query."""
    answered = ConcernState.ANSWERED
    return checks_of_answers({c.pk for row in rows for c in row.cases if c.state is answered})


def news_of(
    dialogue: Dialogue, rows: Sequence[ConcernRow], residents: Mapping[int, ToldCheck]
) -> list[ConcernNews]:
    """Three queries at most."""
    statements = Statement.objects.in_bulk([row.statement_id for row in rows if row.statement_id])
    pks = [row.comment_id for row in rows if row.comment_id]
    comments = Comment.objects.with_subjects().in_bulk(pks) if pks else {}
    answers = answers_that_stand(line for row in rows for line in row.cases)
    found = []
    for row in rows:
        comment = comments.get(row.comment_id or 0)
        raised = comment or statements[row.statement_id or 0]
        raised.dialogue = dialogue
        is_public = not comment or _is_public(comment)
        news = ConcernNews(
            number=row.number,
            text=raised.text if is_public else gettext("No longer shown"),
            address=raised.get_absolute_url() if is_public else "",
            place=place_of(comment) if comment else "",
            state=row.state,
            cases=tuple(
                ToldCase(line, answers.get(line.pk), residents.get(line.pk)) for line in row.cases
            ),
            aside=row.aside,
            owed=row.owed,
        )
        found.append(news)
    return found


def told_once(listed: Sequence[ConcernNews]) -> list[ConcernNews]:
    """The same list, in which each case is told with the first concern that it holds."""
    told: set[int] = set()
    found = []
    for news in listed:
        cases = tuple(replace(each, is_told_above=each.line.pk in told) for each in news.cases)
        told.update(each.line.pk for each in news.cases)
        found.append(replace(news, cases=cases))
    return found


def _is_public(comment: Comment) -> bool:
    """Whether its page is shown: what it is about may be hidden."""
    comment.thread.dialogue = comment.dialogue
    subject = subject_of(comment.thread)
    return subject is not None and subject.is_public


def news_by_statement(
    dialogue: Dialogue, statements: Collection[int], today: date
) -> dict[int, ConcernNews]:
    """By the statement's primary key; of those that somebody looked at or that are owed an answer.

    One query if there is none, as mostly while a dialogue is open.
    """
    owed = OwedAnswer.objects.filter(dialogue=dialogue).values("number")
    has_news = Q(concern__isnull=False) | Q(number__in=owed)
    known = dialogue.statements.filter(has_news, pk__in=statements).values_list("pk", flat=True)
    if not known:
        return {}
    rows = concern_rows(dialogue, today, list(known))
    seen = [row for row in rows if row.owed or row.state is not ConcernState.UNSEEN]
    if not seen:
        return {}
    news = news_of(dialogue, seen, residents_of(seen))
    return {row.statement_id or 0: each for row, each in zip(seen, news, strict=True)}


def news_by_comment(
    dialogue: Dialogue, comments: Collection[int], today: date
) -> dict[int, ConcernNews]:
    """By the comment's primary key; of those that staff took up. One query if there is none."""
    taken_up = dialogue.comments.filter(concern__isnull=False, pk__in=comments)
    known = list(taken_up.values_list("pk", flat=True))
    rows = concern_rows(dialogue, today, (), known) if known else []
    seen = [row for row in rows if row.state is not ConcernState.UNSEEN]
    news = news_of(dialogue, seen, residents_of(seen)) if seen else []
    return {row.comment_id or 0: each for row, each in zip(seen, news, strict=True)}
