"""A form's digest changes with everything that is printed."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import Any

import pytest

from middleground.paper import form as forms
from middleground.paper.form import (
    Form,
    PrintedStatement,
    Wording,
    direction_of,
    grouped,
)
from paper.samples import ENGLISH, a_form

ONE = a_form(("A statement.",))
OTHER: dict[str, Any] = {
    "edition": 13,
    "number": 4,
    "language": "es",
    "direction": "rtl",
    "paper": "a4",
    "large": True,
    "question": "Another?",
    "host": "Another host",
    "wording": replace(ENGLISH, title="Another title"),
    "own_statement": False,
    "address": "https://another.example/",
}


def changed() -> dict[str, Form]:
    """Every field, every word and every part of a statement, each changed alone."""
    (statement,) = ONE.statements
    said = {
        "number": 4,
        "text": "A statement!",
        "language": "es",
        "direction": "rtl",
    }
    assert set(said) == {field.name for field in fields(PrintedStatement)}
    assert {*OTHER, "statements"} == {field.name for field in fields(Form)}
    return {
        **{name: replace(ONE, **{name: value}) for name, value in OTHER.items()},
        **{
            f"statement's {name}": replace(ONE, statements=(replace(statement, **{name: value}),))
            for name, value in said.items()
        },
        **{
            f"word {field.name}": replace(ONE, wording=replace(ENGLISH, **{field.name: "x"}))
            for field in fields(Wording)
        },
        "a statement more": replace(ONE, statements=(statement, statement)),
    }


def test_every_change_gives_another_digest_and_mark() -> None:
    all_forms = [ONE, *changed().values()]
    assert len({form.digest for form in all_forms}) == len(all_forms) == 1 + 11 + 4 + 18 + 1
    assert len({form.mark for form in all_forms}) == len(all_forms)


def test_the_order_of_statements_matters() -> None:
    first, second = PrintedStatement(1, "a"), PrintedStatement(2, "b")
    one, other = replace(ONE, statements=(first, second)), replace(ONE, statements=(second, first))
    assert one.digest != other.digest


def test_the_same_form_has_the_same_digest() -> None:
    again = Form(**{**asdict(ONE), "statements": ONE.statements, "wording": ENGLISH})
    assert (again.digest, again.mark) == (ONE.digest, ONE.mark)
    assert len(ONE.digest) == 64
    assert len(ONE.mark) == 10


def test_another_way_to_lay_out_gives_another_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ONE.digest
    monkeypatch.setattr(forms, "LAYOUT_VERSION", forms.LAYOUT_VERSION + 1)
    assert before != ONE.digest


@pytest.mark.parametrize(
    ("text", "direction"),
    [("Yes", "ltr"), ("12 — نعم", "rtl"), ("«Այո»", "ltr"), ("123 …", "rtl"), ("", "rtl")],
)
def test_the_direction_is_that_of_the_first_letter(text: str, direction: str) -> None:
    assert direction_of(text, "rtl") == direction


def test_numbers_of_sheets_are_printed_in_groups() -> None:
    assert grouped("0123456789ABCDEF") == "0123-4567-89AB-CDEF"
