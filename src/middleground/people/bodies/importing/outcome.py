"""What an import did, and what stood in its way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from middleground.people.bodies.importing.files.entries import (
    BodyEntry,
    BodyFile,
    PostEntry,
    RowPlace,
    RowTrouble,
    TermEntry,
)
from middleground.people.bodies.refusals import BodyRefused
from middleground.people.models import Body, Post

Step = Callable[[], None]
Try = tuple[RowPlace, str, Callable[[], None]]


class BodiesNotImported(ValueError):
    """Nothing was imported. ``troubles`` has the bad entries."""

    def __init__(self, message: str, troubles: list[RowTrouble]) -> None:
        super().__init__(message)
        self.troubles = troubles


@dataclass(slots=True)
class ImportOutcome:
    """Sentences and numbers for whoever imports."""

    troubles: list[RowTrouble]
    notes: list[str]
    done: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def note_done(self, what: str, name: object) -> None:
        """Count a change, such as "new bodies", and say whose it is."""
        self.counts[what] += 1
        self.done.append(f"{what}: {name}")


@dataclass(slots=True)
class Storing:
    """The state of one import. Bodies and posts are found by their refs in the file.

    What is ``settled`` has ended, as the file says, so there is nothing to do.
    """

    file: BodyFile
    outcome: ImportOutcome
    step: Step
    bodies: dict[str, Body] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    told: set[int] = field(default_factory=set)
    later: int = 0  # ends that lie in the future

    def tell(self, place: RowPlace, reason: object) -> None:
        """Add a trouble; a row that was told already is not told again."""
        if place.number not in self.told:
            self.told.add(place.number)
            self.outcome.troubles.append(RowTrouble(place, f"{reason}"))

    def leave_out(self, place: RowPlace, ref: str, reason: object) -> None:
        self.file.left_out.add(ref)
        self.tell(place, reason)

    def lacks(self, entry: PostEntry | TermEntry, owner: str, owner_ref: str) -> bool:
        """Whether the body or post to which the entry belongs is not there, and why."""
        if owner_ref in self.settled:
            self.settled.add(entry.ref)
        elif owner_ref in self.file.left_out:
            self.leave_out(entry.place, entry.ref, f"its {owner} was left out. Mend that first.")
        elif owner_ref not in self.bodies and owner_ref not in self.posts:
            reason = f"its {owner} is not in the file. Add it, or correct the id."
            self.leave_out(entry.place, entry.ref, reason)
        else:
            return False
        return True

    def try_all(self, acts: list[Try]) -> None:
        """Do each, as a whole or not at all. One that was refused is tried again after others.

        A name may be taken until another body was renamed, whatever the order of the file.
        """
        while acts:
            refused = []
            for place, ref, act in acts:
                try:
                    with transaction.atomic():
                        act()
                except (BodyRefused, ValidationError) as error:
                    refused.append((place, ref, act, reason_of(error)))
            if len(refused) == len(acts):
                for place, ref, _act, reason in refused:
                    self.leave_out(place, ref, reason)
                return
            acts = [(place, ref, act) for place, ref, act, _reason in refused]


def act_of(entry: BodyEntry | PostEntry | TermEntry, do: Callable[..., None], *more: object) -> Try:
    """What ``try_all`` takes: to do something about an entry."""
    return entry.place, entry.ref, partial(do, entry, *more)


def reason_of(error: BodyRefused | ValidationError) -> str:
    """The sentences of a refusal, each with the name of its field."""
    if isinstance(error, BodyRefused):
        return str(error.message)
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(
        f"{name.replace('_', ' ')}: {message}" if name != NON_FIELD_ERRORS else message
        for name, messages in error.message_dict.items()
        for message in messages
    )
