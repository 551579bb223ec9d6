"""Adding and removing the host's own statements."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import Dialogue, Statement, Verb
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.privacy.retention import keep_numbers
from middleground.dialogues.sealing.records import count_erased_texts
from middleground.dialogues.sealing.staff_log import log_staff_action
from middleground.dialogues.statements.seed_import import Candidate, look_at
from middleground.dialogues.texts.submission import next_number
from middleground.people.models import User
from middleground.texts.sameness import dedup_hash


class SeedsRefused(Refused):
    """The host's own statements cannot be added to the dialogue, or this one not removed."""

    refusals = {
        "closed": RefusalText(
            _("The dialogue is closed: nobody could vote on them. Nothing was added.")
        ),
        "not_removable": RefusalText(
            _(
                "You can only remove the host’s own statements from a draft. Elsewhere, "
                "decide in moderation not to show it."
            )
        ),
    }


@transaction.atomic
def add_statements(
    staff: User, dialogue: Dialogue, texts: Sequence[str]
) -> tuple[int, list[Candidate]]:
    """Add the texts that can be added; return their number, and the others with their problems.

    Raises ``SeedsRefused``.
    """
    dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if dialogue.phase(timezone.now()) == "closed":
        raise SeedsRefused("closed")
    # Checked again under the lock, because a colleague may have just added the same.
    candidates = look_at(dialogue, texts)
    good = [candidate.text for candidate in candidates if not candidate.problem]
    first = next_number(dialogue, Statement)
    Statement.objects.bulk_create(
        Statement(
            dialogue=dialogue,
            number=number,
            text=text,
            dedup_hash=dedup_hash(text),
            origin=Statement.Origin.SEED,
            status=Statement.Status.APPROVED,
            reviewed=True,
            received_on=timezone.localdate(),
        )
        for number, text in enumerate(good, start=first)
    )
    if good:
        log_staff_action(staff, dialogue, Verb.ADD_STATEMENTS, count=len(good), first=first)
    return len(good), [candidate for candidate in candidates if candidate.problem]


@transaction.atomic
def remove_statement(staff: User, statement: Statement) -> None:
    """Delete a statement of the host from a draft. Raises ``SeedsRefused``."""
    dialogue = Dialogue.objects.select_for_update().get(pk=statement.dialogue_id)
    removable = dialogue.statements.filter(
        pk=statement.pk, origin=Statement.Origin.SEED, votes=None, merged=None
    )
    if dialogue.state != Dialogue.State.DRAFT or not removable.exists():
        raise SeedsRefused("not_removable")
    if statement.salt is not None:  # the log has it from when the dialogue was open before
        keep_numbers(dialogue, kind_of(Statement), [statement.number])
        count_erased_texts(dialogue, 1)
    statement.delete()
    log_staff_action(staff, dialogue, Verb.REMOVE_STATEMENT, number=statement.number)
