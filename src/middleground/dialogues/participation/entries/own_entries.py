"""What was entered for somebody, for whoever has the number on their stub."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.stubs import stub_token
from middleground.dialogues.models import Dialogue, Participant, Statement
from middleground.dialogues.participation.own_data import Deleted, delete_own_votes
from middleground.dialogues.queries import votes_of
from middleground.dialogues.sealing.receipts import OwnSealedVote, own_vote
from middleground.dialogues.statements.redaction import redacted

ENTERED = (Participant.Tier.PAPER, Participant.Tier.HELPED)


class StubRefused(Refused):
    """The number leads to nothing."""

    refusals = {
        "key_destroyed": RefusalText(
            _("What led from a number to answers is destroyed. The result itself stays."), 410
        ),
        "misspelt": RefusalText(
            _("A number has 16 letters and digits. Compare it with your stub or card."), 422
        ),
        "unknown": RefusalText(
            _(
                "Nothing is entered under this number. Compare it with your stub or card. "
                "A form on paper may still be on its way. Ask whoever gave it to you."
            ),
            404,
        ),
    }


@dataclass(frozen=True, slots=True)
class EnteredAnswer:
    """A statement and the vote on it. ``sealed``: the vote's place in the public log, if it is
    sealed there."""

    statement: Statement
    value: int
    sealed: OwnSealedVote | None


def find_person(dialogue: Dialogue, number: str) -> bytes:
    """The token of whoever has this number, if something was entered. Raises ``StubRefused``."""
    if dialogue.key_destroyed_on:
        raise StubRefused("key_destroyed")
    token = stub_token(dialogue.pk, number)
    people = Participant.objects.filter(pk=pseudonym(dialogue.pk, token), tier__in=ENTERED)
    if not people.exists():
        raise StubRefused("unknown")
    return token


def entered_answers(dialogue: Dialogue, token: bytes) -> Iterator[EnteredAnswer]:
    """In the order of the statements. Raises ``BadCheckpoint`` or ``OSError`` for a damaged log."""
    person = pseudonym(dialogue.pk, token)
    values = votes_of([person])[person].values
    for statement in dialogue.statements.filter(pk__in=values).order_by("number"):
        sealed = own_vote(dialogue, token, statement)
        shown = redacted(statement)
        shown.dialogue = dialogue
        yield EnteredAnswer(shown, values[statement.pk], sealed)


def take_entries_back(dialogue: Dialogue, token: bytes) -> Deleted:
    """Delete everything that was entered for the person. Raises ``OwnDataRefused``."""
    return delete_own_votes(dialogue, token, texts_too=True)
