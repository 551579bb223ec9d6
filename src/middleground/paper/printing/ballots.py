"""Ballots: where everything lies on a form, and the form printed on many sheets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from middleground.paper.form import PAPERS, Form, PrintedStatement, direction_of, grouped
from middleground.paper.layout import Area, Bubble, CornerMarker, Layout, Page, Row
from middleground.paper.printing.codes import drawn_code
from middleground.paper.printing.fonts import families
from middleground.paper.printing.markers import MARKERS
from middleground.paper.printing.typesetting import asked, compiled, language_and_region
from middleground.paper.printing.words import breakable, isolated, printable
from middleground.paper.sheet_code import SheetCode

FORM, SHEETS = "ballot.typ", "sheets.typ"
MOST_PAGES = 99  # that the code can tell apart
_SHEET = re.compile(r"[0-9A-Z]{16}")
# Sizes of letters in points, all other lengths in millimetres. ``example``: of its true size.
_NORMAL = {
    "text": 10.5, "small": 8.5, "question": 13, "instructions": 9.5, "heading": 8, "radius": 2.5,
    "column": 18, "number": 10, "row": 10.4, "inset": 1.4, "line": 8, "example": 0.7, "gap": 2.2,
}  # fmt: skip
_LARGE = {
    "text": 18, "small": 18, "question": 22, "instructions": 18, "heading": 18, "radius": 3.6,
    "column": 0, "number": 16, "row": 22, "inset": 3.2, "line": 12, "example": 0.9, "gap": 4,
}  # fmt: skip


class Overfull(Exception):
    """There are more than 99 pages, or words around the statements leave no room for them."""


class LayoutChanged(Exception):
    """The form would now be printed otherwise than before, for instance with other fonts."""


def lay_out(form: Form) -> Layout:
    """Where everything lies, asked of Typst after it has laid out the form.

    Raises ``MissingFont`` and ``Overfull``.
    """
    return _layout(form, asked(FORM, {"form": _data(form)}, "noted"))


def print_sheets(
    form: Form,
    sheets: Sequence[str],
    told: Callable[[int], None] | None = None,
    *,
    two_sided: bool = True,
    expected: Layout | None = None,
) -> bytes:
    """One PDF with all sheets, by their numbers of 16 characters.

    ``told`` is called with how many are done. ``two_sided``: each sheet begins on a leaf of its
    own when both sides are printed, after an empty page where it must. ``expected``: the layout
    that was stored when the form was first printed; raises ``LayoutChanged`` if it would be another
    now, since scans of the new sheets would be read in the wrong places. Raises
    ``MissingFont`` and ``Overfull``.
    """
    for sheet in sheets:
        if not _SHEET.fullmatch(sheet):
            raise ValueError(f"{sheet!r} is no number of a sheet")
    data = {"form": _data(form)}
    noted = asked(FORM, data, "noted")
    layout = _layout(form, noted)
    if expected is not None and layout != expected:
        raise LayoutChanged
    drawn = []
    for done, sheet in enumerate(sheets):
        if told:
            told(done)
        drawn.append({"number": grouped(sheet), "codes": _codes(form, layout, sheet)})
    (number,) = [each for each in noted if each["kind"] == "number"]
    width, height = PAPERS[form.paper]
    places = {
        "width": width,
        "height": height,
        "lang": data["form"]["lang"],
        "title": data["form"]["words"]["title"],
        "codes": [asdict(page.code) for page in layout.pages],
        "number": number,
        "two_sided": two_sided,
    }
    pages = list(compiled(FORM, data))
    pdf = compiled(SHEETS, {"form": places, "sheets": drawn, "pages": pages})
    if told:
        told(len(sheets))
    return pdf


def _codes(form: Form, layout: Layout, sheet: str) -> list[str]:
    return [
        drawn_code(SheetCode(form.edition, form.number, page.page, form.language, form.mark, sheet))
        for page in layout.pages
    ]


def _data(form: Form) -> dict[str, Any]:
    """What the source reads."""
    width, height = PAPERS[form.paper]
    language, region = language_and_region(form.language)
    words = {name: breakable(printable(text)) for name, text in asdict(form.wording).items()}
    host = isolated(breakable(printable(form.host)))
    words["hosted_by"] = words["hosted_by"].replace("%(host)s", host)
    words["stub_text"] = words["stub_text"].replace("%(address)s", breakable(form.address))
    return {
        "width": width,
        "height": height,
        "direction": form.direction,
        "lang": language,
        "region": region,
        "large": form.large,
        "size": _LARGE if form.large else _NORMAL,
        "fonts": families(form.language),
        "markers": MARKERS,
        "question": breakable(printable(form.question)),
        "words": words,
        "statements": [_statement(form, statement) for statement in form.statements],
        "own_statement": form.own_statement,
        "address": breakable(form.address),
    }


def _statement(form: Form, statement: PrintedStatement) -> dict[str, Any]:
    language = statement.language or form.language
    short, region = language_and_region(language)
    return {
        "number": statement.number,
        "text": breakable(printable(statement.text, statement.number)),
        "lang": short,
        "region": region,
        "fonts": families(language),
        "direction": statement.direction or direction_of(statement.text, form.direction),
    }


def _layout(form: Form, noted: list[dict[str, Any]]) -> Layout:
    pages: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for each in noted:
        pages[each["page"]].append(each)
    if len(pages) > MOST_PAGES or any(each["kind"] == "overfull" for each in noted):
        raise Overfull
    return Layout(tuple(_page(form, number, pages[number]) for number in sorted(pages)))


def _page(form: Form, number: int, noted: list[dict[str, Any]]) -> Page:
    width, height = PAPERS[form.paper]
    own = [_area(each) for each in noted if each["kind"] == "own"]
    (code,) = [_area(each) for each in noted if each["kind"] == "code"]
    markers = [
        CornerMarker(each["mark"], _area(each)) for each in noted if each["kind"] == "marker"
    ]
    bubbles: defaultdict[int, list[Bubble]] = defaultdict(list)
    for each in noted:
        if each["kind"] == "bubble":
            bubbles[each["statement"]].append(
                Bubble(each["answer"], _mm(each["x"]), _mm(each["y"]))
            )
    return Page(
        page=number,
        width=width,
        height=height,
        markers=tuple(sorted(markers, key=lambda marker: marker.mark)),
        code=code,
        radius=(_LARGE if form.large else _NORMAL)["radius"],
        rows=tuple(
            _row(each, bubbles[each["statement"]]) for each in noted if each["kind"] == "row"
        ),
        own=own[0] if own else None,
    )


def _row(noted: dict[str, Any], bubbles: list[Bubble]) -> Row:
    agree, disagree, passed = bubbles
    return Row(noted["statement"], _area(noted), (agree, disagree, passed))


def _area(noted: dict[str, Any]) -> Area:
    return Area(*(_mm(noted[name]) for name in ("x", "y", "width", "height")))


def _mm(length: float) -> float:
    """To a thousandth, so that the same form has the same layout on every machine."""
    return round(length, 3)
