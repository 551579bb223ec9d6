"""Checking and storing what a participant proposes as a source."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext_lazy

from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import DailyCount, Dialogue
from middleground.dialogues.models.texts.moderated_text import Status
from middleground.dialogues.texts.submission import (
    DECEPTIVE,
    author_of,
    check_length,
    next_number,
)
from middleground.evidence.models import ProposedSource
from middleground.evidence.models.proposed_source import LONGEST
from middleground.texts.sameness import dedup_hash
from middleground.threads.submit import missing_to_comment

# In the order in which ``text`` has them. The kind of source is not among the words.
IN_THE_TEXT = ("title", "authors", "publisher", "published", "address", "doi", "shows")
PARTS = ("kind", *IN_THE_TEXT)
_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


class ProposalRefused(Refused):
    """The proposal was not stored."""

    refusals = {
        "not_open": RefusalText(gettext_lazy("The dialogue is not open.")),
        "not_yet": RefusalText(
            gettext_lazy("Nothing was sent yet. You need one more thing before you can write."),
            HTTPStatus.FORBIDDEN,
        ),
        "no_words": RefusalText(gettext_lazy("You have not written anything yet."), _WRONG),
        "deceptive": DECEPTIVE,
        "too_long": RefusalText(
            ngettext_lazy(
                "Its length is %(length)d. The limit is %(limit)d. Please cut %(over)d character.",
                "Its length is %(length)d. The limit is %(limit)d. Please cut %(over)d characters.",
                "over",
            ),
            _WRONG,
        ),
        "proposed_already": RefusalText(
            gettext_lazy("This was proposed before. Nothing was sent."),
            _WRONG,
        ),
        "too_many_waiting": RefusalText(
            gettext_lazy(
                "Many of your proposals are still waiting for staff. Please send "
                "this one after some have been looked at."
            ),
            _WRONG,
        ),
    }


def check_proposal(dialogue: Dialogue, parts: Mapping[str, str]) -> str:
    """The text as it would be stored. Raises ``ProposalRefused``; writes nothing."""
    whole = " · ".join(parts[name] for name in IN_THE_TEXT if parts.get(name))
    text = check_length(whole, LONGEST, ProposalRefused)
    # As the constraint has it: of one that is taken up the words stay while texts are on hold.
    kept = ProposedSource.objects.filter(status__in=[Status.PENDING, Status.APPROVED])
    if kept.filter(dialogue=dialogue, dedup_hash=dedup_hash(text)).exists():
        raise ProposalRefused("proposed_already")
    return text


def propose_source(dialogue: Dialogue, token: bytes, parts: Mapping[str, str]) -> ProposedSource:
    """Store a participant's proposal, which always waits for staff. Raises ``ProposalRefused``.

    ``parts``: by the names in ``PARTS``, as ``pages/forms.py`` cleans them.
    """
    with transaction.atomic():
        dialogue = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
        now = timezone.now()
        if not dialogue.is_open(now):
            raise ProposalRefused("not_open")
        if missing_to_comment(dialogue, token):
            raise ProposalRefused("not_yet")
        text = check_proposal(dialogue, parts)
        author, new_here = author_of(dialogue, token, ProposedSource, ProposalRefused)
        today = timezone.localdate(now)
        stored = ProposedSource.objects.create(
            dialogue=dialogue,
            number=next_number(dialogue, ProposedSource),
            text=text,
            dedup_hash=dedup_hash(text),
            parts={name: parts.get(name, "") for name in PARTS},
            author=author,
            received_on=today,
        )
        if new_here:
            day, _new = DailyCount.objects.get_or_create(dialogue=dialogue, day=today, part=0)
            DailyCount.objects.filter(pk=day.pk).update(participants=F("participants") + 1)
        return stored
