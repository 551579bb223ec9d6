"""Add and retire a host's own reasons for not showing a text."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy, ngettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import Dialogue, Reason, Verb
from middleground.dialogues.models.texts.own_reason import CODE, OwnReason, own_reasons
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.people.models import User
from middleground.texts.normalise import normalise
from middleground.texts.sameness import has_words

MOST_IN_USE = 8
MOST_EVER = 99  # also retired ones, which stay in the settings that the public log has
LONGEST_LABEL, LONGEST_EXPLANATION = 60, 300


class OwnReasonRefused(Refused):
    refusals = {
        "no_label": RefusalText(gettext_lazy("Write how the sentence goes on.")),
        "long_label": RefusalText(
            ngettext_lazy(
                "Use at most %(limit)d character; these are %(have)d.",
                "Use at most %(limit)d characters; these are %(have)d.",
                "limit",
            )
        ),
        "twice": RefusalText(
            gettext_lazy(
                "These words are, or were, a reason already. Choose others, so that the "
                "public counts stay apart."
            )
        ),
        "no_explanation": RefusalText(gettext_lazy("Tell the author what to do, in one sentence.")),
        "long_explanation": RefusalText(
            ngettext_lazy(
                "Use at most %(limit)d character; these are %(have)d.",
                "Use at most %(limit)d characters; these are %(have)d.",
                "limit",
            )
        ),
        "too_many": RefusalText(
            ngettext_lazy(
                "At most %(limit)d reason of your own at a time. Retire one first: what you "
                "typed stays here.",
                "At most %(limit)d reasons of your own at a time. Retire one first: what you "
                "typed stays here.",
                "limit",
            )
        ),
        "too_many_ever": RefusalText(
            ngettext_lazy(
                "This dialogue has had %(limit)d reason of its own, and can have no more. "
                "Use the usual ones.",
                "This dialogue has had %(limit)d reasons of its own, and can have no more. "
                "Use the usual ones.",
                "limit",
            )
        ),
        "not_in_use": RefusalText(gettext_lazy("This reason is retired. Nothing was changed.")),
    }


@transaction.atomic
def add_reason(staff: User, dialogue: Dialogue, label: str, explanation: str) -> OwnReason:
    """Add a reason to those that moderators can choose. Raises ``OwnReasonRefused``."""
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    found = own_reasons(dialogue)
    problems = _problems(found, label := normalise(label), explanation := normalise(explanation))
    if problems:
        raise OwnReasonRefused.for_all(problems)
    number = max((each.number for each in found), default=0) + 1
    reason = OwnReason(f"{CODE}{number}", label, explanation)
    _store(staff, dialogue, [*found, reason], Verb.ADD_REASON, reason)
    return reason


def _problems(found: list[OwnReason], label: str, explanation: str) -> list[OwnReasonRefused]:
    in_use = [each for each in found if not each.retired]
    taken = {str(text).casefold() for text in (*Reason.labels, *(each.label for each in found))}
    problems = []
    if len(in_use) >= MOST_IN_USE:
        problems.append(OwnReasonRefused("too_many", limit=MOST_IN_USE))
    elif len(found) >= MOST_EVER:
        problems.append(OwnReasonRefused("too_many_ever", limit=MOST_EVER))
    if not has_words(label):
        problems.append(OwnReasonRefused("no_label"))
    elif len(label) > LONGEST_LABEL:
        problems.append(OwnReasonRefused("long_label", limit=LONGEST_LABEL, have=len(label)))
    elif label.casefold() in taken:
        problems.append(OwnReasonRefused("twice"))
    if not has_words(explanation):
        problems.append(OwnReasonRefused("no_explanation"))
    elif (have := len(explanation)) > LONGEST_EXPLANATION:
        problems.append(OwnReasonRefused("long_explanation", limit=LONGEST_EXPLANATION, have=have))
    return problems


@transaction.atomic
def retire_reason(staff: User, dialogue: Dialogue, code: str) -> OwnReason:
    """Let moderators choose it no more. Authors to whom it was given still read it.

    Of a draft that never opened it goes without a trace if nobody was given it: no log has it.
    Raises ``OwnReasonRefused``.
    """
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    found = own_reasons(dialogue)
    reason = next((each for each in found if each.code == code and not each.retired), None)
    if reason is None:
        raise OwnReasonRefused("not_in_use")
    gone = OwnReason(reason.code, reason.label, reason.explanation, retired=True)
    left = [gone if each.code == code else each for each in found]
    if _is_known_to_nobody(dialogue, code):
        left.remove(gone)
    _store(staff, dialogue, left, Verb.RETIRE_REASON, reason)
    return reason


def _is_known_to_nobody(dialogue: Dialogue, code: str) -> bool:
    opened = dialogue.staff_actions.filter(verb__in=(Verb.OPEN, Verb.SCHEDULE))
    is_new = dialogue.state == Dialogue.State.DRAFT and not opened.exists()
    return is_new and not dialogue.staff_actions.filter(reason=code).exists()


def _store(
    staff: User, dialogue: Dialogue, reasons: list[OwnReason], verb: Verb, about: OwnReason
) -> None:
    dialogue.own_reasons = [each.stored() for each in reasons]
    dialogue.save(update_fields=["own_reasons"])
    log_staff_action(staff, dialogue, verb, label=about.label)
