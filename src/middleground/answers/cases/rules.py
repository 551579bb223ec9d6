"""What the host promises about answers: set before a dialogue opens, only stricter afterwards."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from middleground.answers.cases.refusals import CaseRefused
from middleground.answers.models import AnswerRules
from middleground.dialogues.models import Dialogue


def rules_of(dialogue: Dialogue) -> AnswerRules:
    """The dialogue's rules; if it has none yet, proposed ones that are not stored."""
    return AnswerRules.objects.filter(dialogue=dialogue).first() or AnswerRules(dialogue=dialogue)


@transaction.atomic
def set_rules(rules: AnswerRules) -> AnswerRules:
    """Store the rules. Raises ``CaseRefused`` if people took part under stricter ones."""
    dialogue = Dialogue.objects.select_for_update().get(pk=rules.dialogue_id)
    before = AnswerRules.objects.filter(dialogue=dialogue).first()
    if before is not None and dialogue.phase(timezone.now()) != "draft":
        _check_stricter(before, rules)
    rules.full_clean()
    rules.save()
    return rules


def _check_stricter(before: AnswerRules, after: AnswerRules) -> None:
    """Each part of the promise must be kept or be made stricter."""
    looser = (
        _time(after) > _time(before)
        or after.very_overdue_after > before.very_overdue_after
        or (before.middle_ground and not after.middle_ground)
        or (before.reviewed and not after.reviewed)
        or _is_looser(before.agreed_by, after.agreed_by)
        or not set(after.closing_days) <= set(before.closing_days)
        or (after.country, after.subdivision) != (before.country, before.subdivision)
    )
    if looser:
        raise CaseRefused("only_stricter")


def _time(rules: AnswerRules) -> tuple[int, int]:
    """Days, and whether they are working days: so many of these never end earlier."""
    return rules.days, rules.counting == AnswerRules.Counting.WORKING


def _is_looser(before: int | None, after: int | None) -> bool:
    return before is not None and (after is None or after > before)
