"""What facilitators do with a dialogue: create, edit, open, schedule, close, reopen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity.keys import destroyed_keys, is_key_at_hand, make_key
from middleground.dialogues.lifecycle.drafts import was_public
from middleground.dialogues.models import Dialogue, Verb
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.people.models import User
from middleground.texts.places import place_left

FEWEST_STATEMENTS = 2


class LifecycleRefused(Refused):
    """The dialogue's state does not allow it; the message says what to do."""

    refusals = {
        # Changes that a running or finished dialogue refuses
        "address_is_fixed": RefusalText(
            _(
                "The address cannot change: people have links, and the public log uses it. "
                "For another address, copy the dialogue."
            )
        ),
        "question_is_fixed": RefusalText(
            _("People have answered this question. Make a new dialogue for another.")
        ),
        "minimum_only_grows": RefusalText(
            _("People took part knowing this number. You can only raise it.")
        ),
        "key_days_only_shrink": RefusalText(
            _(
                "People took part knowing when the key is destroyed. You can only shorten "
                "this time. To keep the key longer, set a hold."
            )
        ),
        # What a draft still lacks
        "no_question": RefusalText(_("Write the question.")),
        "no_host": RefusalText(_("Say who hosts the dialogue.")),
        "place_left": RefusalText(_("Replace what stands in brackets: %(place)s")),
        "too_few_statements": RefusalText(
            _(
                "Add statements for people to vote on. At least %(need)d must be ready to be "
                "shown; %(have)d are."
            )
        ),
        "keys_of_another_installation": RefusalText(
            _(
                "Use another keys folder: in this one the key with this number was destroyed. "
                "It is probably an earlier installation’s."
            )
        ),
        "key_is_missing": RefusalText(
            _(
                "Put this dialogue’s key back into the keys folder. The one there is missing "
                "or different, and codes were made with it."
            )
        ),
        "period_is_over": RefusalText(_("Set a later end. This one has passed.")),
        # Actions that need another state
        "not_a_draft": RefusalText(_("This dialogue is no longer a draft.")),
        "has_participants": RefusalText(
            _("People have taken part, so it cannot be a draft again.")
        ),
        "not_open": RefusalText(_("Only an open dialogue can be closed.")),
        "not_open_yet": RefusalText(_("It has not opened yet. Make it a draft again instead.")),
        "not_closed": RefusalText(_("It is not closed.")),
        "key_is_destroyed": RefusalText(
            _(
                "The key is destroyed, so nobody’s earlier votes can be told apart. To go on, "
                "make a new dialogue."
            )
        ),
        "result_is_final": RefusalText(
            _(
                "The final result is published, and people may have quoted it. To go on, make "
                "a new dialogue."
            )
        ),
    }


@transaction.atomic
def create_dialogue(staff: User, values: Mapping[str, Any], *, copy_of: str = "") -> Dialogue:
    """Store a draft; ``copy_of`` is the slug of the dialogue from which the values come."""
    dialogue = Dialogue(**values)
    dialogue.full_clean()
    dialogue.save()
    details: dict[str, Any] = {"copy_of": copy_of} if copy_of else {}
    log_staff_action(staff, dialogue, Verb.CREATE, **details)
    dialogue.refresh_from_db()
    return dialogue


@transaction.atomic
def edit_dialogue(staff: User, dialogue: Dialogue, values: Mapping[str, Any]) -> list[str]:
    """Store changed values, and return the changed fields. Raises ``LifecycleRefused``."""
    dialogue = _locked(dialogue)
    changed = [name for name, value in values.items() if _differs(getattr(dialogue, name), value)]
    if not changed:
        return []
    problems = fixed_by_now(dialogue, values)
    if problems:
        raise LifecycleRefused.for_all(list(problems.values()))
    _end_previews(dialogue)
    for name in changed:
        setattr(dialogue, name, values[name])
    dialogue.full_clean()
    if dialogue.phase(timezone.now()) != "closed":  # the archive holds closed ones only
        dialogue.archived_on = None
    dialogue.save(update_fields=[*changed, "archived_on"])
    log_staff_action(staff, dialogue, Verb.EDIT, fields=sorted(changed))
    return changed


def _differs(before: object, after: object) -> bool:
    """Whether a value is another one; forms send lines with other ends, and no last line end."""
    if isinstance(before, str) and isinstance(after, str):
        return _lines(before) != _lines(after)
    return before != after


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def fixed_by_now(dialogue: Dialogue, values: Mapping[str, Any]) -> dict[str, LifecycleRefused]:
    """The fields that can no longer take these values, with the reasons.

    Participants answered this question at this URL, and were promised these limits. The public log
    names a dialogue by its address, also one that is a draft again.
    """
    problems = {}
    if values.get("slug", dialogue.slug) != dialogue.slug and was_public(dialogue):
        problems["slug"] = LifecycleRefused("address_is_fixed")
    obstacle = obstacle_to_reopening(dialogue)
    for name in ("opens_at", "closes_at"):
        if obstacle and values.get(name, getattr(dialogue, name)) != getattr(dialogue, name):
            problems[name] = obstacle
    if not dialogue.participants.exists():
        return problems
    if values.get("question", dialogue.question) != dialogue.question:
        problems["question"] = LifecycleRefused("question_is_fixed")
    if values.get("minimum_shown", dialogue.minimum_shown) < dialogue.minimum_shown:
        problems["minimum_shown"] = LifecycleRefused("minimum_only_grows")
    if values.get("key_days", dialogue.key_days) > dialogue.key_days:
        problems["key_days"] = LifecycleRefused("key_days_only_shrink")
    return problems


def missing_to_open(dialogue: Dialogue, at: datetime) -> list[LifecycleRefused]:
    """What a draft still lacks, as things to do."""
    missing = []
    if not dialogue.question.strip():
        missing.append(LifecycleRefused("no_question"))
    if not dialogue.host_name.strip():
        missing.append(LifecycleRefused("no_host"))
    if place := place_left(dialogue.background, dialogue.promise):
        missing.append(LifecycleRefused("place_left", place=place))
    approved = dialogue.statements.filter(status="approved").count()
    if approved < FEWEST_STATEMENTS:
        few = LifecycleRefused("too_few_statements", need=FEWEST_STATEMENTS, have=approved)
        missing.append(few)
    if dialogue.pk in destroyed_keys():
        missing.append(LifecycleRefused("keys_of_another_installation"))
    elif not is_key_at_hand(dialogue):
        missing.append(LifecycleRefused("key_is_missing"))
    if dialogue.closes_at and dialogue.closes_at <= at:
        missing.append(LifecycleRefused("period_is_over"))
    return missing


@transaction.atomic
def open_dialogue(staff: User, dialogue: Dialogue, *, at_once: bool = False) -> Dialogue:
    """Open the dialogue, or schedule it for ``opens_at`` unless ``at_once``.

    Raises ``LifecycleRefused``.
    """
    dialogue = _locked(dialogue)
    now = timezone.now()
    scheduled = dialogue.phase(now) == "scheduled"
    if dialogue.state != Dialogue.State.DRAFT and not (scheduled and at_once):
        raise LifecycleRefused("not_a_draft")
    missing = missing_to_open(dialogue, now)
    if missing:
        raise LifecycleRefused.for_all(missing)
    make_key(dialogue.pk)
    dialogue.state = Dialogue.State.OPEN
    if at_once and dialogue.opens_at and dialogue.opens_at > now:
        dialogue.opens_at = now
    dialogue.save(update_fields=["state", "opens_at"])
    log_staff_action(
        staff, dialogue, Verb.SCHEDULE if dialogue.phase(now) == "scheduled" else Verb.OPEN
    )
    return dialogue


@transaction.atomic
def withdraw_dialogue(staff: User, dialogue: Dialogue) -> Dialogue:
    """Make a dialogue without participants a draft again.

    Raises ``LifecycleRefused``.
    """
    dialogue = _locked(dialogue)
    if dialogue.state != Dialogue.State.OPEN or dialogue.participants.exists():
        raise LifecycleRefused("has_participants")
    _end_previews(dialogue)
    dialogue.state, dialogue.archived_on = Dialogue.State.DRAFT, None
    dialogue.save(update_fields=["state", "archived_on"])
    log_staff_action(staff, dialogue, Verb.WITHDRAW)
    return dialogue


def _end_previews(dialogue: Dialogue) -> None:
    """Delete the links of one that has opened, before it is made a draft or opens later again."""
    if dialogue.phase(timezone.now()) not in {"draft", "scheduled"}:
        dialogue.preview_links.all().delete()


@transaction.atomic
def close_dialogue(staff: User, dialogue: Dialogue) -> Dialogue:
    """Close the dialogue; if it is open, ``closes_at`` becomes now. Raises ``LifecycleRefused``."""
    dialogue = _locked(dialogue)
    if dialogue.state != Dialogue.State.OPEN:
        raise LifecycleRefused("not_open")
    now = timezone.now()
    phase = dialogue.phase(now)
    if phase == "scheduled":
        raise LifecycleRefused("not_open_yet")
    if phase == "open":
        dialogue.closes_at = now
    dialogue.state = Dialogue.State.CLOSED
    dialogue.save(update_fields=["state", "closes_at"])
    log_staff_action(staff, dialogue, Verb.CLOSE)
    return dialogue


def obstacle_to_reopening(dialogue: Dialogue) -> LifecycleRefused | None:
    """Why the dialogue cannot be reopened, or None."""
    if dialogue.key_destroyed_on:
        return LifecycleRefused("key_is_destroyed")
    if dialogue.maps.filter(final=True).exists():
        return LifecycleRefused("result_is_final")
    return None


@transaction.atomic
def reopen_dialogue(staff: User, dialogue: Dialogue) -> Dialogue:
    """Open a closed dialogue again; an end that has passed is removed.

    Raises ``LifecycleRefused``.
    """
    dialogue = _locked(dialogue)
    now = timezone.now()
    if dialogue.phase(now) != "closed":
        raise LifecycleRefused("not_closed")
    obstacle = obstacle_to_reopening(dialogue)
    if obstacle:
        raise obstacle
    dialogue.state = Dialogue.State.OPEN
    dialogue.archived_on = None
    if dialogue.closes_at and dialogue.closes_at <= now:
        dialogue.closes_at = None
    dialogue.save(update_fields=["state", "closes_at", "archived_on"])
    log_staff_action(staff, dialogue, Verb.REOPEN)
    return dialogue


def _locked(dialogue: Dialogue) -> Dialogue:
    return Dialogue.objects.select_for_update().get(pk=dialogue.pk)
