"""What apps above give to the log besides single records: sealed leaves, and files that open them.

An app registers a source when it starts. The publisher asks each source for a round and calls the
methods of all rounds in the order in which they stand in ``Round``.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

from middleground.publiclog.sequencer import Sequencer


class Round(Protocol):
    """One growth of the log, as one source takes part in it."""

    def place_first(self, sequencer: Sequencer) -> None:
        """Place entries that must stand before the records that wait, in the same transaction."""

    def place_batches(self) -> None:
        """Place batches of leaves, each in its own ``sequencing()``: a long one holds up votes."""

    def publish_files(self, folder: Path) -> None:
        """Write the files that follow from what is signed now, such as openings.

        After a power cut the same round does not come again: what is not written yet must follow
        from the database alone, in a later round.
        """


class Source(Protocol):
    """An app's part in the log's growth."""

    def is_urgent(self) -> bool:
        """Whether the log should grow now and not only after the usual interval."""

    def begin_round(self, now: datetime) -> Round: ...


_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def registered() -> tuple[Source, ...]:
    return tuple(_sources)
