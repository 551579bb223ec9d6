"""One table of the engine's targets and its latest measurements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from quality.measured import routing

Found = dict[str, Any]
Row = tuple[str, str, str, str, bool | None]


def show(kept: dict[str, Any]) -> None:
    """Return the rows that have a measurement; each part names its commit."""
    found = {name: entry["found"] for name, entry in kept.items()}
    print("\n| what | Polis-like | red-dwarf | ours | aim | reached |\n|---|---|---|---|---|---|")
    makers: dict[str, Callable[[Any], list[tuple[str, str, str, str, str, bool]]]] = {
        "predict": _predict,
        "findings": _findings,
        "halves": _halves,
        "routing": _routing,
        "speed": lambda rows: _speed(rows, found.get("red-dwarf", [])),
    }
    for name, make in makers.items():
        if name in found:
            for *cells, reached in make(found[name]):
                print("| " + " | ".join([*cells, "yes" if reached else "**no**"]) + " |")
    print("\nMeasured: ", end="")
    print("; ".join(f"{name} {e['commit']}, {e['day']}" for name, e in kept.items()))


def _means(methods: Found, k: int) -> dict[str, float]:
    return {name: float(np.mean([r[k] for r in rows.values()])) for name, rows in methods.items()}


def _predict(found: Found) -> list[tuple[str, str, str, str, str, bool]]:
    loss, area, gap = (_means(found["methods"], k) for k in range(3))
    ratio = loss["ours"] / loss["parity"]
    pooled = found["pooled calibration"]
    return [
        (
            "held-out log loss",
            f"{loss['parity']:.3f}",
            _maybe(loss.get("red-dwarf")),
            f"{loss['ours']:.3f}",
            f"≤ .91 x Polis-like; it is {ratio:.3f}",
            ratio <= 0.91,
        ),
        (
            "held-out AUC",
            f"{area['parity']:.3f}",
            _maybe(area.get("red-dwarf")),
            f"{area['ours']:.3f}",
            f"+.025; it is {area['ours'] - area['parity']:+.3f}",
            area["ours"] - area["parity"] >= 0.025,
        ),
        (
            "calibration error, mean of conversations (over all votes)",
            f"{gap['parity']:.3f} ({pooled['parity']:.3f})",
            _maybe(gap.get("red-dwarf")),
            f"{gap['ours']:.3f} ({pooled['ours']:.3f})",
            "≤ .03",
            gap["ours"] <= 0.03,
        ),
    ]


def _findings(found: Found) -> list[tuple[str, str, str, str, str, bool]]:
    rows = []
    for share, least in (("100%", 0.80), ("25%", 0.725)):
        methods = found[share]["methods"]
        own = {name: m["rank"][name] for name, m in methods.items()}
        rows.append(
            (
                f"middle-ground rank correlation, {share} of votes, in each one's own groups",
                f"{own['parity']:.3f}",
                _maybe(own.get("red-dwarf")),
                f"{own['ours']:.3f}",
                f"≥ {least}, above Polis-like",
                own["ours"] >= least and own["ours"] > own["parity"],
            )
        )
    few, all_votes = found["25%"]["methods"], found["100%"]["methods"]
    rows.append(_by("group-rate error, 25 % of votes", few, "error", "≤ .11", lambda x: x <= 0.11))
    for share, methods in (("100 %", all_votes), ("25 %", few)):
        covered = methods["ours"]["coverage"]
        rows.append(
            (
                f"coverage of 90 % intervals, {share} of votes",
                "none given",
                "none given",
                f"{covered:.1%}",
                "88–95 %",
                0.88 <= covered <= 0.95,
            )
        )
        name = f"claimed - delivered, top 10, {share} of votes"
        rows.append(_by(name, methods, "promise", "≤ +.05", lambda x: x <= 0.05))
    return rows


def _by(
    name: str, methods: Found, key: str, aim: str, reached: Callable[[float], bool]
) -> tuple[str, str, str, str, str, bool]:
    values = {n: m[key] for n, m in methods.items()}
    return (
        name,
        f"{values['parity']:.3f}",
        _maybe(values.get("red-dwarf")),
        f"{values['ours']:.3f}",
        aim,
        reached(values["ours"]),
    )


def _halves(found: Found) -> list[tuple[str, str, str, str, str, bool]]:
    ours, theirs = found["ours"], found.get("red-dwarf")
    return [
        (
            "same group in two halves of the votes",
            f"{found['parity']['same']:.1%} of all",
            f"{theirs['same']:.1%} of all" if theirs else "not run",
            f"{ours['same']:.1%} of all; {ours['sure same']:.1%} of the "
            f"{ours['sure share']:.0%} who are sure",
            "≥ 99 % of half the people",
            ours["sure same"] >= 0.99 and ours["sure share"] >= 0.5,
        )
    ]


def _routing(found: Found) -> list[tuple[str, str, str, str, str, bool]]:
    count = routing.needed(routing.average(found))
    name = "votes until routing reaches what random reaches at 15"
    return [(name, "15", "–", str(count), "≤ 11", count is not None and count <= 11)]


def _speed(rows: list[Found], beside: list[Found]) -> list[tuple[str, str, str, str, str, bool]]:
    theirs = {tuple(row["shape"]): row["red-dwarf"] for row in beside}
    found = []
    for shape, most, memory in (
        ((33_422, 783, 2_000_000), 3.0, 600),
        ((20_000, 500, 10**6), 1.5, 0),
    ):
        row = next((r for r in rows if tuple(r["shape"]) == shape), None)
        if row is None:
            continue
        ours, told = row["ours"], theirs.get(shape, "not run")
        other = told if isinstance(told, str) else f"{told['seconds']:.0f} s, {_gb(told)}"
        aim = f"≤ {most} s" + (f", ≤ {memory / 1000} GB" if memory else "")
        found.append(
            (
                f"whole map, {shape[0]:,} x {shape[1]}, {shape[2] / 1e6:.0f} M votes",
                f"{row['parity']['seconds']:.2f} s",
                other,
                f"{ours['seconds']:.2f} s, {_gb(ours)}",
                aim,
                ours["seconds"] <= most and (not memory or ours["peak_mb"] <= memory),
            )
        )
    for row in rows:
        if row["shape"][2] == 10**6:
            quick, slow = row["parity PCA"]["seconds"], row["dense PCA"]["seconds"]
            cells = ("parity PCA at 1 M votes", f"{quick:.3f} s", f"dense {slow:.2f} s", "–")
            found.append((*cells, "≤ 0.15 s", quick <= 0.15))
    return found


def _gb(told: Found) -> str:
    return f"{told['peak_mb'] / 1024:.2f} GB"


def _maybe(value: float | None) -> str:
    return "not run" if value is None else f"{value:.3f}"
