"""Codes, numbers, days and addresses from keyboards and phones of other languages."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms

from middleground.core.languages.typed import plain, plain_digits, plain_parts, plain_signs
from middleground.core.page.day_field import DayField
from middleground.dialogues.identity.admission_codes import grouped, new_code, parse_code
from middleground.dialogues.identity.tokens import new_token, phrase, token_from_phrase
from middleground.evidence.actions.data import read_rows
from middleground.evidence.models.source import validate_partial_date
from middleground.evidence.pages.forms import ClaimForm, ProposalForm
from middleground.notices.pages.email import AddressForm
from middleground.people.bodies.importing.files.values import day_of

PERSIAN, ARABIC, WIDE, DEVANAGARI = "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९"
SCRIPTS = pytest.mark.parametrize("digits", [PERSIAN, ARABIC, WIDE, DEVANAGARI])
LRM, RLM, ISOLATE, END, ZWNJ = "\u200e", "\u200f", "\u2067", "\u2069", "\u200c"


def written(text: str, digits: str) -> str:
    return text.translate(str.maketrans("0123456789", digits))


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else "\u3000" for sign in text)


@SCRIPTS
def test_digits_of_every_script_are_digits(digits: str) -> None:
    assert plain(digits) == plain_digits(digits) == "0123456789"
    assert plain_parts(f"{digits[1]}{digits[2]}، {digits[3]}、{digits[4]}，5؛ 6") == [
        "12", "3", "4", "5", "6",
    ]  # fmt: skip


def test_marks_dashes_and_spaces_do_no_harm() -> None:
    assert plain(f"{ISOLATE}\u00a0A\u2011B–C−D－E{ZWNJ}\u3000{END}{LRM}") == "A-B-C-D-E"
    assert plain_signs("a\u2066۵\u3000") == "a\u20665 "  # no place moves
    assert plain_digits("2019–2020، ۵") == "2019–2020، 5"
    assert plain(" ana@example.org\n") == "ana@example.org"


@SCRIPTS
@pytest.mark.parametrize("length", [8, 16])
def test_a_code_is_read(digits: str, length: int) -> None:
    code = new_code(length)
    for typed in (
        written(code, digits),
        wide(grouped(code)),
        f"{RLM}{ISOLATE}{written(grouped(code), digits)}{END}",
        grouped(code).replace("-", "\u2011"),
        grouped(code).replace("-", "\u3000").lower(),
        grouped(code).replace("-", f"{ZWNJ}−\u202f"),
    ):
        assert parse_code(typed) == code
    assert parse_code(code[:-1] + "é") is None
    assert parse_code(code[:-1] + "+") is None


@SCRIPTS
def test_a_phrase_is_read(digits: str) -> None:
    token = new_token()
    words = phrase(token).split()
    numbered = " ".join(f"{written(str(n), digits)}. {word}" for n, word in enumerate(words, 1))
    for typed in (
        numbered,
        wide(phrase(token)),
        "،\u00a0".join(words),
        "、".join(words),
        RLM + "\u200e\u3000".join(words) + END,
    ):
        assert token_from_phrase(typed) == token


@SCRIPTS
def test_days_and_numbers_are_read(digits: str) -> None:
    day = DayField(label="When")
    typed = written("2026-05-31", digits)
    assert day.clean(f"{LRM}{typed.replace('-', '‑')}") == date(2026, 5, 31)
    assert day_of(typed.replace("-", "－")) == date(2026, 5, 31)
    # Django's own field reads all but the marks, which browsers leave out of fields of numbers.
    assert forms.IntegerField().clean(f"\u3000{written('120', digits)}\u00a0") == 120
    figures = f"period,value\n{digits[2]},{RLM}−{written('12', digits)}٫{digits[5]}\n"
    assert [row[1] for row in read_rows(figures.encode())] == [-12.5]


def test_what_is_no_day_is_still_refused() -> None:
    for typed in ("۲۰۲۶/۰۵/۳۱", "２０２６-１３-０１", "۲۰۲۶"):
        with pytest.raises(forms.ValidationError):
            DayField(label="When").clean(typed)
    with pytest.raises(forms.ValidationError):
        validate_partial_date("２０１９－０５")  # the control: the field makes it plain first


def test_a_list_of_numbers_is_read() -> None:
    form = ClaimForm({"text": "Fish.", "cited_by": f"{RLM}۱۲، ٣、４；5 ,, 6"})
    form.full_clean()
    assert form.cleaned_data["cited_by"] == [3, 4, 5, 6, 12]
    form = ClaimForm({"text": "Fish.", "cited_by": "۱۲، سه"})
    form.full_clean()
    assert "cited_by" in form.errors


def test_a_date_of_a_source_is_stored_in_ascii() -> None:
    form = ProposalForm(
        {"kind": "report", "title": "Fish", "shows": "It.", "published": "۲۰۱۹－۰۵"}
    )
    form.full_clean()
    assert form.cleaned_data["published"] == "2019-05"


@pytest.mark.parametrize(
    "typed",
    [
        "ａｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ",
        f"{ISOLATE}ana@example.org{END}\u00a0",
        f"ana@{ZWNJ}example。org",
    ],
)
def test_an_address_of_mail_is_read(typed: str) -> None:
    form = AddressForm({"address": typed})
    assert form.is_valid()
    assert form.cleaned_data["address"] == "ana@example.org"
