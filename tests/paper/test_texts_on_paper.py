"""Whatever people write is printed as they wrote it, whole, and only as words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from middleground.paper.form import Form, PrintedStatement
from middleground.paper.layout import Layout
from middleground.paper.printing import Overfull, lay_out, print_sheets
from middleground.paper.printing.words import breakable, printable
from paper.samples import ANSWERS, ENGLISH, SHEET, a_form, in_language
from paper.seen import pages_of, pixels_per_mm, seen, text_of

MARKUP = (
    "#panic() #set page(fill: red) $x^2$ *bold* _it_ `raw` \\ @ref <noted> // c /* d */ ~ --- [x]",
    '#read("/etc/passwd") #image("x.png") #sys.inputs #{ while true {} } "quoted" \\u{41}',
    "= Heading",
    '#metadata((kind: "row")) <noted>',
)
LONG = {
    "words": "word " * 200,
    "one word": "W" * 1000,
    "Chinese": "市" * 1000,
    "an address": "https://example.org/" + "a-b/c_d.e?f=" * 80,
    "accents": "e\u0301" * 500,
    "Arabic": "كلمة " * 200,
}


def rows_of(layout: Layout) -> list[int]:
    return [row.statement for page in layout.pages for row in page.rows]


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_words(text: str) -> None:
    form = a_form((text,))
    printed = " ".join(text_of(print_sheets(form, [SHEET]))[0].split())
    assert text.replace(" ", "") in printed.replace(" ", "").replace("\u200b", "")
    assert len(lay_out(form).pages[0].rows) == 1


def test_markup_in_every_word_around_is_words() -> None:
    markup = "#panic() *x* $y$"
    wording = replace(
        ENGLISH, **dict.fromkeys(("title", "agree", "own_statement", "stub_text"), markup)
    )
    form = a_form(question=markup, host=markup, address=markup, wording=wording)
    (printed,) = text_of(print_sheets(form, [SHEET]))
    assert printed.replace("\n", " ").replace("\r", "").count("#panic()") == 7


def inside_the_rows(form: Form) -> bool:
    """No row leaves its page, and nothing is printed in the outer margin or on circles."""
    layout = lay_out(form)
    for page, picture in zip(layout.pages, pages_of(print_sheets(form, [SHEET])), strict=True):
        mm = pixels_per_mm(picture, page)
        lowest = min(marker.box.y for marker in page.markers if marker.mark > 1)
        ends = [row.box.y + row.box.height for row in page.rows]
        if ends and max(ends) > lowest:
            return False
        margin = round(7 * mm[0])
        if (picture[: round(lowest * mm[1]), -margin:] < 200).any():
            return False
        for row in page.rows:
            for bubble in row.bubbles:
                x, y = np.round(np.array([bubble.x, bubble.y]) * mm).astype(int)
                reach = round((page.radius - 0.5) * mm[0] * 0.7)
                if (picture[y - reach : y + reach, x - reach : x + reach] < 200).any():
                    return False
        assert sorted(seen(picture, page).markers) == [0, 1, 2, 3]
    return rows_of(layout) == [statement.number for statement in form.statements]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("kind", LONG)
def test_a_thousand_characters_have_their_row(kind: str, large: bool) -> None:
    assert inside_the_rows(a_form((LONG[kind], "Short."), large=large))


def test_control_a_word_without_places_to_break_leaves_its_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("middleground.paper.printing.ballots.breakable", lambda text: text)
    assert not inside_the_rows(a_form((LONG["one word"],)))


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("language", ANSWERS)
def test_every_language_is_printed(language: str, large: bool) -> None:
    form = in_language(language, large=large)
    assert inside_the_rows(form)
    letters = "".join(text_of(print_sheets(form, [SHEET])))
    shown = {each for statement in form.statements for each in statement.text if each.isalpha()}
    # Letters that are joined in print may be read back as others.
    lost = {each for each in shown if each not in letters}
    assert len(lost) <= (0 if language not in ("ar", "fa", "hy") else 2), lost


@pytest.mark.parametrize("large", [False, True])
def test_long_words_around_the_statements_leave_the_code_free(large: bool) -> None:
    """The longest question and names that a dialogue can have."""
    form = a_form(large=large, question="W" * 200, host="x" * 120, address="https://" + "a" * 90)
    assert inside_the_rows(form)


def test_words_that_leave_no_room_are_refused() -> None:
    wording = replace(ENGLISH, instructions="word " * 300)
    assert inside_the_rows(a_form(wording=wording))
    with pytest.raises(Overfull):
        lay_out(a_form(wording=wording, large=True))


def test_a_statement_keeps_its_own_direction() -> None:
    """One from the right begins at the far end of its place; the circles stay where they are."""
    form = a_form(("Short.", "قصير."))
    (page,) = lay_out(form).pages
    (picture,) = pages_of(print_sheets(form, [SHEET]))
    mm = pixels_per_mm(picture, page)[0]
    begins = []
    for row in page.rows:
        words = picture[
            round((row.box.y + 1) * mm) : round((row.box.y + row.box.height - 1) * mm),
            round((row.box.x + 10) * mm) : round((row.bubbles[0].x - page.radius - 1) * mm),
        ]
        begins.append(float(np.nonzero((words < 200).any(axis=0))[0][0] / mm))
    assert begins[0] < 2
    assert begins[1] > 90
    assert [b.x for b in page.rows[0].bubbles] == [b.x for b in page.rows[1].bubbles]


def test_a_statement_in_another_language_stands_in_a_form() -> None:
    statement = PrintedStatement(5, "市政府应该帮助每一个人。", language="zh-hans")
    form = replace(a_form(), statements=(statement,))
    assert statement.text in text_of(print_sheets(form, [SHEET]))[0]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a\nb\tc  d", "a b c d"),
        ("left\u202eright\x07", "leftright"),
        ("\U0001f6b2\U000f0000", "[bicycle][u+f0000]"),
        ("\U0001f91d\U0001f3fd \U0001f1f2\U0001f1fd", "[handshake] MX"),
    ],
)
def test_what_no_font_has_is_told_in_words(
    text: str, printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "middleground.paper.printing.words.missing_letters",
        lambda text: frozenset(each for each in text if ord(each) > 0xFFFF),
    )
    assert printable(text) == printed


def test_words_are_broken_only_where_letters_may_part() -> None:
    assert breakable("short words stay") == "short words stay"
    assert breakable("x" * 13, 12) == "\u200b".join(["xxx"] * 4 + ["x"])
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert breakable(family * 20) == family * 20
    assert "\u200b\u0301" not in breakable("e\u0301" * 50)
