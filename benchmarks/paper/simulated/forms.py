"""Forms as the product prints them: normal and large print, both papers, from right to left."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pypdfium2

from middleground.paper.form import Form, PrintedStatement, Wording
from middleground.paper.layout import Layout
from middleground.paper.printing.ballots import lay_out, print_sheets

from .pens import SCALE

SHEETS = tuple(f"BENCHMARK{number:07d}" for number in range(8))
_STATEMENTS = (
    "Buses should run until midnight.",
    "The town should publish within a day what happened, in every language that is spoken here.",
    "Small shops need help when customers stay away.",
    "Officers should show a name or a number.",
    "Schools should stay as they are.",
    "Hearings should be held sooner, and more judges should be paid for it by all of us.",
)
_WORDING = Wording(
    title="Paper form",
    hosted_by="Hosted by %(host)s",
    instructions="Fill one circle in each row. Leave a row empty if you do not want to answer.",
    example_filled="Fill one circle.",
    example_crossed="A cross counts, too.",
    example_two="Two marks do not count.",
    agree="AGREE",
    disagree="DISAGREE",
    passed="PASS",
    own_statement="Your own statement",
    own_note="One sentence.",
    no_name="Do not write your name.",
    page="Page %(page)s of %(pages)s",
    sheet="Sheet",
    stub_title="Tear off and keep",
    stub_text="With this number you can see that your sheet was counted.",
)


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """``pdf`` has the sheets with the numbers ``SHEETS``."""

    kind: str
    layout: Layout
    pdf: bytes


@cache
def printed_form(kind: str) -> PrintedForm:
    form = KINDS[kind]
    return PrintedForm(kind, lay_out(form), print_sheets(form, SHEETS))


@cache
def blank_page(kind: str, sheet: int, page: int) -> np.ndarray:
    """A picture of a page with ``SCALE`` pixels for a mm; ``sheet`` and ``page`` count from 0."""
    form = printed_form(kind)
    pages = len(form.layout.pages)
    leaf = pages + pages % 2  # each sheet begins on a leaf of its own
    with pypdfium2.PdfDocument(form.pdf) as document:
        drawn = document[sheet * leaf + page]
        bitmap = drawn.render(scale=SCALE * 25.4 / 72, grayscale=True)
        return np.array(bitmap.to_numpy(), np.uint8).reshape(bitmap.height, bitmap.width)


def _form(number: int, statements: int, **changes: object) -> Form:
    given = {"language": "en", "direction": "ltr", "paper": "letter", "large": False} | changes
    return Form(
        edition=1,
        number=number,
        question="How should our town go on?",
        host="A simulated town",
        statements=tuple(
            PrintedStatement(at + 1, _STATEMENTS[at % len(_STATEMENTS)]) for at in range(statements)
        ),
        wording=_WORDING,
        own_statement=True,
        address="https://example.org/ledger/verify/",
        **given,  # type: ignore[arg-type]
    )


KINDS = {
    "letter": _form(1, 12),
    "a4, two pages": _form(2, 20, paper="a4"),
    "large print": _form(3, 12, large=True),
    "from right to left": _form(4, 12, language="ar", direction="rtl"),
}
