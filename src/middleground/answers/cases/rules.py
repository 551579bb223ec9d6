"""What the host promises about answers: set before a dialogue opens, only stricter afterwards."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from middleground.answers.cases.refusals import CaseRefused
from middleground.answers.models import AnswerRules
from middleground.core import dates
from middleground.dialogues.models import Dialogue
from middleground.ledger.records.entries import LoggedAnswerRules
from middleground.publiclog.append import append, stands_since

FORMAT = "middleground-answer-rules/1"


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
    if dialogue.state != Dialogue.State.DRAFT:
        log_rules(rules)
    return rules


@transaction.atomic
def log_rules(rules: AnswerRules) -> None:
    """Give the rules to the public log, unless they are what it names last."""
    document = _document(rules)
    digest = sha256(document).digest()
    if digest.hex() == rules.logged:
        return
    if AnswerRules.objects.filter(pk=rules.pk, logged=rules.logged).update(
        logged=digest.hex(), logged_on=dates.today()
    ):
        append(LoggedAnswerRules(rules.dialogue.slug, digest), document)
        rules.refresh_from_db(fields=["logged", "logged_on"])


def shown_rules(rules: AnswerRules) -> dict[str, Any]:
    """What the document says, and since when."""
    since = stands_since(_document(rules), rules.logged, rules.logged_on)
    return {**_content(rules), "changed_on": since}


def _document(rules: AnswerRules) -> bytes:
    """JSON in one form only."""
    return json.dumps(_content(rules), ensure_ascii=False, indent=1, sort_keys=True).encode()


def _content(rules: AnswerRules) -> dict[str, Any]:
    """What the page of the dialogue says is answered, and in what time."""
    content: dict[str, Any] = {"format": FORMAT, "dialogue": rules.dialogue.slug}
    kept = {"id", "dialogue", "logged", "logged_on"}
    for field in rules._meta.concrete_fields:
        if field.name not in kept:
            content[field.name] = field.value_from_object(rules)
    return content


def _check_stricter(before: AnswerRules, after: AnswerRules) -> None:
    """Each part of the promise must be kept or be made stricter."""
    looser = (
        _time(after) > _time(before)
        or after.very_overdue_after > before.very_overdue_after
        or (before.middle_ground and not after.middle_ground)
        or after.check_days > before.check_days
        or after.check_percent > before.check_percent
        or after.check_least > before.check_least
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
