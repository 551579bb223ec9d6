"""Which statements are owed an answer by the rules of their dialogue.

Computed from published maps only, so that the day on which a clock starts tells no more of anybody
than the map of that day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from middleground.answers.cases.rules import log_rules
from middleground.answers.models import AnswerRules, CaseConcern, Concern, OwedAnswer
from middleground.deadlines.clock import deadline_of
from middleground.deadlines.events import started
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.results.published import PublishedMap, newest_map

Why = OwedAnswer.Why


# By the primary key of the rules: for which map and thresholds they were looked at last.
_looked_at: dict[int, tuple[int, bool, int | None]] = {}


def note_thresholds() -> None:
    """Of all dialogues with rules that are no drafts: log the rules, and note what is owed."""
    open_ones = AnswerRules.objects.exclude(dialogue__state=Dialogue.State.DRAFT)
    for rules in open_ones.select_related("dialogue"):
        log_rules(rules)
        newest = rules.dialogue.maps.order_by("-pk").values_list("pk", flat=True).first()
        if newest is None:
            continue
        state = (newest, rules.middle_ground, rules.agreed_by)
        if _looked_at.get(rules.pk) != state:
            note_owed(rules)
            _looked_at[rules.pk] = state


def note_owed(rules: AnswerRules) -> int:
    """Note what reached a threshold in the newest map, and how many that are.

    What was set aside is open again then.
    """
    published = newest_map(rules.dialogue)
    if published is None:
        return 0
    dialogue = rules.dialogue
    since = timezone.localdate(published.made_at)
    due = deadline_of(rules.policy(), [started(since)]).due
    assert due is not None  # nothing pauses it
    with transaction.atomic():
        Dialogue.objects.select_for_update().get(pk=dialogue.pk)
        known = set(OwedAnswer.objects.filter(dialogue=dialogue).values_list("number", flat=True))
        new = {number: why for number, why in _reached(rules, published) if number not in known}
        OwedAnswer.objects.bulk_create(
            OwedAnswer(dialogue=dialogue, number=number, why=why, since=since, due_on=due)
            for number, why in sorted(new.items())
        )
        Concern.objects.filter(dialogue=dialogue, number__in=new).exclude(set_aside="").update(
            set_aside="", note="", same_as=None, set_aside_on=None
        )
    return len(new)


def _reached(rules: AnswerRules, published: PublishedMap) -> Iterator[tuple[int, Why]]:
    """Numbers of shown statements; where both thresholds are reached, the middle ground counts."""
    shown = {
        key: each.number
        for key, each in published.statements.items()
        if each.status == Statement.Status.APPROVED
    }
    if rules.agreed_by:
        for key, number in shown.items():
            if published.total(key).low.agree >= rules.agreed_by:
                yield number, Why.AGREED
    if rules.middle_ground and len(published.facts.groups) > 1:
        for finding in published.facts.middle_ground:
            if finding.holds and finding.statement in shown:
                yield shown[finding.statement], Why.MIDDLE_GROUND


def owed_since(dialogue: Dialogue, numbers: Collection[int]) -> date | None:
    """Since when the first of these statements is owed an answer."""
    owed = OwedAnswer.objects.filter(dialogue=dialogue, number__in=numbers)
    since: date | None = owed.aggregate(Min("since"))["since__min"]
    return since


def owed_in_no_case(dialogue: Dialogue) -> set[int]:
    """Numbers of statements that are owed an answer and that nobody gathered yet."""
    gathered = CaseConcern.objects.filter(concern__dialogue=dialogue).values("concern__number")
    owed = OwedAnswer.objects.filter(dialogue=dialogue).exclude(number__in=gathered)
    return set(owed.values_list("number", flat=True))
