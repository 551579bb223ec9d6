"""The language of a text, as its writer says it: asked for, stored, shown, and used."""

from __future__ import annotations

import re

import pytest
from django.db.models import F
from django.test import Client
from django.utils.translation import override

from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.privacy.retention import delete_texts
from middleground.dialogues.statements.submit import submit_statement
from middleground.dialogues.templatetags.written import dir_lang
from middleground.dialogues.translations.languages import looks_like, said_language
from middleground.dialogues.translations.originals import originals_for
from middleground.dialogues.translations.shown import shown_text
from middleground.threads.models import Comment
from support.cast import carry, make_comment, make_dialogue, make_participant, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
WRITE = "/d/harbour/write/"
SPANISH = "Los autobuses deben ser gratis para todos los niños de la ciudad."


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(other_languages=["es", "fa"], takes_comments=True, moderation="after")


@pytest.fixture
def writer(dialogue: Dialogue) -> Client:
    client = Client()
    carry(client, make_participant(dialogue)[0])
    return client


def chosen_in(page: str) -> str:
    [select] = re.findall(r'<select id="language".*?</select>', page, re.DOTALL)
    [chosen] = re.findall(r'<option value="([a-z-]*)"[^>]* selected', select)
    return chosen


def test_a_form_asks_for_the_language_and_begins_with_that_of_the_page(writer: Client) -> None:
    assert chosen_in(writer.get(WRITE).content.decode()) == "en"
    assert chosen_in(writer.get(f"/es{WRITE}").content.decode()) == "es"
    assert chosen_in(writer.get(f"/ko{WRITE}").content.decode()) == "en"  # not of the dialogue


def test_a_dialogue_in_one_language_does_not_ask(writer: Client, dialogue: Dialogue) -> None:
    Dialogue.objects.update(other_languages=[])
    assert 'name="language"' not in writer.get(WRITE).content.decode()
    writer.post(WRITE, {"text": "Free buses for children.", "language": "es"})
    assert dialogue.statements.get(number=4).language == ""


def test_what_was_said_is_stored_with_the_text(writer: Client, dialogue: Dialogue) -> None:
    writer.post(WRITE, {"text": "Gratis.", "language": "es"})
    writer.post(WRITE, {"text": "Free.", "language": ""})
    writer.post(WRITE, {"text": "Cheap.", "language": "ko"})  # none of the dialogue's
    stored = dialogue.statements.filter(number__gt=3).order_by("number")
    assert list(stored.values_list("text", "language")) == [
        ("Gratis.", "es"),
        ("Free.", ""),
        ("Cheap.", ""),
    ]


def test_a_text_that_looks_like_another_language_is_asked_about_once(
    writer: Client, dialogue: Dialogue
) -> None:
    page = writer.post(WRITE, {"text": SPANISH, "language": "en"}).content.decode()
    assert "Your text looks like" in page
    assert chosen_in(page) == "es"
    [checked] = re.findall(r'name="checked" value="([0-9a-f]+)"', page)
    sent = {"text": SPANISH, "language": "en", "checked": checked}  # it is right, they say
    assert writer.post(WRITE, sent).status_code == 302
    assert dialogue.statements.get(number=4).language == "en"


def test_nothing_is_asked_of_a_text_that_fits_or_is_in_no_language_of_the_dialogue(
    dialogue: Dialogue,
) -> None:
    assert looks_like(dialogue, SPANISH, "es") is None
    assert looks_like(dialogue, SPANISH, "") is None
    assert looks_like(dialogue, "자전거 도로가 더 필요합니다.", "en") is None
    asked = looks_like(dialogue, SPANISH, "en")
    assert asked is not None
    assert asked.code == "es"


@pytest.mark.parametrize("path", [WRITE, "/d/harbour/s/1/comment/"])
def test_turning_to_another_language_keeps_what_was_typed(
    writer: Client, dialogue: Dialogue, path: str
) -> None:
    sent = {"text": "No quiero pe", "language": "es", "stance": "against", "turn": "fa"}
    page = writer.post(f"/fa{path}", sent)
    html = page.content.decode()
    assert '<html lang="fa" dir="rtl"' in html
    assert ">No quiero pe</textarea>" in html
    assert chosen_in(html) == "es"
    assert ("checked>" in html) == ("comment" in path)
    assert dialogue.statements.count() == 3
    assert Comment.objects.count() == 0


def test_the_buttons_lead_to_the_page_in_each_language(writer: Client) -> None:
    page = writer.get(WRITE).content.decode()
    assert f'formaction="/es{WRITE}"' in page
    assert "formnovalidate" in page


def test_a_comment_and_an_answer_have_a_language_too(writer: Client, dialogue: Dialogue) -> None:
    first = {"text": "Es caro.", "stance": "against", "language": "es"}
    dialogue.votes_before_commenting = 0
    dialogue.save()
    writer.post("/d/harbour/s/1/comment/", first)
    comment = Comment.objects.get()
    assert comment.language == "es"
    page = writer.get(f"/d/harbour/c/{comment.number}/").content.decode()
    assert '<p class="comment-text" dir="ltr" lang="es">' in page


def test_the_said_language_gives_direction_and_voice(dialogue: Dialogue) -> None:
    mixed = "BRT برای همه لازم است."  # its first letter is Latin
    said = make_statement(dialogue, 4, mixed, language="fa")
    unsaid = make_statement(dialogue, 5, "BRT برای شهر لازم است.", language="")
    assert dir_lang(shown_text(said)) == 'dir="rtl" lang="fa"'
    assert dir_lang(shown_text(unsaid)).startswith('dir="auto"')
    with override("fa"):
        assert dir_lang(shown_text(said)) == 'dir="rtl"'
    comment = make_comment(said, "OK, موافقم", language="fa")
    assert dir_lang(comment) == 'dir="rtl" lang="fa"'


def test_a_card_has_the_direction_that_was_said(writer: Client, dialogue: Dialogue) -> None:
    dialogue.statements.all().delete()
    Dialogue.objects.update(revision=F("revision") + 1)
    make_statement(dialogue, 9, "BRT برای همه لازم است.", language="fa")
    page = writer.get("/d/harbour/take-part/").content.decode()
    assert 'aria-describedby="card-speaker" dir="rtl" lang="fa">' in page


def test_translators_are_given_what_was_said_and_not_the_guess(dialogue: Dialogue) -> None:
    make_statement(dialogue, 4, "Gratis.", language="es")  # too short to guess
    make_statement(dialogue, 5, SPANISH, language="")
    into = {key: {each.key for each in originals_for(dialogue, key)} for key in ("en", "es")}
    assert into["en"] == {"statement-4", "statement-5"}
    assert not {"statement-4", "statement-5"} & into["es"]


def test_the_language_goes_with_the_words(dialogue: Dialogue) -> None:
    token, _participant = make_participant(dialogue)
    statement = submit_statement(dialogue, token, "Gratis.", language="es")
    statement.move_to(statement.state.REJECTED, "off_topic")
    delete_texts(dialogue, kind_of(Statement).texts.filter(pk=statement.pk))
    statement.refresh_from_db()
    assert (statement.text, statement.language) == ("", "")


def test_only_a_language_of_the_dialogue_is_taken(dialogue: Dialogue) -> None:
    assert [said_language(dialogue, code) for code in ("es", "ko", "xx", "")] == ["es", "", "", ""]
