"""Which concerns are open, and which of them belong together.

Bundles are made from the newest published map. They never hide the concerns of the smallest group
behind those of the largest: it has a bundle of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from middleground.answers.agreement import middle_ground, smallest_group_alone
from middleground.answers.models import Case, CaseConcern, Concern, OwedAnswer, Suggestions
from middleground.answers.queries import OwedNote, owed_notes_of
from middleground.answers.thresholds import owed_in_no_case
from middleground.answers.triage.suggestions import similar_statements
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.results.published import newest_map
from middleground.texts.similarity import Similar
from middleground.threads.models import Comment

UNSEEN_DAYS = 7


@dataclass(slots=True)
class OpenConcern:
    """A shown statement or comment of which nothing became yet, with what may belong to it."""

    raised: Statement | Comment
    chosen: bool = False
    similar: list[Similar[Statement]] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)  # of similar statements
    owed: OwedNote | None = None


def open_statements(dialogue: Dialogue) -> QuerySet[Statement]:
    """The shown statements that are in no case and not set aside, by number."""
    return dialogue.statements.votable().exclude(_looked_at(dialogue)).order_by("number")


def open_comments(dialogue: Dialogue) -> QuerySet[Comment]:
    """The shown comments that are in no case and not set aside, by number.

    Nobody has to look at them all: a comment is a concern when staff take it up. What posts of
    bodies say is none: who answers raises nothing.
    """
    shown = dialogue.comments.visible().of_participants().exclude(_looked_at(dialogue))
    return shown.with_subjects().order_by("number")


def _looked_at(dialogue: Dialogue) -> Q:
    concerns = Concern.objects.filter(dialogue=dialogue)
    linked = CaseConcern.objects.filter(concern__dialogue=dialogue).values("concern__number")
    aside = concerns.exclude(set_aside="").values("number")
    return Q(number__in=linked) | Q(number__in=aside)


def with_suggestions(
    dialogue: Dialogue,
    texts: Iterable[Statement | Comment],
    chosen: frozenset[int],
    kept: Suggestions | None,
) -> list[OpenConcern]:
    """The texts with statements that say nearly the same, and the cases of these."""
    texts = list(texts)
    numbers = [each.number for each in texts]
    owed = owed_notes_of(OwedAnswer.objects.filter(dialogue=dialogue, number__in=numbers))
    similar = similar_statements(dialogue, texts, kept)
    concerns = [
        OpenConcern(
            each,
            each.number in chosen,
            similar.get(each.number, []),
            owed=owed.get(each.number),
        )
        for each in texts
    ]
    cases = _cases_of(dialogue, {s.statement.number for each in concerns for s in each.similar})
    for concern in concerns:
        found = {
            case.pk: case
            for each in concern.similar
            for case in cases.get(each.statement.number, [])
        }
        concern.cases = list(found.values())
    return concerns


def _cases_of(dialogue: Dialogue, numbers: set[int]) -> dict[int, list[Case]]:
    links = CaseConcern.objects.filter(case__dialogue=dialogue, concern__number__in=numbers)
    found: dict[int, list[Case]] = {}
    for link in links.select_related("case__dialogue", "concern"):
        found.setdefault(link.concern.number, []).append(link.case)
    return found


# Bundles


def bundle_numbers(name: str, dialogue: Dialogue, today: date) -> set[int] | None:
    """The numbers of the statements in a bundle, or None if there is no bundle of this name."""
    if name == "unseen":
        received = dialogue.statements.filter(received_on__lte=today - timedelta(days=UNSEEN_DAYS))
        return set(received.values_list("number", flat=True))
    if name == "owed":
        return owed_in_no_case(dialogue)
    choose = _BY_MAP.get(name)
    if choose is None:
        return None
    published = newest_map(dialogue)
    return choose(published) if published is not None else set()


_BY_MAP = {"middle-ground": middle_ground, "smallest-group": smallest_group_alone}
COMMENTS = "comments"  # no bundle, but is asked for like one
