"""A kept page is made anew when a translation is shown or taken off."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest

from middleground.dialogues.models import Dialogue, StatementTranslation
from middleground.dialogues.models.texts.translation import digest_of
from middleground.dialogues.translations.actions import (
    hide_translation,
    propose,
    show_translation,
)
from support.cast import make_dialogue, make_staff, make_statement
from support.kept_pages import Front

pytestmark = pytest.mark.django_db(transaction=True)
BUSES, AUTOBUSES = "More buses at night.", "Más autobuses por la noche."


@pytest.fixture
def front() -> Iterator[Front]:
    front = Front()
    yield front
    front.stop()


def test_readers_see_at_once_what_is_shown_and_what_is_taken_off(front: Front) -> None:
    dialogue = make_dialogue(other_languages=["es"])
    make_statement(dialogue, 7, BUSES)
    translator, checker = make_staff(), make_staff(email="second@example.org")

    def heading(language: str) -> str:
        answer = front.get(f"/{language}/d/harbour/s/7/")
        assert answer
        page = html.unescape(answer.text)
        return page[page.index("<h1") : page.index("</h1>")]

    def now() -> Dialogue:
        return Dialogue.objects.get(pk=dialogue.pk)

    for _ in range(2):
        assert BUSES in heading("es")
    propose(translator, now(), "statement-7", "es", AUTOBUSES, digest_of(BUSES))
    assert BUSES in heading("es")
    proposal = StatementTranslation.objects.get().pk
    show_translation(checker, now(), "statement-7", "es", proposal)
    for _ in range(2):
        assert AUTOBUSES in heading("es")
        assert BUSES in heading("en")
    hide_translation(checker, now(), "statement-7", "es", proposal)
    assert BUSES in heading("es")
