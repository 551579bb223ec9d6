"""How well marked forms are read: simulated sheets, each spoilt in one way, beside a baseline.

    python benchmarks/paper/read_ballots.py --sheets 2000 --seed 2

Thresholds were chosen with seed 1, so figures to publish come from another. The baseline tells
marks from blanks within each row; it is given the same pages, found and laid flat by our code.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table
from simulated.baseline import read_row
from simulated.forms import KINDS, SHEETS, blank_page, printed_form
from simulated.pens import SCALE, Sheet
from simulated.people import Marked, mark_page
from simulated.ways import WAYS

from middleground.paper.layout import Page
from middleground.paper.reading import page_reading
from middleground.paper.reading.finding.straight import StraightPage
from middleground.paper.reading.page_reading import PageReading, read_page
from middleground.paper.reading.pictures import ScannedPage, scanned_pages

UNSURE = "unsure"
_SHARES = (0.5, 0.2, 0.15, 0.15)  # of the kinds of forms
_TORN = 0.5  # share of sheets whose strip was torn off


@dataclass
class Outcome:
    """One sheet. ``rows``: as marked, as we read it, as the baseline does."""

    way: str
    number: int
    pages: int = 0
    seconds: float = 0.0  # of the processor, for reading files and pages
    refused: list[str] = field(default_factory=list)
    wrong_pages: int = 0
    rows: list[tuple[Marked, str, str]] = field(default_factory=list)


def one_sheet(job: tuple[int, int]) -> Outcome:
    seed, number = job
    cv2.setNumThreads(1)
    cv2.setRNGSeed(seed * 1_000_003 + number)
    random = np.random.default_rng((seed, number))
    outcome = Outcome(list(WAYS)[number % len(WAYS)], number)
    form = printed_form(str(random.choice(list(KINDS), p=_SHARES)))
    copy, torn = int(random.integers(len(SHEETS))), random.random() < _TORN
    for page in form.layout.pages:
        sheet = Sheet(blank_page(form.kind, copy, page.page - 1))
        marked = mark_page(sheet, page, random)
        grey = sheet.grey[: _strip(page)] if torn else sheet.grey
        _read(outcome, WAYS[outcome.way](grey, random), page, form.layout.pages, marked, copy)
    return outcome


def _strip(page: Page) -> int:
    """Where the strip below the markers begins, in pixels."""
    return round((max(marker.box.y + marker.box.height for marker in page.markers) + 3) * SCALE)


def _read(
    outcome: Outcome,
    file: bytes,
    page: Page,
    pages: tuple[Page, ...],
    marked: list[Marked],
    copy: int,
) -> None:
    start = time.process_time()
    (scan,) = scanned_pages(outcome.way, file)
    assert isinstance(scan, ScannedPage)
    reading = read_page(scan.grey, lambda code: pages[code.page - 1])
    outcome.seconds += time.process_time() - start
    outcome.pages += 1
    if not isinstance(reading, PageReading):
        outcome.refused.append(reading.trouble)
        return
    outcome.wrong_pages += (reading.code.sheet, reading.code.page) != (SHEETS[copy], page.page)
    said = [UNSURE if row.trouble else row.answer or "blank" for row in reading.rows]
    outcome.rows += zip(marked, said, _baseline(page), strict=True)


def _baseline(page: Page) -> list[str]:
    """From the same page as it was laid flat for our own reading, which keeps the last one."""
    return [read_row(_kept[-1].grey, page, row) for row in page.rows]


_kept: deque[StraightPage] = deque(maxlen=1)


def _keep_what_is_laid_flat() -> None:
    straighten = page_reading.straighten

    def kept(*given: Any) -> StraightPage:
        _kept.append(straighten(*given))
        return _kept[-1]

    page_reading.straighten = kept  # type: ignore[attr-defined]


def is_wrong(marked: Marked, said: str) -> bool:
    return said != UNSURE and said not in marked.truth


def summed(name: str, outcomes: list[Outcome]) -> list[str]:
    """A line of the table."""
    rows = [row for outcome in outcomes for row in outcome.rows]
    plain = [row for row in rows if row[0].habit in ("answer", "blank")]
    refused = Counter(trouble for outcome in outcomes for trouble in outcome.refused)
    pages = sum(outcome.pages for outcome in outcomes)
    return [
        name,
        f"{len(outcomes):,}",
        f"{pages:,}",
        f"{len(rows):,}",
        str(sum(is_wrong(marked, said) for marked, said, _ in rows)),
        f"{sum(said == UNSURE for _, said, _ in rows) / len(rows):.2%}",
        f"{sum(said == UNSURE for _, said, _ in plain) / len(plain):.2%}",
        ", ".join(f"{count} {trouble}" for trouble, count in refused.items()) or "0",
        f"{sum(is_wrong(marked, base) for marked, _, base in rows):,}",
        f"{sum(outcome.seconds for outcome in outcomes) / pages:.3f}",
    ]


def show(outcomes: list[Outcome], wall: float) -> None:
    table = Table(
        "way", "sheets", "pages", "rows", "wrong", "to a person", "of plain rows", "pages refused",
        "baseline wrong", "s a page",
    )  # fmt: skip
    for way in WAYS:
        table.add_row(*summed(way, [each for each in outcomes if each.way == way]))
    table.add_section()
    table.add_row(*summed("all", outcomes))
    console = Console(width=150)
    console.print(table)
    console.print(f"pages taken for another: {sum(each.wrong_pages for each in outcomes)}")
    seconds = sum(each.seconds for each in outcomes)
    console.print(f"{seconds:.0f} s of one processor for reading; {wall:.0f} s with simulating")


def show_faults(outcomes: list[Outcome]) -> None:
    """Each row that was read wrongly, and each plain one that went to a person."""
    for outcome in outcomes:
        for marked, said, _ in outcome.rows:
            plain = marked.habit in ("answer", "blank")
            if is_wrong(marked, said) or (plain and said == UNSURE):
                print(outcome.number, outcome.way, marked, said)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--sheets", type=int, default=208)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--processes", type=int, default=2)
    ask.add_argument("--faults", action="store_true")
    asked = ask.parse_args()
    _keep_what_is_laid_flat()
    for kind in KINDS:
        printed_form(kind)
    jobs = [(asked.seed, number) for number in range(asked.sheets)]
    begun = time.monotonic()
    with get_context("fork").Pool(asked.processes) as pool:
        outcomes = list(track(pool.imap(one_sheet, jobs, chunksize=4), total=len(jobs)))
    show(outcomes, time.monotonic() - begun)
    if asked.faults:
        show_faults(outcomes)


if __name__ == "__main__":
    main()
