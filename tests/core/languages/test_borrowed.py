"""Texts of Django that our catalogues hold: all that participants meet, and none that is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.core.validators import MaxLengthValidator
from django.utils.formats import get_format
from django.utils.translation import override

from middleground.core.languages import borrowed
from middleground.core.languages.offered import LANGUAGES
from middleground.evidence.pages.forms import ProposalForm
from middleground.notices.pages.email import AddressForm

Text = tuple[str | None, str]  # the context and the text, or its singular
KEYWORDS = ("gettext_noop", "pgettext_lazy", "ngettext_lazy")
NUMBERS = set("djnmYyHGhgis")


def marked() -> Iterator[Text]:
    with Path(borrowed.__file__).open("rb") as file:
        for _line, function, texts, _ in extract_python(file, KEYWORDS, [], {}):
            if function == "pgettext_lazy":
                yield texts[0], texts[1]
            else:
                yield None, texts if isinstance(texts, str) else texts[0]


def known_to_django() -> Catalog:
    path = Path(django.__file__).parent / "conf/locale/en/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        return read_po(file)


def test_each_text_is_still_one_of_django() -> None:
    known, texts = known_to_django(), list(marked())
    assert len(texts) == len(set(texts)) > 30
    assert [each for each in texts if known.get(each[1], each[0]) is None] == []
    assert known.get("This field is required, please.") is None  # the control


@pytest.mark.parametrize("form", [AddressForm, ProposalForm])
def test_what_the_forms_of_participants_say_is_among_them(form: type[AddressForm]) -> None:
    texts = {text for _context, text in marked()}
    said = set()
    for field in form.base_fields.values():
        said |= {message for message in field.error_messages.values() if _is_of_django(message)}
        for validator in field.validators:
            if not isinstance(validator, MaxLengthValidator):  # its plural form is no plain text
                message = getattr(validator, "message", "")
                said |= {message} if _is_of_django(message) else set()
    assert said
    assert {str(each) for each in said} - texts == set()


def _is_of_django(message: object) -> bool:
    return bool(message) and known_to_django().get(str(message)) is not None


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_dates_need_no_other_names(code: str) -> None:
    """English alone shortens months, and calls noon noon."""
    with override(code):
        formats = get_format("DATE_FORMAT"), get_format("DATETIME_FORMAT")
    letters = set(re.sub(r"\\.", "", "".join(formats)))
    needed = {each for each in letters if each.isascii() and each.isalpha()} - NUMBERS
    assert needed <= {"F", "E", "A"}
