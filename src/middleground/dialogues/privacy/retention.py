"""Retention: deletes rejected texts, and destroys the keys of closed dialogues, when due.

Due dates follow from stored dates, so what was missed while the server was off is done at the next
run. Staff can delay a deletion by a hold with a stated reason.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity import keys
from middleground.dialogues.models import (
    APPEALED_DAYS,
    REJECTED_DAYS,
    AppealAgainst,
    Dialogue,
    DialogueLog,
    GoneNumber,
    Participant,
    RetentionHold,
    StoredMap,
    Verb,
    in_state,
)
from middleground.dialogues.models.texts.moderated_text import ModeratedTextQuerySet, Text
from middleground.dialogues.models.texts.search_index import erase_deleted_words
from middleground.dialogues.models.texts.text_kinds import TextKind, find_text_kinds, kind_of
from middleground.dialogues.models.texts.translation import (
    delete_translations,
    translation_tables,
)
from middleground.dialogues.privacy.own_rows import delete_all_rows
from middleground.dialogues.sealing.records import count_erased_texts, drop_seals
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.people.models import User
from middleground.texts.moderation import TextState

_AT_ONCE = 10_000  # texts, fewer than a statement has room for parameters
logger = logging.getLogger(__name__)


class HoldRefused(Refused):
    """The hold cannot be set or lifted, or the key cannot be destroyed now."""

    refusals = {
        "result_is_not_final": RefusalText(
            _(
                "The key can be destroyed once the final map is published and "
                "the public log lists the votes."
            )
        ),
        "key_is_kept": RefusalText(_("The key is on hold or already destroyed.")),
        "held_already": RefusalText(_("This is on hold already.")),
        "key_is_destroyed": RefusalText(_("The key is destroyed. Nothing can be held any more.")),
        "no_such_hold": RefusalText(_("This hold no longer exists."), status=404),
    }


@dataclass(frozen=True, slots=True)
class KeyState:
    """The state of a dialogue's key.

    ``due_at`` is None until there is a final map and the votes are listed in the public log,
    because listing them needs the key.
    """

    destroyed: bool
    due_at: datetime | None
    held: bool
    kept: bool  # imported dialogues keep it: no cookie leads to their pseudonyms


def keep_retention(now: datetime) -> None:
    """Do all that is due. Called every few seconds, and when the server starts."""
    changed = delete_rejected_texts(now)
    marks = keys.destroyed_keys()
    candidates = Dialogue.objects.filter(key_destroyed_on=None, imported=False)
    for dialogue in candidates.exclude(state=Dialogue.State.DRAFT):
        # A tombstone that the database does not know: an older backup of it was restored.
        if key_is_due(dialogue, now) or dialogue.pk in marks:
            changed += destroy_key(dialogue)
    _destroy_keys_that_came_back()
    for kind in find_text_kinds():
        erase_deleted_words(kind.model._meta.db_table)
    if changed:
        _rewrite_texts()


def delete_rejected_texts(now: datetime) -> int:
    """Delete the texts whose retention after rejection is over; return how many there were."""
    return sum(_delete_rejected(kind, now) for kind in find_text_kinds())


def _delete_rejected(kind: TextKind, now: datetime) -> int:
    today = timezone.localdate(now)
    awaited = Q(
        appeal__outcome=AppealAgainst.Outcome.WAITING,
        rejected_on__gt=today - timedelta(days=APPEALED_DAYS),
    )
    due = kind.model._default_manager.filter(
        ~awaited,
        in_state(TextState.REJECTED),
        rejected_on__lte=today - timedelta(days=REJECTED_DAYS),
    ).exclude(text="")
    total = 0
    for dialogue in Dialogue.objects.filter(Exists(due.filter(dialogue=OuterRef("pk")))):
        with transaction.atomic():
            locked = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
            if is_held(locked, RetentionHold.What.TEXTS):
                continue
            deleted = delete_texts(locked, due.filter(dialogue=locked))
            log_staff_action(None, locked, Verb.DELETE_TEXTS, count=deleted)
        total += deleted
    return total


def delete_texts(dialogue: Dialogue, texts: QuerySet[Text]) -> int:
    """Delete the texts, keeping number and decision; return how many there were.

    The hash is deleted too, because short texts can be guessed from it, and the salt, because
    without it the sealed hash in the public log discloses nothing. Appeals lose their texts, and
    waiting appeals are deleted, because nobody can decide about a deleted text. Marks are deleted,
    which texts are similar, and translations.
    ``texts`` belong to one dialogue and are of one kind. They are locked first, and those alone are
    deleted: a step would else find also what a moderator hides meanwhile, of which the steps before
    left something, and a job could store meanwhile which texts are similar.
    """
    kind = kind_of(texts.model)
    rows = kind.texts.filter(pk__in=texts.values("pk")).order_by("pk").select_for_update()
    found = list(rows.values_list("pk", flat=True))
    return sum(
        _delete_locked(dialogue, kind, kind.texts.filter(pk__in=found[start : start + _AT_ONCE]))
        for start in range(0, len(found), _AT_ONCE)
    )


def _delete_locked(dialogue: Dialogue, kind: TextKind, texts: ModeratedTextQuerySet[Any]) -> int:
    appeals = kind.appeals._default_manager.filter(**{f"{kind.key}__in": texts.values("pk")})
    appeals.filter(outcome=AppealAgainst.Outcome.WAITING).delete()
    appeals.update(text="")
    kind.marks._default_manager.filter(**{f"{kind.key}__in": texts.values("pk")}).delete()
    count_erased_texts(dialogue, texts.filter(salt__isnull=False).count())
    kind.forget_similar(texts)
    delete_translations(texts)
    if kind.model.WORDS_ASIDE:
        texts.update(**kind.model.WORDS_ASIDE)
    return texts.update(text="", dedup_hash="", salt=None)


def delete_waiting(dialogue: Dialogue, waiting: QuerySet[Text]) -> int:
    """Delete whole rows, and count those with a sealed text as erased for the public log.

    Their numbers are kept, so that none is given again. Not those that nobody has seen yet.
    """
    kind = kind_of(waiting.model)
    texts = kind.texts.filter(pk__in=waiting.values("pk")).order_by("pk").select_for_update()
    found = list(texts.values_list("pk", flat=True))
    seen = kind.ready(kind.texts) if kind.ready else kind.texts
    numbers = list(seen.filter(pk__in=found).values_list("number", flat=True))
    sealed = waiting.filter(pk__in=found, salt__isnull=False).count()
    deleted: int = waiting.filter(pk__in=found).delete()[1].get(waiting.model._meta.label, 0)
    keep_numbers(dialogue, kind, numbers)
    count_erased_texts(dialogue, sealed)
    return deleted


def keep_numbers(dialogue: Dialogue, kind: TextKind, numbers: Iterable[int]) -> None:
    """Let no text of this kind get these numbers again."""
    GoneNumber.objects.bulk_create(
        (
            GoneNumber(dialogue=dialogue, collection=kind.collection, number=number)
            for number in numbers
        ),
        ignore_conflicts=True,
    )


def key_state(dialogue: Dialogue) -> KeyState:
    return key_states([dialogue])[dialogue.pk]


def key_states(dialogues: Sequence[Dialogue]) -> dict[int, KeyState]:
    """Key states by primary key, in two queries for any number of dialogues."""
    closed = DialogueLog.objects.filter(closed=True).values("dialogue")
    final = StoredMap.objects.filter(dialogue__in=dialogues, final=True)
    final = final.filter(dialogue__in=closed)
    made_at = dict(final.values_list("dialogue_id", "made_at"))
    holds = RetentionHold.objects.filter(
        dialogue__in=dialogues, what=RetentionHold.What.KEY, lifted_at=None
    )
    held = set(holds.values_list("dialogue_id", flat=True))
    return {
        each.pk: KeyState(
            destroyed=each.key_destroyed_on is not None,
            due_at=made_at[each.pk] + timedelta(days=each.key_days) if each.pk in made_at else None,
            held=each.pk in held,
            kept=each.imported,
        )
        for each in dialogues
    }


def key_is_due(dialogue: Dialogue, now: datetime) -> bool:
    if dialogue.imported or dialogue.phase(now) != "closed":
        return False
    state = key_state(dialogue)
    return bool(not state.destroyed and not state.held and state.due_at and state.due_at <= now)


def destroy_key(dialogue: Dialogue, staff: User | None = None) -> bool:
    """Destroy what links tokens to votes and authors to statements. False if held or done before.

    The database is changed first, then the file is destroyed: after a power cut in between, the
    next run destroys the file. The dialogue stays closed for good.
    """
    with transaction.atomic():
        locked = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
        if locked.key_destroyed_on or is_held(locked, RetentionHold.What.KEY):
            return False
        for kind in find_text_kinds():
            delete_waiting(locked, kind.never_shown(locked))
            kind.model._default_manager.filter(dialogue=locked).update(author=None)
        delete_all_rows(locked)
        drop_seals(locked)
        # The rules about hours and batches stay, since they are public, but no row tells who came.
        Participant.objects.filter(set_aside_hour__dialogue=locked).update(set_aside_hour=None)
        Participant.objects.filter(batch__dialogue=locked).update(batch=None)
        locked.key_destroyed_on, locked.state = timezone.localdate(), Dialogue.State.CLOSED
        locked.save(update_fields=["key_destroyed_on", "state"])
        log_staff_action(staff, locked, Verb.DESTROY_KEY)
    keys.destroy_key_file(dialogue.pk)
    return True


def forget_destroyed_keys() -> None:
    """Destroy keys in this process's memory, and in its own folder, that another has destroyed."""
    known = Dialogue.objects.filter(pk__in=keys.keys_in_memory()).exclude(key_destroyed_on=None)
    for dialogue_id in known.values_list("pk", flat=True):
        keys.destroy_key_file(dialogue_id)


def destroy_key_at_once(staff: User, dialogue: Dialogue) -> None:
    """Destroy the key before it is due, e.g. to protect somebody. Raises ``HoldRefused``."""
    state = key_state(dialogue)
    if dialogue.imported or state.due_at is None:
        raise HoldRefused("result_is_not_final")
    if not destroy_key(dialogue, staff):
        raise HoldRefused("key_is_kept")
    _rewrite_texts()


def is_held(dialogue: Dialogue, what: str) -> bool:
    return dialogue.holds.filter(what=what, lifted_at=None).exists()


@transaction.atomic
def set_hold(staff: User, dialogue: Dialogue, what: str, reason: str) -> RetentionHold:
    """Suspend the deletion of texts or the key. Raises ``HoldRefused``."""
    locked = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if is_held(locked, what):
        raise HoldRefused("held_already")
    if what == RetentionHold.What.KEY and locked.key_destroyed_on:
        raise HoldRefused("key_is_destroyed")
    hold = RetentionHold(
        dialogue=locked,
        what=RetentionHold.What(what),
        reason=reason.strip(),
        set_by=staff,
        set_at=timezone.now(),
    )
    hold.full_clean()
    hold.save()
    log_staff_action(staff, locked, Verb.SET_HOLD, what=hold.what)
    return hold


@transaction.atomic
def lift_hold(staff: User, dialogue: Dialogue, what: str) -> None:
    """Let the deletion go on. What is overdue is deleted within seconds.

    Raises ``HoldRefused``.
    """
    locked = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    lifted = locked.holds.filter(what=what, lifted_at=None).update(
        lifted_by=staff, lifted_at=timezone.now()
    )
    if not lifted:
        raise HoldRefused("no_such_hold")
    log_staff_action(staff, locked, Verb.LIFT_HOLD, what=what)


def public_holds(dialogue: Dialogue) -> list[dict[str, object]]:
    """Holds by kind, for the public: their number, and since when one is in force."""
    holds = list(dialogue.holds.order_by("-set_at").values("what", "set_at", "lifted_at"))
    return [
        {
            "label": label,
            "count": len(of_kind),
            "since": next((h["set_at"] for h in of_kind if h["lifted_at"] is None), None),
        }
        for kind, label in RetentionHold.What.choices
        if (of_kind := [hold for hold in holds if hold["what"] == kind])
    ]


def _destroy_keys_that_came_back() -> None:
    """Destroy key files that a power cut left or that were restored from a backup."""
    marks = keys.destroyed_keys()
    gone = Dialogue.objects.exclude(key_destroyed_on=None).values_list("pk", flat=True)
    for dialogue_id in gone:
        if dialogue_id not in marks or keys.key_file_exists(dialogue_id):
            keys.destroy_key_file(dialogue_id)
            logger.warning("The destroyed key of dialogue %d is destroyed again.", dialogue_id)


def _rewrite_texts() -> None:
    """Rewrite the tables of texts, because PostgreSQL keeps old row versions until then.

    The tables are small. SQLite overwrites deleted data (``secure_delete``), and its write-ahead
    log is emptied right after this.
    """
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            for kind in find_text_kinds():
                for model in (kind.model, *translation_tables(kind.model)):
                    cursor.execute(f"VACUUM FULL {model._meta.db_table}")
