"""What middleground needs besides the votes to make a dialogue's map from an exported folder.

Three files that other programs do not read: the votes on statements that people looked up
themselves, how each person was admitted and whether they count, and the settings of the map.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from middleground.engine.votes import Votes
from middleground.polis import files
from middleground.polis.csv_file import parse_integers, read_sheet
from middleground.polis.export import BESIDE, NO, YES, InvalidExport, MapSetup, PolisExport, Problem
from middleground.polis.files import ExportFile

FORMAT_ID = "middleground-map/1"


def tables_of(
    export: PolisExport, setup: MapSetup
) -> Iterator[tuple[str, list[Sequence[str | int]]]]:
    """The rows of the two tables, by file name."""
    votes = export.votes
    looked_up = np.zeros(len(votes), dtype=bool) if votes.dealt is None else ~votes.dealt
    pairs = zip(
        votes.participant[looked_up].tolist(), votes.statement[looked_up].tolist(), strict=True
    )
    yield files.LOOKED_UP, [("voter-id", "comment-id"), *pairs]
    people = [(key, setup.tiers[key], setup.counts[key]) for key in sorted(setup.counts)]
    yield files.PEOPLE, [("participant", "tier", "counts"), *people]


def settings_of(setup: MapSetup) -> str:
    """The content of the file of settings."""
    told = {
        "format": FORMAT_ID,
        "engine": setup.engine,
        "seed": setup.seed,
        "options": dict(setup.options),
        "statements": sorted(setup.statements),
        "previous": setup.previous,
    }
    return json.dumps(told, indent=1, sort_keys=True) + "\n"


def read_setup(found: Mapping[str, ExportFile], problems: list[Problem]) -> MapSetup | None:
    """The setup, if the export has one. Raises InvalidExport if it is incomplete or unreadable."""
    ours = [found.get(name) for name in (files.LOOKED_UP, files.PEOPLE, files.MAP)]
    if not any(ours):
        return None
    missing = [n for n in (files.LOOKED_UP, files.PEOPLE, files.MAP) if n not in found]
    if missing:
        raise InvalidExport(
            f"There is no {missing[0]} beside the other files of middleground. Add it, or, to count"
            " every vote, take all files away that begin with “middleground-”."
        )
    told = _settings(found[files.MAP])
    people = read_sheet(found[files.PEOPLE], ("participant", "tier", "counts"), problems, _silent)
    columns = [people.column(name) or [] for name in ("participant", "tier", "counts")]
    tiers, counts = {}, {}
    for k, (person, tier, answer) in enumerate(
        zip(parse_integers(columns[0]), columns[1], columns[2], strict=True)
    ):
        if person is None or answer not in (YES, BESIDE, NO):
            reason = "not a number, a tier, and “yes”, “beside” or “no”"
            problems.append(Problem(people.name, people.lines[k], reason))
            continue
        tiers[person], counts[person] = tier, answer
    try:
        return MapSetup(
            tiers=tiers,
            counts=counts,
            statements=frozenset(int(number) for number in told["statements"]),
            seed=int(told["seed"]),
            options=dict(told["options"]),
            engine=str(told["engine"]),
            previous=told["previous"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidExport(f"{found[files.MAP].name} lacks something: {error}.") from error


def with_looked_up(found: Mapping[str, ExportFile], votes: Votes, problems: list[Problem]) -> Votes:
    """The votes, of which those on looked-up statements are marked as not dealt."""
    sheet = read_sheet(found[files.LOOKED_UP], ("voter-id", "comment-id"), problems, _silent)
    columns = [parse_integers(sheet.column(name) or []) for name in ("voter-id", "comment-id")]
    pairs = set(zip(*columns, strict=True))
    mine = zip(votes.participant.tolist(), votes.statement.tolist(), strict=True)
    dealt = np.array([pair not in pairs for pair in mine], dtype=bool)
    return Votes(votes.participant, votes.statement, votes.value, dealt)


def _settings(file: ExportFile) -> dict[str, Any]:
    try:
        told = json.loads(file.read().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidExport(f"{file.name} is not JSON: {error}.") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT_ID:
        raise InvalidExport(f"{file.name} does not say that it is “{FORMAT_ID}”.")
    return told


def _silent(read: int) -> None:
    """These files are small: their reading is not told."""
