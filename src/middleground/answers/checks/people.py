"""Who is asked in a check, found by a token alone: nothing here stores who somebody is."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from middleground.answers.models import CheckAnswer, ResidentCheck
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, Participant, Statement
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.queries import votes_of
from middleground.dialogues.results.published import final_map, places_on_map, sure_group
from middleground.dialogues.texts.marks import marked_by
from middleground.disclosure.resident_checks import OTHERS, RAISED
from middleground.threads.models import Comment

Stage = ResidentCheck.Stage


@dataclass(frozen=True, slots=True)
class AskedCheck:
    """A check in which this person may answer, and what they said so far."""

    check: ResidentCheck
    kind: str
    said: str


def answer_mark(token: bytes, check_id: int) -> str:
    """Lets a person count once in a check; no other row has anything in common with it."""
    return hmac.digest(token, f"check\0{check_id}".encode(), "sha256")[:16].hex()


def asked_checks(
    dialogue: Dialogue, checks: Iterable[ResidentCheck], token: bytes
) -> list[AskedCheck]:
    """Those of the dialogue's ``checks`` that are open and ask this person. Six queries at most."""
    still_open = [check for check in checks if check.is_open]
    if not still_open:
        return []
    raised = _raised_by(token, {check.case_id for check in still_open})
    other = _kind_of_participant(dialogue, token, still_open)
    kinds = {
        check.pk: RAISED if check.case_id in raised else other
        for check in still_open
        if check.case_id in raised or check.stage == Stage.ANYONE
    }
    marks = {answer_mark(token, pk): pk for pk, kind in kinds.items() if kind}
    rows = CheckAnswer.objects.filter(mark__in=marks).values_list("mark", "said")
    said = {marks[mark]: said for mark, said in rows} if marks else {}
    return [
        AskedCheck(check, kind, said.get(check.pk, ""))
        for check in still_open
        if (kind := kinds.get(check.pk))
    ]


def marked_texts(cases: Collection[int] | QuerySet[Any]) -> Iterator[tuple[Any, str]]:
    """The texts with a mark that cases are about, and the name of the field with the case.

    Whoever wrote a statement that was merged into one of them raised it, too.
    """
    for model, way in (
        (Statement, "concern__links__case"),
        (Statement, "merged_into__concern__links__case"),
        (Comment, "concern__links__case"),
    ):
        texts: ModeratedTextQuerySet[Any] = kind_of(model).texts
        yield texts.filter(mark__isnull=False, **{f"{way}__in": cases}).order_by(), way


def _raised_by(token: bytes, cases: set[int]) -> set[int]:
    """The cases of which this token wrote and marked a text."""
    return {case for texts, way in marked_texts(cases) for case in marked_by(token, texts, way)}


def _kind_of_participant(dialogue: Dialogue, token: bytes, checks: Iterable[ResidentCheck]) -> str:
    """Of which kind somebody is who did not raise it; empty if they are not asked.

    Only people whose votes count are, and only while the dialogue's key exists. Opinion groups are
    told apart only by the final map, since those of an earlier one may be others tomorrow.
    """
    asked = any(check.stage == Stage.ANYONE for check in checks)
    if not asked or dialogue.key_destroyed_on:
        return ""
    person = pseudonym(dialogue.pk, token)
    apart = (Participant.Tier.UNCONFIRMED, *dialogue.uncounted_tiers)
    counted = Participant.objects.filter(pk=person, set_aside_hour=None).exclude(tier__in=apart)
    counted = counted.exclude(batch__is_set_aside=True)
    if not counted.exists():
        return ""
    published = final_map(dialogue)
    labels = groups_of(dialogue)
    if published is None or not labels:
        return OTHERS
    [place] = places_on_map(published, [each.values for each in votes_of({person}).values()])
    return sure_group(place, labels) or OTHERS


def groups_of(dialogue: Dialogue) -> list[str]:
    """The labels of the opinion groups of the final map, if there are any."""
    published = final_map(dialogue)
    if published is None or published.facts.status != "groups":
        return []
    return [group.label for group in published.facts.groups]
