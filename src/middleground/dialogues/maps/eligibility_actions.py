"""The host's decisions about which votes count. They are logged, public and reversible."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.maps.eligibility import (
    configurable_tiers,
    counted_votes,
    participants_who_looked_up,
)
from middleground.dialogues.models import Dialogue, ExclusionRule, Participant, Statement, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.people.models import User


class EligibilityRefused(Refused):
    """The host's decision about which votes count is not allowed."""

    refusals = {
        "nobody_counts": RefusalText(
            _("At least one way of taking part must count. Nothing was changed.")
        ),
        "already_final": RefusalText(_("The final result is published, so this is fixed.")),
        "too_few": RefusalText(_("Too few to protect each person. Nothing was done.")),
        "hour_not_over": RefusalText(_("This hour is not over yet. Nothing was done.")),
        "hour_forgotten": RefusalText(
            ngettext_lazy(
                "The server knows fewer than %(minimum)d person who came in that hour: a restart "
                "forgets them. With several server processes, try again, as another may know. "
                "Nothing was done.",
                "The server knows fewer than %(minimum)d people who came in that hour: a restart "
                "forgets them. With several server processes, try again, as another may know. "
                "Nothing was done.",
                "minimum",
            )
        ),
    }


@transaction.atomic
def choose_tiers(staff: User, dialogue: Dialogue, uncounted: Collection[str]) -> bool:
    """Set which tiers do not count; returns whether this is a change.

    Raises ``EligibilityRefused``.
    """
    dialogue = still_open_to_change(dialogue)
    chosen = [tier.value for tier in Participant.CONFIGURABLE_TIERS if tier in uncounted]
    if set(configurable_tiers(dialogue)) <= set(chosen):
        raise EligibilityRefused("nobody_counts")
    if chosen == dialogue.uncounted_tiers:
        return False
    dialogue.uncounted_tiers = chosen
    dialogue.save(update_fields=["uncounted_tiers"])
    log_staff_action(staff, dialogue, Verb.COUNT_TIERS, uncounted=chosen)
    return True


@transaction.atomic
def count_copies(staff: User, dialogue: Dialogue, *, once: bool) -> bool:
    """Set whether near-identical voters count once or each; returns whether this is a change.

    Raises ``EligibilityRefused``.
    """
    dialogue = still_open_to_change(dialogue)
    if dialogue.copies_count_once == once:
        return False
    dialogue.copies_count_once = once
    dialogue.save(update_fields=["copies_count_once"])
    log_staff_action(staff, dialogue, Verb.COPIES_ONCE if once else Verb.COPIES_EACH)
    return True


@transaction.atomic
def exclude_pattern(staff: User, dialogue: Dialogue, statement: Statement, value: int) -> int:
    """Stop counting those who looked this statement up and voted so; returns their number.

    This stores a rule, not a list of participants. It needs at least ``minimum_shown`` of them,
    because a smaller number would reveal how one participant voted. Raises ``EligibilityRefused``.
    """
    dialogue = still_open_to_change(dialogue)
    participants = participants_who_looked_up(counted_votes(dialogue).everyone, statement.pk, value)
    if len(participants) < dialogue.minimum_shown:
        raise EligibilityRefused("too_few")
    _rule, new = ExclusionRule.objects.get_or_create(
        dialogue=dialogue, statement=statement, value=value
    )
    if new:
        log_staff_action(staff, dialogue, Verb.EXCLUDE_PATTERN, text=statement, value=value)
    return len(participants)


@transaction.atomic
def include_pattern(staff: User, dialogue: Dialogue, statement: Statement, value: int) -> bool:
    """Undo ``exclude_pattern``; returns whether there was anything to undo.

    Raises ``EligibilityRefused``.
    """
    dialogue = still_open_to_change(dialogue)
    gone, _rows = ExclusionRule.objects.filter(
        dialogue=dialogue, statement=statement, value=value
    ).delete()
    if gone:
        log_staff_action(staff, dialogue, Verb.INCLUDE_PATTERN, text=statement, value=value)
    return bool(gone)


def still_open_to_change(dialogue: Dialogue) -> Dialogue:
    """Lock the dialogue's row. Raises ``EligibilityRefused`` if the final result is published."""
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if dialogue.maps.filter(final=True).exists():
        raise EligibilityRefused("already_final")
    return dialogue
