"""Pictures of the measurements, as SVG in docs/images: quality, time over size, calibration.

Drawn with the product's own pictures, so that they follow light and dark, carry a title and a
description, and tell no series by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from middleground.pictures.glyphs import mark
from middleground.pictures.palette import EVERYONE_STYLE, GROUP_STYLES, GroupStyle
from middleground.pictures.svg import picture, tag, text
from quality.data import ROOT

FOLDER = ROOT / "docs" / "images"
SERIES: dict[str, GroupStyle] = {
    "ours": GROUP_STYLES[0],
    "parity": GROUP_STYLES[1],
    "red-dwarf": GROUP_STYLES[3],
    "person + statement": GROUP_STYLES[2],
    "statement mean": replace(EVERYONE_STYLE, shape="cross"),
}
NAMES = {"parity": "Polis-like (parity mode)"}


def draw(kept: dict[str, Any]) -> None:
    """Draw all measurements and return the names of the files."""
    found = {name: entry["found"] for name, entry in kept.items()}
    pictures = {}
    if "predict" in found:
        pictures["quality"] = quality(found["predict"]["methods"])
    if "speed" in found:
        pictures["time"] = times(found["speed"], found.get("red-dwarf", []))
    if "predict" in found and "findings" in found:
        marks = found["findings"]["100%"]["methods"]["ours"]["marks"]
        pictures["calibration"] = calibration(found["predict"]["tenths"], marks)
    for name, drawn in pictures.items():
        path = FOLDER / f"{name}.svg"
        path.write_text(drawn + "\n", encoding="utf-8")
        print(f"Drew {path.relative_to(ROOT)}")


def quality(methods: dict[str, dict[str, list[float]]]) -> str:
    """Draw log loss on hidden votes: one row per conversation, one mark per method."""
    shown = [name for name in SERIES if name in methods and name != "red-dwarf"]
    conversations = list(methods["ours"])
    losses = [methods[name][c][0] for name in shown for c in conversations]
    low, high = math.floor(min(losses) * 10) / 10, math.ceil(max(losses) * 10) / 10
    left, right, top, row = 200.0, 610.0, 64.0, 34.0
    bottom = top + row * len(conversations)

    def across(loss: float) -> float:
        return left + (loss - low) / (high - low) * (right - left)

    drawn = [_legend(shown, 16.0, 20.0)]
    for k in range(round((high - low) * 10) + 1):
        x = across(low + k / 10)
        drawn.append(tag("path", d=f"M{x:.1f} {top - 8:g}V{bottom:g}", class_="pic-grid"))
        drawn.append(text(x, bottom + 18, f"{low + k / 10:.1f}", "pic-soft pic-small", "middle"))
    for k, conversation in enumerate(conversations):
        y = top + row * (k + 0.5)
        xs = {name: across(methods[name][conversation][0]) for name in shown}
        drawn.append(text(left - 14, y + 5, conversation, "pic-small", "end"))
        line = f"M{min(xs.values()):.1f} {y:g}H{max(xs.values()):.1f}"
        drawn.append(tag("path", d=line, class_="pic-axis"))
        drawn += [
            mark(SERIES[name].shape, xs[name], y, 13, SERIES[name].css) for name in reversed(shown)
        ]
    drawn.append(text((left + right) / 2, bottom + 38, _LOSS, "pic-soft pic-small", "middle"))
    means = "; ".join(
        f"{NAMES.get(n, n)} {sum(r[0] for r in methods[n].values()) / len(conversations):.3f}"
        for n in shown
    )
    return picture(
        "".join(drawn),
        prefix="quality",
        size=(640, bottom + 48),
        title="How well hidden votes are predicted",
        desc=f"Log loss of agree against disagree, a fifth of the votes hidden. Means: {means}.",
        standalone=True,
    )


_LOSS = "log loss on hidden votes (further left is better)"


def times(rows: Sequence[dict[str, Any]], beside: Sequence[dict[str, Any]]) -> str:
    """Draw seconds for a whole map over the number of votes, both on logarithmic scales."""
    lines = _lines(rows, beside)
    seconds = [s for points in lines.values() for _, s in points]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
    left, right, top, bottom = 70.0, 600.0, 64.0, 330.0
    counts = sorted({int(n) for points in lines.values() for n, _ in points})
    first, last = math.log10(counts[0]), math.log10(counts[-1])

    def at(votes: float, took: float) -> tuple[float, float]:
        x = left + (math.log10(votes) - first) / (last - first) * (right - left)
        return x, bottom - (math.log10(took) - low) / (high - low) * (bottom - top)

    drawn = [_legend(list(lines), 16.0, 20.0)]
    for power in range(low, high + 1):
        _, y = at(counts[0], 10.0**power)
        drawn.append(tag("path", d=f"M{left:g} {y:.1f}H{right:g}", class_="pic-grid"))
        drawn.append(text(left - 8, y + 5, f"{10.0**power:g} s", "pic-soft pic-small", "end"))
    drawn += [
        text(at(n, 1.0)[0], bottom + 18, f"{n / 1000:,.0f}", "pic-soft pic-small", "middle")
        for n in counts
    ]
    drawn += [_line(SERIES[name], [at(*p) for p in points]) for name, points in lines.items()]
    drawn.append(text(335, bottom + 38, "thousand votes", "pic-soft pic-small", "middle"))
    facts = "; ".join(
        f"{NAMES.get(name, name)} {points[-1][1]:.2g} s at {points[-1][0]:,} votes"
        for name, points in lines.items()
    )
    return picture(
        "".join(drawn),
        prefix="time",
        size=(640, bottom + 48),
        title="Time for a whole map",
        desc=f"Seconds over the number of votes, both on logarithmic scales. {facts}.",
        standalone=True,
    )


def _lines(
    rows: Sequence[dict[str, Any]], beside: Sequence[dict[str, Any]]
) -> dict[str, list[tuple[float, float]]]:
    """Return (votes, seconds) of each series that was run."""
    lines = {
        name: [(row["shape"][2], row[name]["seconds"]) for row in rows]
        for name in ("ours", "parity")
    }
    told = [(row["shape"][2], row["red-dwarf"]) for row in beside]
    lines["red-dwarf"] = [(n, t["seconds"]) for n, t in told if not isinstance(t, str)]
    return {name: points for name, points in lines.items() if points}


def _line(style: GroupStyle, places: Sequence[tuple[float, float]]) -> str:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    dash = None if style.dash == "none" else style.dash
    drawn = [tag("path", d=path, class_="pic-leader", stroke_dasharray=dash)]
    return "".join([*drawn, *(mark(style.shape, x, y, 13, style.css) for x, y in places)])


def calibration(tenths: dict[str, list[list[float]]], marks: Sequence[int]) -> str:
    """Draw calibration: predictions over outcomes, and where counts of new participants fall."""
    shown = [name for name in ("ours", "parity") if name in tenths]
    side, top, first, second = 250.0, 64.0, 60.0, 370.0
    bottom = top + side
    drawn = [_legend(shown, 16.0, 20.0), _frame(first, top, side), _frame(second, top, side)]
    drawn.append(
        tag("path", d=f"M{first:g} {bottom:g}L{first + side:g} {top:g}", class_="pic-half")
    )
    drawn += [
        mark(SERIES[n].shape, first + side * said, bottom - side * came, 12, SERIES[n].css)
        for n in reversed(shown)
        for said, came, _ in tenths[n]
    ]
    drawn.append(_columns(marks, second, bottom, side))
    for x, words in ((first, _PREDICTED), (second, _COUNTED)):
        drawn += [
            text(x + side / 2, bottom + 38 + 17 * k, line, "pic-soft pic-small", "middle")
            for k, line in enumerate(words)
        ]
    inside = 1 - (marks[0] + marks[-1]) / sum(marks) / 2
    return picture(
        "".join(drawn),
        prefix="calibration",
        size=(640, bottom + 68),
        title="Do predictions and intervals keep what they promise?",
        desc=(
            "Left: predictions of hidden votes in tenths; on the dotted line they come true as "
            "often as said. Right: where the counts of new people lie in the distribution that "
            "the intervals belong to; even columns at the dotted line are ideal, high outer "
            f"columns mean intervals that are too narrow. About {inside:.0%} lie within 90 %."
        ),
        standalone=True,
    )


_PREDICTED = ("predicted share that agrees (across),", "share that did (up)")
_COUNTED = ("counts of new people, within the", "distribution predicted for them")


def _columns(marks: Sequence[int], left: float, bottom: float, side: float) -> str:
    """Draw a histogram of shares and a dotted line at the uniform height."""
    shares = [count / sum(marks) for count in marks]
    unit = side / max(0.2, *shares)
    drawn = [
        tag(
            "rect",
            x=left + side * k / 10 + 1.5,
            y=bottom - unit * share,
            width=side / 10 - 3,
            height=unit * share,
            class_="pic-column",
        )
        for k, share in enumerate(shares)
    ]
    even = bottom - unit * 0.1
    return "".join([*drawn, tag("path", d=f"M{left:g} {even:.1f}h{side:g}", class_="pic-half")])


def _frame(x: float, y: float, side: float) -> str:
    ticks = [
        text(x + side * share, y + side + 18, f"{share:.0%}", "pic-soft pic-small", "middle")
        for share in (0.0, 0.5, 1.0)
    ]
    box = tag("rect", x=x, y=y, width=side, height=side, class_="pic-frame")
    return box + "".join(ticks)


def _legend(names: Sequence[str], x: float, y: float) -> str:
    drawn = []
    for name in names:
        style, shown = SERIES[name], NAMES.get(name, name)
        drawn.append(mark(style.shape, x, y, 13, style.css))
        drawn.append(text(x + 12, y + 5, shown, "pic-small"))
        x += 36 + 7.2 * len(shown)
    return "".join(drawn)
