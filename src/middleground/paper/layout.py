"""Where everything lies on a form on paper. Lengths are in mm from the upper left corner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Answer = Literal["agree", "disagree", "pass"]
ANSWERS: tuple[Answer, ...] = ("agree", "disagree", "pass")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class CornerMarker:
    """A square printed in a corner of the page.

    ``mark`` is its number in OpenCV's dictionary of 4 × 4 markers: 0 upper left, 1 upper right,
    2 lower right, 3 lower left, also where the language is written from right to left.
    """

    mark: int
    box: Area


@dataclass(frozen=True, slots=True)
class Bubble:
    """A circle to be filled. ``x`` and ``y`` are its centre."""

    answer: Answer
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Row:
    """A statement's row: the statement's number in its dialogue, and a bubble for each answer."""

    statement: int
    box: Area
    bubbles: tuple[Bubble, Bubble, Bubble]


@dataclass(frozen=True, slots=True)
class Page:
    """One side of paper. ``page`` counts from 1; ``own`` is the room for an own statement.

    ``code`` is the QR code without the white around it, ``radius`` that of the middle of a circle's
    line. Where a stub is torn off, the lower markers stand above it.
    """

    page: int
    width: float
    height: float
    markers: tuple[CornerMarker, ...]
    code: Area
    radius: float
    rows: tuple[Row, ...]
    own: Area | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """All pages of a form."""

    pages: tuple[Page, ...]

    def to_dict(self) -> dict[str, Any]:
        """A JSON document, which ``from_dict`` reads."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Layout:
        return cls(tuple(_page(page) for page in data["pages"]))


def _page(data: Mapping[str, Any]) -> Page:
    markers = tuple(CornerMarker(each["mark"], Area(**each["box"])) for each in data["markers"])
    own = Area(**data["own"]) if data["own"] else None
    return Page(
        page=data["page"],
        width=data["width"],
        height=data["height"],
        markers=markers,
        code=Area(**data["code"]),
        radius=data["radius"],
        rows=tuple(_row(row) for row in data["rows"]),
        own=own,
    )


def _row(data: Mapping[str, Any]) -> Row:
    agree, disagree, passed = (Bubble(**each) for each in data["bubbles"])
    return Row(data["statement"], Area(**data["box"]), (agree, disagree, passed))
