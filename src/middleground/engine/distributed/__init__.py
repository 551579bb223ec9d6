"""One map of votes that lie in parts: files larger than memory, or several machines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from middleground.engine.analysis import analyse_source
from middleground.engine.attributes import Attribute
from middleground.engine.distributed.executor import DiskExecutor, Executor
from middleground.engine.distributed.input import vote_source_of
from middleground.engine.distributed.table import tabulate_parts
from middleground.engine.facts import MapFacts
from middleground.engine.integrity.raking import Margins
from middleground.engine.opinion_map import OpinionMap
from middleground.engine.options import Options
from middleground.engine.votes import Votes

__all__ = ["DiskExecutor", "Executor", "analyse_parts"]


def analyse_parts(
    sources: Sequence[Any],
    reader: Callable[[Any], Votes],
    hands: Executor,
    options: Options | None = None,
    seed: int = 0,
    previous: MapFacts | None = None,
    *,
    tiers: Attribute | None = None,
    margins: Margins | None = None,
) -> OpinionMap:
    """``analyse`` of all votes that ``reader`` gives for the ``sources``, one part at a time.

    All votes of a participant have to be in one part. Votes stay with ``hands``; of each person
    some hundred bytes come here (id, count, key, where they stand), and votes of a sample of a few
    thousand. People, samples and random numbers are those of ``analyse``, in its order; only sums
    over parts are added up in another one. So with one part the map has the same bytes, and with
    several its figures agree to about six digits. How many work on the parts changes no bit.

    Raises
    ------
    InvalidVotes
        Somebody has votes in two parts, or a part does not hold votes.
    ValueError
        Parity mode: its axes need all votes at once.
    """
    options = options or Options()
    if options.parity:
        raise ValueError("Parity mode is not for votes in parts.")
    spread = tabulate_parts(sources, reader, hands, options)
    material = vote_source_of(spread)
    return analyse_source(material, options, seed, previous, tiers=tiers, margins=margins)
