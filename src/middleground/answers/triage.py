"""Which concerns are open, and which of them belong together.

Bundles are made from the newest published map. They never hide the concerns of the smallest group
behind those of the largest: it has a bundle of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from middleground.answers.models import Case, CaseConcern, Concern, OwedAnswer
from middleground.answers.queries import OwedNote, owed_notes_of
from middleground.answers.thresholds import owed_in_no_case
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.results.published import PublishedMap, newest_map
from middleground.dialogues.texts.search import similar_to_each
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

    Nobody has to look at them all: a comment is a concern when staff take it up.
    """
    shown = dialogue.comments.visible().exclude(_looked_at(dialogue))
    return shown.with_subjects().order_by("number")


def _looked_at(dialogue: Dialogue) -> Q:
    concerns = Concern.objects.filter(dialogue=dialogue)
    linked = CaseConcern.objects.filter(concern__dialogue=dialogue).values("concern__number")
    aside = concerns.exclude(set_aside="").values("number")
    return Q(number__in=linked) | Q(number__in=aside)


def with_suggestions(
    dialogue: Dialogue, texts: Iterable[Statement | Comment], chosen: frozenset[int]
) -> list[OpenConcern]:
    """The texts with statements that say nearly the same, and the cases of these."""
    texts = list(texts)
    numbers = [each.number for each in texts]
    owed = owed_notes_of(OwedAnswer.objects.filter(dialogue=dialogue, number__in=numbers))
    similar = similar_to_each(texts, dialogue, dialogue.statements.votable(), 3)
    concerns = [
        OpenConcern(
            each,
            each.number in chosen,
            similar.get(each.pk, []),
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


def _middle_ground(published: PublishedMap) -> set[int]:
    found = (each.statement for each in published.facts.middle_ground if each.holds)
    return _numbers(published, found)


def _smallest_group(published: PublishedMap) -> set[int]:
    """What the smallest group agrees with and no other does, as far as the intervals tell."""
    groups = published.facts.groups
    if len(groups) < 2:
        return set()
    smallest = min(groups, key=lambda group: group.size).label
    found = []
    for item in published.facts.statements:
        theirs = [rate for rate in item.groups if rate.group == smallest]
        others = [rate for rate in item.groups if rate.group != smallest]
        if theirs and theirs[0].low > 0.5 and others and all(rate.high < 0.5 for rate in others):
            found.append(item.statement)
    return _numbers(published, found)


def _numbers(published: PublishedMap, keys: Iterable[int]) -> set[int]:
    return {published.statements[key].number for key in keys if key in published.statements}


_BY_MAP = {"middle-ground": _middle_ground, "smallest-group": _smallest_group}
COMMENTS = "comments"  # no bundle, but is asked for like one
