"""How simulated people mark a form, with what, and what a reader may make of each row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from middleground.paper.layout import ANSWERS, Bubble, Page, Row

from .pens import PENS, Pen, Sheet

# Shares of rows and of people. They are assumed: no count of real forms is behind them.
HABITS = {
    "answer": 0.85,
    "blank": 0.115,
    "two marks": 0.008,
    "erased and marked": 0.008,
    "erased": 0.004,
    "dot": 0.003,
    "beside": 0.003,
    "scribbled out": 0.004,
    "slip": 0.005,
}
STYLES = {"fill": 0.6, "cross": 0.2, "tick": 0.12, "small cross": 0.04, "spill": 0.04}


@dataclass(frozen=True, slots=True)
class Marked:
    """A row as it was marked. ``truth``: what a reader may say of it, an answer or "blank".

    To send it to a person is never wrong. Nothing else is right where two bubbles are marked.
    """

    statement: int
    habit: str
    truth: frozenset[str]


def mark_page(sheet: Sheet, page: Page, random: np.random.Generator) -> list[Marked]:
    """Mark every row, by one person with one pen and one style."""
    pen = PENS[_drawn(dict.fromkeys(PENS, 1 / len(PENS)), random)]
    hand = Hand(sheet, page.radius, pen, _drawn(STYLES, random), random)
    marked = []
    for row in page.rows:
        habit = _drawn(HABITS, random)
        chosen, other = random.permutation(3)[:2]
        truth = _MARKING[habit](hand, row, int(chosen), int(other))
        marked.append(Marked(row.statement, habit, frozenset(truth)))
    return marked


def _drawn(shares: dict[str, float], random: np.random.Generator) -> str:
    return str(random.choice(list(shares), p=list(shares.values())))


@dataclass(frozen=True, slots=True)
class Hand:
    """A person with a pen. Lengths are mm; habits give what a reader may say."""

    sheet: Sheet
    radius: float
    pen: Pen
    style: str
    random: np.random.Generator

    def answer(self, row: Row, chosen: int, _: int) -> set[str]:
        self.mark(row.bubbles[chosen])
        return {ANSWERS[chosen]}

    def blank(self, _row: Row, _chosen: int, _other: int) -> set[str]:
        return {"blank"}

    def two(self, row: Row, chosen: int, other: int) -> set[str]:
        self.mark(row.bubbles[chosen])
        self.mark(row.bubbles[other])
        return set()

    def erased_and_marked(self, row: Row, chosen: int, other: int) -> set[str]:
        self.erased(row, other, chosen)
        return self.answer(row, chosen, other)

    def erased(self, row: Row, chosen: int, _: int) -> set[str]:
        bubble = row.bubbles[chosen]
        self.sheet.rubbed(bubble.x, bubble.y, self.radius, self.random)
        return {"blank"}

    def dot(self, row: Row, chosen: int, _: int) -> set[str]:
        """The pen came to rest."""
        bubble = row.bubbles[chosen]
        at = np.array((bubble.x, bubble.y)) + self.random.normal(0, 0.3 * self.radius, 2)
        self.draw(np.vstack((at, at + self.random.normal(0, 0.15, 2))))
        return {"blank"}

    def beside(self, row: Row, chosen: int, _: int) -> set[str]:
        """A cross next to the circle, which it may touch."""
        bubble = row.bubbles[chosen]
        away = self.radius * self.random.uniform(1.3, 1.6) * self.random.choice((-1, 1))
        for angle in (45, 135):
            self.line(bubble.x + away, bubble.y, 1.0, angle)
        return {ANSWERS[chosen]}

    def scribbled_out(self, row: Row, chosen: int, other: int) -> set[str]:
        for _ in range(2):
            self.hatch(row.bubbles[other].x, row.bubbles[other].y, self.radius * 1.4)
        return self.answer(row, chosen, other)

    def slip(self, row: Row, chosen: int, other: int) -> set[str]:
        """An answer, and a stroke of the pen across the row."""
        y = row.box.y + self.random.uniform(0.1, 0.9) * row.box.height
        x = row.box.x + self.random.uniform(0.3, 0.9) * row.box.width
        end = (x + self.random.uniform(10, 40), y + self.random.uniform(-4, 4))
        self.draw(np.array(((x, y), end)))
        return self.answer(row, chosen, other)

    def mark(self, bubble: Bubble) -> None:
        """One mark, as this person makes it."""
        x, y = np.array((bubble.x, bubble.y)) + self.random.normal(0, 0.25, 2)
        low, high = _SIZES[self.style]
        size = self.radius * self.random.uniform(low, high)
        if self.style in ("fill", "spill"):
            self.hatch(x, y, size)
        elif self.style == "tick":
            self.tick(x, y, size)
        else:
            for angle in (45, 135):
                self.line(x, y, size, angle + self.random.normal(0, 9))

    def hatch(self, x: float, y: float, reach: float) -> None:
        """To and fro, closer or wider."""
        step = self.pen.width * self.random.uniform(0.7, 1.6)
        down = np.arange(-reach * 0.95, reach, step)
        half = np.sqrt(np.maximum(reach**2 - down**2, 0))
        half *= self.random.uniform(0.8, 1.05, len(down))
        there_and_back = np.stack((np.stack((half, -half), axis=1).ravel(), down.repeat(2)), axis=1)
        self.draw(_turned(there_and_back, self.random.uniform(0, np.pi), x, y))

    def line(self, x: float, y: float, size: float, angle: float) -> None:
        bend = self.random.normal(0, 0.06 * size)
        points = np.array(((-size, 0), (0, bend), (size, 0)))
        self.draw(_turned(points, np.radians(angle), x, y))

    def tick(self, x: float, y: float, long: float) -> None:
        """Its corner lies in the circle, its end often outside."""
        corner = self.radius * np.array((-0.1, 0.5))
        start = self.radius * np.array((-0.55, -0.15))
        end = corner + long * np.array((0.62, -0.78))
        self.draw(np.vstack((start, corner, end)) + np.array((x, y)))

    def draw(self, points: np.ndarray) -> None:
        self.sheet.stroke(points, self.pen, self.random)


# From and to, as shares of the circle's radius: half a mark's width, or a tick's longer stroke.
_SIZES = {
    "fill": (0.8, 1.08),
    "spill": (1.25, 1.5),
    "cross": (0.7, 1.4),
    "small cross": (0.45, 0.65),
    "tick": (1.2, 2.0),
}
_MARKING: dict[str, Callable[[Hand, Row, int, int], set[str]]] = {
    "answer": Hand.answer,
    "blank": Hand.blank,
    "two marks": Hand.two,
    "erased and marked": Hand.erased_and_marked,
    "erased": Hand.erased,
    "dot": Hand.dot,
    "beside": Hand.beside,
    "scribbled out": Hand.scribbled_out,
    "slip": Hand.slip,
}


def _turned(points: np.ndarray, angle: float, x: float, y: float) -> np.ndarray:
    turn = np.array(((np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))))
    return points @ turn + np.array((x, y))
