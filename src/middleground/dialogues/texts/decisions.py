"""Moderators' decisions about a text of any kind: approve, reject, remove, take back.

A decision gives the state in which the moderator saw the text. If a colleague decided first,
it is refused with the code "decided_already", so nothing happens twice. The table of transitions
is in ``texts/moderation.py``.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import Dialogue, ModeratedText, RetentionHold, Verb
from middleground.dialogues.models.texts.moderated_text import Text
from middleground.dialogues.models.texts.own_reason import reason_choices
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.privacy.retention import delete_texts, is_held
from middleground.dialogues.queries import has_final_map
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.people.models import User
from middleground.texts.moderation import Decision, Obstacle, TextState, state_after

SHOWN = (TextState.UNSEEN, TextState.SHOWN)
_ANOTHER = gettext_lazy("You can only merge statements of the same dialogue.")


class DecisionRefused(Refused):
    refusals = {
        "decided_already": RefusalText(
            gettext_lazy("%(who)s decided number %(number)d meanwhile: %(state)s.")
        ),
        "same": RefusalText(_ANOTHER),
        "elsewhere": RefusalText(_ANOTHER),
        "not_shown": RefusalText(
            gettext_lazy("Number %(number)d is not shown. Merge into one that is.")
        ),
        "twin": RefusalText(
            gettext_lazy(
                "The same words were sent again, as number %(number)d. This one stays as it is."
            )
        ),
        "not_by_a_click": RefusalText(
            gettext_lazy("Number %(number)d is not shown itself. Take it up on its own page.")
        ),
        "taken_up": RefusalText(
            gettext_lazy(
                "Number %(number)d is taken up. Change or withdraw what was made of it instead."
            )
        ),
        "text_deleted": RefusalText(
            gettext_lazy("The text of number %(number)d is deleted, so it cannot be shown again.")
        ),
        "in_result": RefusalText(
            gettext_lazy(
                "The final result is published with number %(number)d. You can only remove it "
                "openly, with “Remove from the result”."
            )
        ),
        "too_late": RefusalText(
            gettext_lazy(
                "The final result is published without number %(number)d. Nobody can vote on "
                "it now, so it cannot be shown."
            )
        ),
        "reason_gone": RefusalText(
            gettext_lazy("Number %(number)d is as it was: this reason is retired. Choose another.")
        ),
        "no_result": RefusalText(
            gettext_lazy("There is no final result yet that number %(number)d is in.")
        ),
    }


def next_state(text: ModeratedText, decision: Decision) -> TextState:
    """The state that the decision leads to. Raises ``DecisionRefused``."""
    after = state_after(text.state, decision, final=is_in_final_result(text))
    if after is None:
        raise decided_already(text)
    if isinstance(after, Obstacle):
        raise DecisionRefused(after.value, number=text.number)
    if kind_of(type(text)).taken_up_at:
        return _state_if_taken_up(text, decision, after)
    return after


def _state_if_taken_up(text: ModeratedText, decision: Decision, after: TextState) -> TextState:
    """The same for a text that is never shown itself: an appeal lets it wait again."""
    if text.state in SHOWN:
        raise DecisionRefused("taken_up", number=text.number)
    if decision is Decision.CHANGE:
        return TextState.WAITING
    if after in SHOWN:
        raise DecisionRefused("not_by_a_click", number=text.number)
    return after


def is_in_final_result(text: ModeratedText) -> bool:
    """Whether the final result of its dialogue holds texts of this kind, and is published."""
    return kind_of(type(text)).in_result and has_final_map(text.dialogue)


def decided_already(text: ModeratedText) -> DecisionRefused:
    """The refusal that names the colleague who decided, and the text's present state."""
    kind = kind_of(type(text))
    actions = kind.actions._default_manager.filter(**{kind.key: text})
    last = actions.select_related("staff").first()
    return DecisionRefused(
        "decided_already",
        number=text.number,
        who=last.staff if last and last.staff else _("somebody else"),
        state=text.get_status_display(),
    )


@transaction.atomic
def approve(staff: User, text: Text, seen: str) -> Text:
    """Show the text, or mark a shown one as reviewed. Raises ``DecisionRefused``."""
    text = locked_as_seen(text, seen)
    text.move_to(next_state(text, Decision.APPROVE))
    log_staff_action(staff, text.dialogue, Verb.APPROVE, text=text)
    return text


@transaction.atomic
def mark_taken_up(staff: User, text: Text, seen: str) -> Text:
    """Note that something public was made of the text, and delete its words unless on hold.

    For kinds with ``taken_up_at``; the caller makes the other thing in the same transaction.
    Raises ``DecisionRefused``.
    """
    text = locked_as_seen(text, seen)
    if text.state is not TextState.WAITING:
        raise decided_already(text)
    text.move_to(TextState.SHOWN)
    log_staff_action(staff, text.dialogue, Verb.APPROVE, text=text)
    if not is_held(text.dialogue, RetentionHold.What.TEXTS):
        delete_texts(text.dialogue, kind_of(type(text)).texts.filter(pk=text.pk))
    return text


@transaction.atomic
def reject(staff: User, text: Text, seen: str, reason: str) -> Text:
    """Hide the text for a reason that its author sees. What others did with it stays.

    Votes on a statement do not count any more. Raises ``DecisionRefused``.
    """
    return _hide(staff, locked_as_seen(text, seen), Decision.REJECT, reason)


@transaction.atomic
def remove(staff: User, text: Text, seen: str, reason: str) -> Text:
    """Remove the text from the final result. Number, position, figures and a note stay.

    Raises ``DecisionRefused``.
    """
    current = locked_as_seen(text, seen)
    return _hide(staff, current, Decision.REMOVE, reason, after_result=True)


def _hide(staff: User, text: Text, decision: Decision, reason: str, **details: bool) -> Text:
    reason = reason_in_use(text, reason)
    text.move_to(next_state(text, decision), reason)
    log_staff_action(staff, text.dialogue, Verb.REJECT, text=text, reason=reason, **details)
    return text


def reason_in_use(text: ModeratedText, reason: str) -> str:
    """The reason, if moderators can choose it now. Raises ``DecisionRefused``."""
    if reason not in dict(reason_choices(text.dialogue)):
        raise DecisionRefused("reason_gone", number=text.number)
    return reason


def take_back(staff: User, text: Text, seen: str) -> Text:
    """Undo a decision: the text waits again, or is shown again in the final result.

    Raises ``DecisionRefused``, also if another has the same words or the text is deleted.
    """
    try:
        with transaction.atomic():
            text = locked_as_seen(text, seen)
            removed = was_removed_from_result(text)
            after = next_state(text, Decision.RESTORE if removed else Decision.TAKE_BACK)
            if text.text_deleted:
                raise DecisionRefused("text_deleted", number=text.number)
            text.undo(after)
            compare_again(text)
            log_staff_action(staff, text.dialogue, Verb.TAKE_BACK, text=text)
    except IntegrityError:
        raise refused_for_twin(text) from None
    return text


def compare_again(text: ModeratedText) -> None:
    """What came meanwhile was not compared with a text that was hidden."""
    kind = kind_of(type(text))
    kind.forget_similar(kind.texts.filter(pk=text.pk))


def was_removed_from_result(text: ModeratedText) -> bool:
    """Whether staff removed it after the final result was published."""
    kind = kind_of(type(text))
    acts = kind.actions._default_manager.filter(**{kind.key: text}, verb=Verb.REJECT)
    return text.state is TextState.REJECTED and acts.filter(details__after_result=True).exists()


def refused_for_twin(text: ModeratedText) -> DecisionRefused:
    """The refusal if another shown or waiting text has the same words."""
    same = text.same_words().in_state(TextState.WAITING, TextState.UNSEEN, TextState.SHOWN)
    twin = same.first()
    return DecisionRefused("twin", number=twin.number if twin else 0)


def locked_as_seen(text: Text, seen: str, *others: Text) -> Text:
    """The text as stored now, locked until the decision is stored. Raises ``DecisionRefused``."""
    current = lock_texts(text, *others)
    if current.state.value != seen:
        raise decided_already(current)
    return current


def lock_texts(text: Text, *others: Text) -> Text:
    """Lock the text and others of its kind, and return it as stored now.

    Its dialogue first, and texts by their keys, as authors and jobs do: else a moderator and an
    author could wait for each other. Votes and new texts can come in meanwhile.
    """
    Dialogue.objects.select_for_update(no_key=True).get(pk=text.dialogue_id)
    rows = type(text)._default_manager.select_for_update(of=("self",)).select_related("dialogue")
    if others:
        keys = [each.pk for each in (text, *others)]
        list(rows.filter(pk__in=keys).order_by("pk").values_list("pk"))
    return rows.get(pk=text.pk)
