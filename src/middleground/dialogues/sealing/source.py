"""What dialogues add when the log grows: boxes while they are open, lists at the close."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from middleground.core.jobs import part
from middleground.core.jobs.troubles import noted
from middleground.core.threads import urgent
from middleground.dialogues.identity.keys import KeyDestroyed, WrongKey
from middleground.dialogues.models import Dialogue, DialogueLog, StoredMap
from middleground.dialogues.sealing.boxes import place_box
from middleground.dialogues.sealing.lists import CountedVotes, place_lists
from middleground.dialogues.sealing.records import count_unsealed_texts, seal_texts
from middleground.dialogues.sealing.texts import publish_texts, shown_texts
from middleground.publiclog.sequencer import Sequencer, sequencing

logger = logging.getLogger(__name__)

CLOSE = part(
    "close a dialogue in the log",
    _("Listing the votes in the public log"),
    _("Nobody can check the result in the public log. The result itself stands."),
    _("The dialogue’s key is missing or different. “middleground doctor” says which."),
)

# More in one transaction would delay votes by more than a few hundredths of a second.
MOST_TEXTS = 500
# SQLite's lock goes to whoever asks at the right moment, which is the one that has just freed it.
VOTES_SECONDS = 1.0  # so long does the next transaction wait for votes that wait for the lock


class DialogueSource:
    """The source of all dialogues (see ``publiclog.sources.Source``).

    ``counted_votes`` tells which votes the final map of a closed dialogue counts.
    """

    def __init__(self, counted_votes: Callable[[Dialogue], CountedVotes]) -> None:
        self._counted_votes = counted_votes

    def is_urgent(self) -> bool:
        """Whether a dialogue has a final result but no vote lists yet."""
        return _to_close().exists()

    def begin_round(self, now: datetime) -> DialogueRound:  # noqa: ARG002
        _seal_many_texts()
        return DialogueRound(list(_to_close()), self._counted_votes)


@dataclass(slots=True)
class DialogueRound:
    """One round of log growth. ``final``: the dialogues whose votes it lists."""

    final: list[Dialogue]
    counted_votes: Callable[[Dialogue], CountedVotes]
    texts: dict[str, str] = field(default_factory=dict)

    def place_first(self, sequencer: Sequencer) -> None:
        """Seal new texts before the records that name them.

        The texts are read in the same transaction, so that each of them has its seal in the log.
        """
        sequencer.place(seal_texts())
        self.texts = shown_texts()

    def place_batches(self) -> None:
        """Log a box of every open dialogue, whether or not anybody voted, and the lists."""
        for dialogue in _logged():
            if dialogue in self.final:
                self._close(dialogue)
            else:
                place_box(dialogue)
            urgent.votes.give_way(VOTES_SECONDS)

    def publish_files(self, folder: Path) -> None:
        publish_texts(folder, self.texts)

    def _close(self, dialogue: Dialogue) -> None:
        """Log the lists. One dialogue whose key is lost must not stop the log for all others."""
        try:
            with noted(CLOSE.name, dialogue.pk):
                place_lists(dialogue, self.counted_votes)
        except (KeyDestroyed, WrongKey) as problem:
            # No traceback: the reason is the key, and the doctor names it.
            logger.error("“%s” cannot be closed in the log: %r", dialogue.slug, problem)


def _seal_many_texts() -> None:
    """Seal all but a few new texts, in transactions that delay votes only a little."""
    new = MOST_TEXTS
    while new == MOST_TEXTS and count_unsealed_texts() > MOST_TEXTS:
        with sequencing() as sequencer:
            sealed = seal_texts(MOST_TEXTS)
            sequencer.place(sealed)
        new = len(sealed)
        urgent.votes.give_way(VOTES_SECONDS)


def _logged() -> QuerySet[Dialogue]:
    """Dialogues whose votes the log still follows."""
    closed = DialogueLog.objects.filter(dialogue=OuterRef("pk"), closed=True)
    started = Dialogue.objects.exclude(state=Dialogue.State.DRAFT)
    return started.filter(~Exists(closed), imported=False).order_by("pk")


def _to_close() -> QuerySet[Dialogue]:
    return _logged().filter(Exists(StoredMap.objects.filter(dialogue=OuterRef("pk"), final=True)))
