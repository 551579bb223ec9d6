"""Sources: apps that give the log sealed leaves, and the files that open them.

An app registers a source when it starts. The publisher asks each source for a round and calls the
methods of all rounds in the order of their declaration in ``Round``.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

from middleground.publiclog.sequencer import Sequencer


class Round(Protocol):
    """The part of one source in one publication of the log."""

    def place_first(self, sequencer: Sequencer) -> None:
        """Place entries that must precede the pending records, in the same transaction."""

    def place_batches(self) -> None:
        """Place further entries, each in its own short ``sequencing()``, as it blocks votes."""

    def publish_files(self, folder: Path) -> None:
        """Write the files that depend on the newly signed entries, such as openings.

        A round is not repeated after a power cut, so a later round must be able to write the
        missing files from the database alone.
        """


class LogSource(Protocol):
    """An app that contributes leaves to the log."""

    def is_urgent(self) -> bool:
        """Whether the log should be published now, before the usual interval is over."""

    def begin_round(self, now: datetime) -> Round: ...


_sources: list[LogSource] = []


def register(source: LogSource) -> None:
    _sources.append(source)


def registered() -> tuple[LogSource, ...]:
    return tuple(_sources)
