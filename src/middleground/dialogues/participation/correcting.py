"""An author corrects a typing error in their statement, until somebody else has voted on it.

The public log names one text by a number and never changes an entry. So the corrected text is a new
statement under the next number, which is looked at as any other, and of the old one only its number
is left, with where the text is now. The row stays, since on PostgreSQL a vote can be on its way
while nobody has voted yet: it is stored then as one on a statement that is no longer shown.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F, ForeignObjectRel
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.log_kinds import Correction
from middleground.dialogues.models import Dialogue, RetentionHold, Statement, Vote, VoteSeal
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.privacy.retention import delete_texts, is_held
from middleground.dialogues.sealing.records import erase_seals, is_logged
from middleground.dialogues.statements.submit import (
    all_of,
    check_statement,
    require_may_write,
    store_statement,
)
from middleground.dialogues.texts.decisions import SHOWN
from middleground.dialogues.texts.marks import leave_mark, marked_by
from middleground.dialogues.texts.submission import look_ahead
from middleground.dialogues.voting.changes import note_changes
from middleground.ledger.records.entries import STATEMENTS
from middleground.publiclog.append import append
from middleground.texts.moderation import TextState

# Of one statement. More would let somebody send messages by the numbers in the public log.
MOST_CORRECTIONS = 3
# What refers to a statement and is no use that others make of it.
_ITS_OWN = frozenset(
    {"vote", "voteseal", "statementexposurecount", "statementmark", "similarstatement",
     "staffaction", "appeal", "statementtopic", "topic", "statementtranslation"}
)  # fmt: skip


class CorrectionRefused(Refused):
    """The statement stays as it is."""

    refusals = {
        "not_yours": RefusalText(_("This browser wrote no such statement."), status=404),
        "not_open": RefusalText(_("The dialogue is not open. Nothing was changed.")),
        "decided": RefusalText(
            _("A moderator decided about it, so it stays as it is. Nothing was changed.")
        ),
        "voted": RefusalText(
            _(
                "Somebody else has voted on it, so its words stay as they are: nobody’s vote may"
                " come to stand beside words that they did not read. Nothing was changed."
            )
        ),
        "used": RefusalText(
            _("Somebody else refers to it, so its words stay as they are. Nothing was changed.")
        ),
        "held": RefusalText(
            _(
                "The host keeps all texts of this dialogue for now, so none can be replaced."
                " Nothing was changed."
            )
        ),
        "often": RefusalText(
            _("It was corrected three times already, and cannot be again. Nothing was changed.")
        ),
        "unchanged": RefusalText(
            _("It has the same words as before. Nothing was changed."), status=422
        ),
    }


def statement_to_correct(dialogue: Dialogue, token: bytes, number: int) -> Statement:
    """The own statement, if it can be corrected now. Raises ``CorrectionRefused``."""
    if not dialogue.is_open(timezone.now()):
        raise CorrectionRefused("not_open")
    own = Statement.objects.filter(dialogue=dialogue, author_id=pseudonym(dialogue.pk, token))
    statement = own.filter(number=number, origin=Statement.Origin.PARTICIPANT).first()
    if statement is None:
        raise CorrectionRefused("not_yours")
    if forbids := _what_forbids(statement):
        raise CorrectionRefused(forbids)
    return statement


def may_correct(statement: Statement) -> bool:
    """Whether its author may now, if the dialogue is open."""
    return not _what_forbids(statement)


def _what_forbids(statement: Statement) -> str:
    if statement.state not in {TextState.WAITING, *SHOWN}:
        return "decided"
    if Vote.objects.filter(statement=statement).exclude(participant=statement.author_id).exists():
        return "voted"
    if _is_used(statement):
        return "used"
    if statement.state in SHOWN and is_held(statement.dialogue, RetentionHold.What.TEXTS):
        return "held"
    return "often" if _corrections(statement) >= MOST_CORRECTIONS else ""


def _is_used(statement: Statement) -> bool:
    """Whether something refers to it, such as a comment, a source or a case, in apps above too."""
    for relation in Statement._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.field.name == "became":
            continue
        model: Any = relation.related_model
        own = model._meta.model_name in _ITS_OWN
        if not own and model._base_manager.filter(**{relation.field.name: statement.pk}).exists():
            return True
    return False


def _corrections(statement: Statement) -> int:
    """How often it was corrected before."""
    count, before = 0, statement.number
    earlier = Statement.objects.filter(dialogue=statement.dialogue_id)
    while before and count < MOST_CORRECTIONS:
        found = earlier.filter(became__number=before).values_list("number", flat=True).first()
        count, before = count + bool(found), found or 0
    return count


def correct_statement(
    dialogue: Dialogue, token: bytes, number: int, text: str, language: str = ""
) -> Statement:
    """Store the corrected text as a new statement; only the number of the old one is left.

    The author's own vote goes with the old words. Raises ``CorrectionRefused``, and
    ``StatementRefused`` for what would be refused of any new statement.
    """
    looked = look_ahead(dialogue, text, all_of(dialogue).exclude(number=number))
    with transaction.atomic():
        dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
        list(all_of(dialogue).filter(number=number).select_for_update().values_list("pk"))
        now = timezone.now()
        old = statement_to_correct(dialogue, token, number)
        require_may_write(dialogue, token, now)
        text = check_statement(dialogue, text, instead_of=old)
        if text == old.text:
            raise CorrectionRefused("unchanged")
        marked = bool(marked_by(token, Statement.objects.filter(pk=old.pk)))
        _empty(dialogue, old)
        new, _new_here = store_statement(dialogue, token, text, looked, now, language)
        if marked:
            leave_mark(new, token)
        Statement.objects.filter(pk=old.pk).update(became=new)
        if is_logged(dialogue):
            append(Correction(dialogue.slug, STATEMENTS, old.number, new.number))
        Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)
    note_changes([dialogue.pk])
    return new


def _empty(dialogue: Dialogue, statement: Statement) -> None:
    """Delete the words, the author's vote, and whose it was. The number stays."""
    erase_seals(dialogue, VoteSeal.objects.filter(statement=statement))
    Vote.objects.filter(statement=statement).delete()
    delete_texts(dialogue, kind_of(Statement).texts.filter(pk=statement.pk))
    statement.move_to(TextState.REJECTED, author=None)
