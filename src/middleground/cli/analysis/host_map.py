"""The settings of a map of an export: those of its host's map, where the folder tells them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from middleground import __version__
from middleground.engine import Attribute, MapFacts, Options, Votes
from middleground.polis import InvalidExport, MapSetup, PolisExport
from middleground.polis.export import BESIDE


@dataclass(frozen=True, slots=True)
class MapSettings:
    """Arguments of ``analyse``, the votes that are shown ``beside`` the map, and notes."""

    options: Options
    seed: int
    previous: MapFacts | None
    known: dict[str, Any]
    beside: Votes | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, export: PolisExport, chosen: dict[str, Any], seed: int | None, known: dict[str, Any]
    ) -> MapSettings:
        """What was ``chosen`` on the command line comes before what the folder tells.

        Raises InvalidExport if the folder's settings cannot be used.
        """
        setup = export.setup
        if setup is None:
            return cls(Options(**chosen), seed or 0, None, known)
        options, previous = _host_settings(setup)
        looked_up = "" if export.votes.dealt is None else f"{int((~export.votes.dealt).sum()):,} "
        notes = [
            "The folder tells which votes its host's map is made of, and how:"
            f" {looked_up}votes on statements that people looked up are set aside."
        ]
        if setup.engine != __version__:
            notes.append(f"That was engine {setup.engine}, and this is {__version__}.")
        if known.get("tiers") is None:
            known = {**known, "tiers": Attribute(list(setup.tiers), list(setup.tiers.values()))}
        beside = export.votes_of(setup, BESIDE)
        shown = beside if len(beside) and not chosen.get("parity") else None
        used = setup.seed if seed is None else seed
        return cls(replace(options, **chosen), used, previous, known, shown, tuple(notes))


def _host_settings(setup: MapSetup) -> tuple[Options, MapFacts | None]:
    try:
        options = Options(**{**setup.options, "leave_out": tuple(setup.options["leave_out"])})
        previous = MapFacts.from_dict(dict(setup.previous)) if setup.previous else None
    except (KeyError, TypeError, ValueError, msgspec.ValidationError) as error:
        raise InvalidExport(
            f"The host's settings cannot be used: {error}. With the middleground that wrote the"
            " folder they can; without the files that begin with “middleground-” every vote counts."
        ) from error
    return options, previous
