"""Forms on paper: which statements stand on them, what is stored, and how they are entered."""

from __future__ import annotations

import re
from collections import Counter

import cv2
import numpy as np
import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone

from middleground.ballots.choosing import choose_statements
from middleground.ballots.editions import Order, form_of, print_edition
from middleground.ballots.models import Edition, PrintedForm
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Code, CodeBatch, Dialogue, Participant, Vote
from middleground.dialogues.models.texts.translation import digest_of
from middleground.dialogues.participation.admission import AdmissionRefused, admit_with_code
from middleground.dialogues.participation.entries.batches import open_batch
from middleground.dialogues.participation.entries.people import (
    EntryRefused,
    begin_person,
    give_answer,
    next_card,
    take_person_back,
)
from middleground.dialogues.translations.actions import propose, set_languages, show_translation
from middleground.paper.layout import Layout
from middleground.paper.sheet_code import SheetCode
from middleground.people.models import User
from support.cast import make_dialogue, make_staff
from support.reading import words
from support.refused import refused

ORDER = Order("en", "letter", False, True, 3, 2, 5)
PAGE = "/desk/harbour/ballots/"
TYPED = {
    "language": "en", "paper": "a4", "statements": 2, "selections": 1, "sheets": 1,
}  # fmt: skip


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    return make_dialogue(statements=6)


@pytest.fixture
def staff(db: None) -> User:
    return make_staff()


@pytest.fixture
def desk(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def codes_in(pdf: bytes) -> list[SheetCode]:
    """The code of each page, as a scanner would see it."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            picture = np.asarray(page.render(scale=150 / 72, grayscale=True).to_numpy()).squeeze()
            for each in zxingcpp.read_barcodes(picture):
                code = SheetCode.parse(each.text)
                if code is not None:
                    found.append(code)
    return found


def test_an_edition_has_sheets_of_each_form_and_stores_only_hashes(
    dialogue: Dialogue, staff: User
) -> None:
    edition, pdf = print_edition(staff, dialogue, ORDER)
    codes = codes_in(pdf)
    assert Counter(code.form for code in codes if code.page == 1) == {1: 3, 2: 2}
    assert len({code.sheet for code in codes}) == 5
    assert {code.edition for code in codes} == {edition.pk}
    for form in PrintedForm.objects.all():
        assert form.codes.kind == CodeBatch.Kind.FORM
        assert form.codes.tier == "paper"
        assert len(form.codes.statements) == 3
        again = form_of(edition, form.number, form.codes.statements)
        assert again.digest == form.digest
        assert {code.digest for code in codes if code.form == form.number} == {again.mark}
        rows = [row.statement for page in Layout.from_dict(form.layout).pages for row in page.rows]
        assert rows == form.codes.statements
    stored = " ".join(map(str, Code.objects.values_list("mark", flat=True)))
    assert not any(code.sheet in stored for code in codes)
    assert Code.objects.count() == 5
    # How many there are is logged, as for other codes.
    assert [each.verb for each in dialogue.staff_actions.all()] == ["make_codes"] * 2


def test_statements_are_chosen_as_on_the_web(dialogue: Dialogue) -> None:
    first = choose_statements(dialogue, "form 1-1", 4)
    assert len(set(first)) == 4
    assert choose_statements(dialogue, "form 1-1", 4) == first  # nobody draws again until it suits
    others = {tuple(choose_statements(dialogue, f"form 1-{each}", 4)) for each in range(2, 30)}
    assert len(others) > 10
    assert sorted(choose_statements(dialogue, "form 1-1", 60)) == [1, 2, 3, 4, 5, 6]
    printed = Counter(each for chosen in others for each in chosen)
    assert set(printed) == {1, 2, 3, 4, 5, 6}


def test_a_form_is_entered_row_by_row_in_its_order(dialogue: Dialogue, staff: User) -> None:
    _edition, pdf = print_edition(staff, dialogue, ORDER)
    sheet = codes_in(pdf)[0].sheet
    on_form = PrintedForm.objects.get(number=1).codes.statements
    batch = open_batch(
        staff, dialogue, channel="paper", place="Library", organization="Port City",
        helper=staff, most=9,
    )  # fmt: skip
    assert begin_person(batch, sheet) == sheet
    card = next_card(batch, sheet)
    assert (card.number, card.total) == (on_form[0], 3)
    assert card.number
    give_answer(batch, sheet, card.number, -1, card.proof)
    # The second row is blank.
    assert next_card(batch, sheet).number == on_form[1]
    third = next_card(batch, sheet, blank=[on_form[1]])
    assert third.number == on_form[2]
    give_answer(batch, sheet, third.number, 1, third.proof)
    assert next_card(batch, sheet, blank=[on_form[1]]).number is None
    votes = Vote.objects.order_by("statement__number").values_list("statement__number", "value")
    assert dict(votes) == {on_form[0]: -1, on_form[2]: 1}
    assert Participant.objects.get().tier == "paper"
    # Once, also if somebody copied the sheet.
    with refused(EntryRefused, "code_used"):
        begin_person(batch, sheet)
    take_person_back(batch, sheet)
    assert not Participant.objects.exists()
    assert begin_person(batch, sheet) == sheet


def test_the_number_of_a_form_admits_nobody_by_itself(dialogue: Dialogue, staff: User) -> None:
    _edition, pdf = print_edition(staff, dialogue, ORDER)
    sheet = codes_in(pdf)[0].sheet
    with refused(AdmissionRefused, "on_paper"):
        admit_with_code(dialogue, new_token(), sheet)
    by_telephone = open_batch(
        staff, dialogue, channel="telephone", place="Library", organization="Port City",
        helper=staff, most=9,
    )  # fmt: skip
    with refused(EntryRefused, "unknown_code"):
        begin_person(by_telephone, sheet)
    assert not Code.objects.filter(used=True).exists()


def test_translations_stand_on_a_form_in_their_language(dialogue: Dialogue, staff: User) -> None:
    set_languages(staff, dialogue, "en", ["es"])
    checker = make_staff(email="second@example.org")
    statement = dialogue.statements.get(number=2)
    propose(staff, dialogue, "statement-2", "es", "Los muelles.", digest_of(statement.text))
    show_translation(checker, dialogue, "statement-2", "es", statement.translations.get().pk)
    dialogue.refresh_from_db()
    edition, _pdf = print_edition(staff, dialogue, Order("es", "a4", True, False, 6, 1, 1))
    form = form_of(edition, 1, [1, 2])
    assert [(each.text, each.language) for each in form.statements] == [
        ("Statement number 1.", ""), ("Los muelles.", "es"),
    ]  # fmt: skip
    assert form.large
    assert not form.own_statement


# The page


def test_a_pdf_is_sent_once_and_the_edition_is_listed(desk: Client, dialogue: Dialogue) -> None:
    page = desk.post(PAGE, TYPED)
    assert page["Content-Type"] == "application/pdf"
    assert page["Content-Disposition"] == 'attachment; filename="harbour-forms-1.pdf"'
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert page.content.startswith(b"%PDF")
    assert re.search(r"1 .* English normal, A4 1 1 fewer than 5", words(desk, PAGE))
    assert "made 1 code (paper)" in words(desk, "/desk/harbour/")


def test_what_was_typed_stays_with_an_error(desk: Client, dialogue: Dialogue) -> None:
    page = desk.post(PAGE, {**TYPED, "selections": 3})
    assert page.status_code == 422
    assert "There are more forms than sheets." in page.content.decode()
    assert 'name="statements" value="2"' in page.content.decode()
    for field, value in (("sheets", 1001), ("statements", 0), ("language", "xx")):
        assert desk.post(PAGE, {**TYPED, field: value}).status_code == 422
    assert not Edition.objects.exists()
    assert not CodeBatch.objects.exists()


def test_without_statements_or_after_the_close_nothing_is_printed(
    desk: Client, dialogue: Dialogue
) -> None:
    make_dialogue("empty", statements=0)
    page = desk.post("/desk/empty/ballots/", TYPED)
    assert "There are no statements to print yet." in page.content.decode()
    Dialogue.objects.update(state="closed", closes_at=timezone.now())
    page = desk.post(PAGE, TYPED)
    assert "The dialogue is closed" in page.content.decode()
    assert page.status_code == 422
    assert not Edition.objects.exists()
    assert not CodeBatch.objects.exists()


def test_a_language_without_a_font_is_refused_before_numbers_are_made(
    desk: Client, dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("middleground.ballots.editions.missing_font", lambda _: "fonts-noto-cjk")
    page = desk.post(PAGE, {**TYPED, "language": "ko"})
    assert page.status_code == 503
    assert "fonts-noto-cjk" in page.content.decode()
    assert not CodeBatch.objects.exists()


def test_markers_and_circles_are_printed_where_the_stored_layout_says(
    dialogue: Dialogue, staff: User
) -> None:
    _edition, pdf = print_edition(staff, dialogue, Order("en", "letter", False, True, 6, 1, 1))
    (page,) = Layout.from_dict(PrintedForm.objects.get().layout).pages
    with pypdfium2.PdfDocument(pdf) as document:
        picture = np.asarray(document[0].render(scale=150 / 72, grayscale=True).to_numpy())
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    _corners, found, _rest = cv2.aruco.ArucoDetector(dictionary).detectMarkers(picture.squeeze())
    assert sorted(found.ravel().tolist()) == [0, 1, 2, 3]
    per_mm = 150 / 25.4
    for row in page.rows:
        for bubble in row.bubbles:
            x, y = round(bubble.x * per_mm), round(bubble.y * per_mm)
            ring = picture.squeeze()[y, x : x + round((page.radius + 0.6) * per_mm)]
            assert ring[:8].min() > 200  # empty inside
            assert ring.min() < 160  # and a line around
