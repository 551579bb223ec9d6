"""The example dialogues as data, read from the TOML files beside this one.

Those files give each statement's text and numbers together, so that a reader who doubts the balance
can check both at once. A ``[[pair]]`` is one voice speaking on both sides; its two statements share
``strength``, ``appeal`` and ``procedure``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

Side = Literal["closer", "separate", "between", ""]

SIMULATED_NOTICE = (
    "This is an example. All participants are simulated; the votes say nothing about real people."
)


@dataclass(frozen=True, slots=True)
class ExampleStatement:
    """One statement and its parameters in the generative model of ``simulate``.

    ``voice`` says whose view or which subject it is. ``topic`` is one of the dialogue's topics, or
    "" if it has none. ``side`` is "" if a dialogue has no sides.
    ``lean`` is -1, 0 or +1; with ``strength`` (at least 0) it is the slope on the first latent
    trait, ``procedure`` is the slope on the second, and ``appeal`` is the intercept, all in
    log-odds.
    """

    text: str
    voice: str
    topic: str = ""
    side: Side = ""
    lean: int = 0
    strength: float = 0.0
    appeal: float = 0.0
    procedure: float = 0.0

    def __post_init__(self) -> None:
        if self.lean not in (-1, 0, 1):
            raise ValueError(f"lean is {self.lean}; it must be -1, 0 or +1: {self.text!r}")
        if (self.lean == 0) != (self.strength == 0) or self.strength < 0:
            raise ValueError(f"strength {self.strength} does not fit lean {self.lean}: {self.text}")


@dataclass(frozen=True, slots=True)
class QueuedStatement:
    """A statement that nobody votes on: it waits for a moderator or was rejected.

    ``reason`` is the code that its author sees, "" while it is pending. ``shows`` says what it
    demonstrates: "personal_data", "near_duplicate", "off_topic" or "nothing" special.
    """

    text: str
    state: Literal["pending", "rejected"]
    shows: Literal["personal_data", "near_duplicate", "off_topic", "nothing"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """A dialogue's numbers in the generative model; see ``simulate``."""

    camp_share: float
    camp_centre: float
    camp_spread: float
    middle_spread: float
    procedure_spread: float
    readiness_spread: float
    pass_shape: tuple[float, float]
    least_votes: int
    leaving: float


@dataclass(frozen=True, slots=True)
class ExampleDialogue:
    """A whole example: texts (``background`` and ``outcome`` in Markdown), statements, model.

    ``outcome`` answers "what happens with the answers". ``topics`` is their order; a topic of
    the statements that it lacks is an error. The demo uses ``participants`` and ``seed``.
    """

    slug: str
    question: str
    host: str
    background: str
    outcome: str
    participants: int
    seed: int
    model: Model
    statements: tuple[ExampleStatement, ...]
    queue: tuple[QueuedStatement, ...]
    topics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unknown = {item.topic for item in self.statements} - {"", *self.topics}
        if unknown:
            raise ValueError(f"not among the topics: {', '.join(sorted(unknown))}")


def read_dialogue(text: str) -> ExampleDialogue:
    """Read an example dialogue from TOML; an unknown or missing key is an error."""
    data = tomllib.loads(text)
    model = data.pop("model")
    pairs = [_pair(entry) for entry in data.pop("pair", [])]
    singles = [ExampleStatement(**entry) for entry in data.pop("statement", [])]
    queue = tuple(QueuedStatement(**entry) for entry in data.pop("queue", []))
    topics = tuple(data.pop("topics", ()))
    data["background"] = data["background"].strip() + "\n"
    data["outcome"] = data["outcome"].strip() + "\n"
    return ExampleDialogue(
        **data,
        model=Model(**{**model, "pass_shape": tuple(model["pass_shape"])}),
        statements=_interleave(pairs, singles),
        queue=queue,
        topics=topics,
    )


def _pair(entry: dict[str, Any]) -> tuple[ExampleStatement, ExampleStatement]:
    """Two mirror statements from one entry: same voice and numbers, opposite lean."""
    shared = dict(entry)
    texts = {"closer": shared.pop("closer"), "separate": shared.pop("separate")}
    side = shared.pop("side", None)
    return (
        ExampleStatement(text=texts["closer"], side=side or "closer", lean=1, **shared),
        ExampleStatement(text=texts["separate"], side=side or "separate", lean=-1, **shared),
    )


def _interleave(
    pairs: list[tuple[ExampleStatement, ExampleStatement]], singles: list[ExampleStatement]
) -> tuple[ExampleStatement, ...]:
    """Order the statements so that neither side is favoured.

    The two statements of a pair frame one in-between statement. The side that opens alternates
    between pairs, so that over an even number of pairs both sides open equally often and their mean
    positions are equal. In-between statements are spread among the pairs in the order of the file.
    """
    framing = [pair for pair in pairs if pair[0].side != "between"]
    between = [one for pair in pairs if pair[0].side == "between" for one in pair] + singles
    if not framing:
        return tuple(between)
    if len(framing) != len(between):
        raise ValueError(f"{len(framing)} pairs of sides need as many statements in between.")
    order: list[ExampleStatement] = []
    for turn, ((closer, separate), middle) in enumerate(zip(framing, between, strict=True)):
        opens, answers = (closer, separate) if turn % 2 == 0 else (separate, closer)
        order += [opens, middle, answers]
    return tuple(order)


def _load(name: str) -> ExampleDialogue:
    return read_dialogue(resources.files("middleground.demo").joinpath(name).read_text("utf-8"))


LOS_ANGELES = _load("los_angeles.toml")
LIBRARY = _load("library.toml")
DIALOGUES = (LOS_ANGELES, LIBRARY)
