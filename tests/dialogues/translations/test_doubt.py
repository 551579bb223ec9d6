"""Readers say that a translation is wrong, and nothing of them is stored."""

from __future__ import annotations

import html

import pytest
from django.test import Client

from middleground.dialogues.models import Statement, StatementTranslation
from middleground.dialogues.models.texts.translation import digest_of
from support.cast import make_dialogue, make_statement

pytestmark = pytest.mark.django_db
PAGE = "/es/d/harbour/translation/statement-7/"


@pytest.fixture(autouse=True)
def translation() -> StatementTranslation:
    statement = make_statement(make_dialogue(other_languages=["es"]), 7, "More buses at night.")
    return StatementTranslation.objects.create(
        statement=statement,
        language="es",
        words="Menos autobuses.",
        of_digest=digest_of(statement.text),
        state="shown",
        source="volunteer",
    )


def test_both_texts_stand_beside_each_other(client: Client) -> None:
    linked = client.get("/es/d/harbour/s/7/").content.decode()
    assert f'<a href="{PAGE}">' in linked
    page = html.unescape(client.get(PAGE).content.decode())
    assert page.index("Menos autobuses.") < page.index("More buses at night.")


def test_a_doubt_is_counted_and_nothing_else_is_kept(
    client: Client, translation: StatementTranslation
) -> None:
    before = StatementTranslation.objects.values().get()
    answer = client.post(PAGE, follow=True)
    assert 'role="status"' in answer.content.decode()
    after = StatementTranslation.objects.values().get()
    assert after == {**before, "doubts": 1}


def test_without_a_translation_there_is_nothing_to_doubt(client: Client) -> None:
    assert client.get("/en/d/harbour/translation/statement-7/").status_code == 404
    assert client.post("/en/d/harbour/translation/statement-7/").status_code == 404
    StatementTranslation.objects.update(state="proposed")
    assert client.post(PAGE).status_code == 404
    assert StatementTranslation.objects.get().doubts == 0
    assert "/translation/" not in client.get("/es/d/harbour/s/7/").content.decode()


def test_a_hidden_statement_tells_nothing(client: Client) -> None:
    Statement.objects.filter(number=7).update(status="pending")
    assert client.get(PAGE).status_code == 404
