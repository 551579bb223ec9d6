"""Appeals: an author asks for a second look at a rejected text, and another moderator decides.

Each decision can be appealed once. The moderator who rejected a text decides its appeal only if
nobody else could. All functions take any kind of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, ngettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import (
    AppealAgainst,
    Dialogue,
    ModeratedText,
    StaffAction,
    Statement,
    Verb,
    in_state,
)
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet, Text
from middleground.dialogues.models.texts.text_kinds import find_text_kinds, kind_of
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.dialogues.texts.authors import authors_may_act
from middleground.dialogues.texts.decisions import (
    compare_again,
    lock_texts,
    next_state,
    reason_in_use,
    refused_for_twin,
)
from middleground.dialogues.texts.submission import DECEPTIVE, check_length
from middleground.people.models import User
from middleground.people.permissions import Action, may
from middleground.texts.moderation import Decision, TextState

LONGEST_APPEAL = 500
Outcome = AppealAgainst.Outcome
_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


class AppealRefused(Refused):
    """The appeal was not stored. The message is empty where the page itself says why."""

    refusals = {
        "closed": RefusalText(""),
        "shown": RefusalText(""),  # there is nothing to appeal against
        "once": RefusalText(""),  # there was an appeal before
        "no_words": RefusalText(gettext_lazy("You have not written anything yet."), _WRONG),
        "deceptive": DECEPTIVE,
        "too_long": RefusalText(
            ngettext_lazy(
                "It has %(length)d character. The limit is %(limit)d. Please shorten it.",
                "It has %(length)d characters. The limit is %(limit)d. Please shorten it.",
                "length",
            ),
            _WRONG,
        ),
    }


class AppealDecisionRefused(Refused):
    """The appeal is decided already, or needs another moderator."""

    refusals = {
        "decided_already": RefusalText(
            gettext_lazy("A colleague was faster. This appeal is decided.")
        ),
        "needs_another": RefusalText(
            gettext_lazy("You decided about this text first, so a colleague looks at it now.")
        ),
    }


def may_appeal(text: ModeratedText) -> bool:
    """Whether the author may appeal; that the dialogue is open is checked elsewhere."""
    appeal = appeal_against(text)
    known = text.is_by_participant and bool(text.text)
    is_rejected = text.state is TextState.REJECTED
    return is_rejected and known and (appeal is None or appeal.outcome == Outcome.CHANGED)


def appeal_against(text: ModeratedText) -> AppealAgainst | None:
    return getattr(text, "appeal", None)


def submit_appeal(
    dialogue: Dialogue,
    author_id: int,
    number: int,
    words: str,
    model: type[ModeratedText] = Statement,
) -> AppealAgainst:
    """Store a participant's appeal. Raises ``AppealRefused`` or the model's ``DoesNotExist``."""
    own = kind_of(model).texts.filter(dialogue=dialogue, author_id=author_id)
    return appeal_about(dialogue, own, number, words)


def appeal_about(
    dialogue: Dialogue, own: ModeratedTextQuerySet[Any], number: int, words: str
) -> AppealAgainst:
    """Store an appeal about one of somebody's ``own`` texts, which are of one kind.

    Raises ``AppealRefused`` or the model's ``DoesNotExist``.
    """
    kept = check_length(words, LONGEST_APPEAL, AppealRefused)
    kind = kind_of(own.model)
    with transaction.atomic():
        dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
        text = own.select_for_update(of=("self",)).get(number=number)
        if not authors_may_act(dialogue, kind):
            raise AppealRefused("closed")
        if text.state is not TextState.REJECTED:
            raise AppealRefused("shown")
        if not may_appeal(text):
            raise AppealRefused("once")
        appeal, _created = kind.appeals._default_manager.update_or_create(
            **{kind.key: text}, defaults={"text": kept, "outcome": Outcome.WAITING}
        )
    return appeal


def waiting_appeals(
    dialogue: Dialogue, model: type[ModeratedText] = Statement
) -> ModeratedTextQuerySet[Any]:
    """Rejected texts with a waiting appeal, by the appeal's primary key: oldest first."""
    return (
        kind_of(model)
        .texts.filter(
            in_state(TextState.REJECTED), dialogue=dialogue, appeal__outcome=Outcome.WAITING
        )
        .select_related("appeal")
        .order_by("appeal__pk")
    )


def who_rejected(texts: Sequence[ModeratedText]) -> dict[int, User | None]:
    """Who last rejected each text, by primary key; None if that account is deleted."""
    last_wins = _acts(texts, Verb.REJECT).select_related("staff")
    return {getattr(action, f"{_key(texts)}_id"): action.staff for action in last_wins}


def who_looked_again(texts: Sequence[ModeratedText]) -> dict[int, str]:
    """Who decided each appeal, by the text's primary key: "another" account or the "same".

    Texts are left out if no appeal is decided or if one of the accounts is deleted.
    """
    acts = _acts(texts, Verb.REJECT, Verb.APPEAL_CHANGED, Verb.APPEAL_STANDS)
    first: dict[int | None, int | None] = {}
    found: dict[int, str] = {}
    for text, verb, staff in acts.values_list(_key(texts), "verb", "staff"):
        if verb == Verb.REJECT:
            first[text] = staff
        elif text and staff and first.get(text):
            found[text] = "same" if staff == first[text] else "another"
    return found


def _acts(texts: Sequence[ModeratedText], *verbs: Verb) -> QuerySet[StaffAction]:
    """Staff actions on these texts, oldest first. The texts are of one kind."""
    if not texts:
        return StaffAction.objects.none()
    kind = kind_of(type(texts[0]))
    acts = kind.actions._default_manager.filter(verb__in=verbs, **{f"{kind.key}__in": texts})
    return acts.order_by("at", "pk")


def _key(texts: Sequence[ModeratedText]) -> str:
    return kind_of(type(texts[0])).key if texts else "pk"


def needs_another(staff: User, first: User | None, dialogue: Dialogue) -> bool:
    """Whether another moderator must decide: ``staff`` decided first, and another one exists."""
    if first is None or first.pk != staff.pk:
        return False
    others = User.objects.filter(is_active=True).exclude(pk=staff.pk)
    return any(may(other, Action.MODERATE, dialogue) for other in others)


@transaction.atomic
def let_stand(staff: User, text: Text, reason: str) -> Text:
    """Keep the text hidden, for the second moderator's reason, which its author sees.

    Raises ``AppealDecisionRefused`` and ``DecisionRefused``.
    """
    text = _to_decide(staff, text)
    reason = reason_in_use(text, reason)
    text.move_to(next_state(text, Decision.STAND), reason)
    _appeals_about(text).update(outcome=Outcome.STANDS)
    log_staff_action(staff, text.dialogue, Verb.APPEAL_STANDS, text=text, reason=reason)
    return text


def change_decision(staff: User, text: Text) -> Text:
    """Show the text, and delete the appeal's words.

    Raises ``AppealDecisionRefused``; and ``DecisionRefused`` if another text has the same words or
    the final result is published.
    """
    try:
        with transaction.atomic():
            text = _to_decide(staff, text)
            text.move_to(next_state(text, Decision.CHANGE))
            compare_again(text)
            _appeals_about(text).update(outcome=Outcome.CHANGED, text="")
            log_staff_action(staff, text.dialogue, Verb.APPEAL_CHANGED, text=text)
    except IntegrityError:
        raise refused_for_twin(text) from None
    return text


def withdraw_appeals(own: ModeratedTextQuerySet[Any]) -> None:
    """Delete the waiting appeals about these texts of one kind, and the words of all others."""
    kind = kind_of(own.model)
    about = kind.appeals._default_manager.filter(**{f"{kind.key}__in": own.values("pk")})
    about.filter(outcome=Outcome.WAITING).delete()
    about.update(text="")


def count_appeals(dialogue: Dialogue) -> dict[str, int]:
    """Numbers of appeals by outcome; a waiting one whose rejection was undone counts as changed."""
    counts = dict.fromkeys(Outcome.values, 0)
    for kind in find_text_kinds():
        appeals = kind.appeals._default_manager.filter(**{f"{kind.key}__dialogue": dialogue})
        for outcome, status in appeals.values_list("outcome", f"{kind.key}__status"):
            moot = outcome == Outcome.WAITING and status != ModeratedText.Status.REJECTED
            counts[Outcome.CHANGED if moot else outcome] += 1
    return counts


def _to_decide(staff: User, text: Text) -> Text:
    """The text as stored now, locked until the decision is stored."""
    current = lock_texts(text)
    appeal = _appeals_about(current).filter(outcome=Outcome.WAITING)
    if current.state is not TextState.REJECTED or not appeal.exists():
        raise AppealDecisionRefused("decided_already")
    if needs_another(staff, who_rejected([current]).get(current.pk), current.dialogue):
        raise AppealDecisionRefused("needs_another")
    return current


def _appeals_about(text: ModeratedText) -> QuerySet[AppealAgainst]:
    kind = kind_of(type(text))
    return kind.appeals._default_manager.filter(**{kind.key: text})
