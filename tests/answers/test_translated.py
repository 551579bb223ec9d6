"""Comments, evidence, cases and answers in the reader's language, as statements are."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from answers.entered import answer_case, make_case
from middleground.answers.models import Case, CaseTranslation, Response
from middleground.dialogues.models import Dialogue, TextTranslation
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.models.texts.translation import digest_of
from middleground.dialogues.privacy.retention import delete_texts
from middleground.dialogues.translations.actions import propose, show_translation
from middleground.dialogues.translations.kinds import find_original_kinds, read_key
from middleground.dialogues.translations.originals import find_original, label_of, originals_for
from middleground.dialogues.translations.progress import count_waiting, texts_by_language
from middleground.dialogues.translations.shown import shown_text
from middleground.evidence.models import Claim, Source, SourceTranslation
from middleground.people.models import Appointment, User
from middleground.threads.models import Comment, CommentTranslation
from support.cast import make_comment, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
KEYS = (
    "question",
    "statement-1", "statement-2", "statement-3",
    "topic-1",
    "comment-12345678",
    "claim-1",
    "source-1",
    "case-1-title", "case-1-summary",
    "answer-1-1-summary", "answer-1-1-details",
)  # fmt: skip


@pytest.fixture
def dialogue(harbour: Dialogue, staff: User, chief: Appointment) -> Dialogue:
    """A dialogue with one text of each kind."""
    harbour.other_languages = ["es"]
    harbour.takes_comments = True
    harbour.save()
    harbour.topics.create(number=1, name="The quay", place=1)
    make_comment(harbour.statements.get(number=1), "It is loud there.", 12345678)
    today = {"added_on": "2026-05-01", "dialogue": harbour, "number": 1}
    Claim.objects.create(text="It is louder than 80 dB.", **today)
    Source.objects.create(kind="report", title="Noise at the quay", identity="x", **today)
    answer_case(make_case(staff, harbour), chief)
    return harbour


@pytest.fixture
def ana(dialogue: Dialogue) -> User:
    return make_staff(email="ana@example.org")


def translate(dialogue: Dialogue, key: str, words: str, by: User, checker: User) -> None:
    original = find_original(dialogue, "es", key)
    assert original
    propose(by, dialogue, key, "es", words, digest_of(original.words))
    waiting = original.kind.rows(**original.of, state="proposed").get()
    show_translation(checker, dialogue, key, "es", waiting.pk)


def test_every_kind_has_its_texts_in_the_list(dialogue: Dialogue) -> None:
    assert tuple(each.key for each in originals_for(dialogue, "es")) == KEYS
    assert originals_for(dialogue, "en") == []
    for key in KEYS:
        found = find_original(dialogue, "es", key)
        assert found
        assert (found.key, found.label) == (key, label_of(key))


def test_texts_are_called_by_what_people_know_them_by() -> None:
    assert label_of("comment-12345678") == "Comment 12345678"
    assert label_of("case-5-title") == "Case 5: title"
    assert label_of("answer-5-2-details") == "Answer to case 5, version 2: details"
    assert label_of("source-3") == "Source 3"


@pytest.mark.parametrize(
    "key", ["", "case-5", "case-5-words", "answer-5-summary", "statement-1-2", "topic", "x-1", "-1",
            "question-1", "statement-", "background-summary"],
)  # fmt: skip
def test_no_other_key_is_read(key: str) -> None:
    assert read_key(key) is None


def test_each_text_is_shown_in_the_language_of_the_reader(
    dialogue: Dialogue, ana: User, staff: User
) -> None:
    for at, key in enumerate(KEYS):
        translate(dialogue, key, f"Palabras {at}", ana, staff)
    for at, key in enumerate(KEYS):
        kind, _numbers, part = read_key(key) or pytest.fail(key)
        found = find_original(dialogue, "es", key)
        assert found
        original = kind.of(dialogue).get(pk=found.pk)
        with override("es"):
            shown = shown_text(original, part)
            assert (shown.words, shown.original) == (f"Palabras {at}", found.words)
        with override("ko"):
            assert not shown_text(original, part).translated


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/es/d/harbour/c/12345678/", "comment-12345678"),
        ("/es/d/harbour/claims/1/", "claim-1"),
        ("/es/d/harbour/sources/1/", "source-1"),
        ("/es/d/harbour/sources/", "claim-1"),
        ("/es/d/harbour/answers/1/", "case-1-title"),
        ("/es/d/harbour/answers/1/", "answer-1-1-details"),
    ],
)
def test_pages_show_it_with_the_original_and_the_way_to_doubt_it(
    dialogue: Dialogue, ana: User, staff: User, client: Client, path: str, key: str
) -> None:
    translate(dialogue, key, "Hace mucho ruido allí.", ana, staff)
    page = html.unescape(client.get(path).content.decode())
    assert "Hace mucho ruido allí." in page
    if path.endswith("sources/"):
        return
    assert f'<a href="/es/d/harbour/translation/{key}/">' in page
    original = find_original(dialogue, "es", key)
    assert original
    assert original.words.strip("# ").split()[0] in page
    assert "Hace mucho ruido allí." not in client.get(path.removeprefix("/es")).content.decode()


@pytest.mark.parametrize("key", [key for key in KEYS if key != "topic-1"])
def test_a_reader_can_doubt_each(
    dialogue: Dialogue, ana: User, staff: User, client: Client, key: str
) -> None:
    translate(dialogue, key, "Palabras", ana, staff)
    page = f"/es/d/harbour/translation/{key}/"
    assert "Palabras" in client.get(page).content.decode()
    assert client.post(page).status_code == 302
    found = find_original(dialogue, "es", key)
    assert found
    assert found.kind.rows(**found.of).get().doubts == 1
    assert client.get(page.removeprefix("/es")).status_code == 404


def test_the_words_of_a_comment_take_their_translation_along(
    dialogue: Dialogue, ana: User, staff: User
) -> None:
    translate(dialogue, "comment-12345678", "Hay ruido.", ana, staff)
    delete_texts(dialogue, kind_of(Comment).texts.filter(number=12345678))
    assert CommentTranslation.objects.count() == 0


def test_a_hidden_or_withdrawn_original_shows_and_lists_nothing(
    dialogue: Dialogue, ana: User, staff: User, client: Client
) -> None:
    translate(dialogue, "comment-12345678", "Hay ruido.", ana, staff)
    translate(dialogue, "source-1", "Ruido en el muelle", ana, staff)
    Comment.objects.update(status="pending", reviewed=False)
    Source.objects.update(withdrawn="It is a copy.")
    keys = {each.key for each in originals_for(dialogue, "es")}
    assert not {"comment-12345678", "source-1"} & keys
    assert client.get("/es/d/harbour/translation/source-1/").status_code == 404
    assert client.get("/es/d/harbour/translation/comment-12345678/").status_code == 404
    assert SourceTranslation.objects.count() == 1  # it comes back with the source


def test_a_changed_title_marks_its_translation_as_older(
    dialogue: Dialogue, ana: User, staff: User
) -> None:
    translate(dialogue, "case-1-title", "Patrullas en el muelle", ana, staff)
    Case.objects.update(title="Patrols at night")
    [text] = [each for each in texts_by_language(dialogue, ["es"])["es"] if each.shown]
    assert (text.original.key, text.is_stale) == ("case-1-title", True)
    with override("es"):
        assert shown_text(Case.objects.get(), "title").stale


def test_the_answer_that_was_signed_stays_as_it_is(
    dialogue: Dialogue, ana: User, staff: User
) -> None:
    before = Response.objects.values().get()
    translate(dialogue, "answer-1-1-summary", "Las patrullas empiezan en junio.", ana, staff)
    assert Response.objects.values().get() == before


def test_a_title_is_not_taken_for_a_summary(dialogue: Dialogue, ana: User, staff: User) -> None:
    translate(dialogue, "case-1-title", "Patrullas", ana, staff)
    assert CaseTranslation.objects.get().part == "title"
    with override("es"):
        assert not shown_text(Case.objects.get(), "summary").translated


def test_counting_takes_one_query_and_the_list_two_for_each_kind(
    dialogue: Dialogue, ana: User, django_assert_num_queries: Any
) -> None:
    for key in KEYS:
        original = find_original(dialogue, "es", key)
        assert original
        propose(ana, dialogue, key, "es", "Uno", digest_of(original.words))
    with django_assert_num_queries(1):
        assert count_waiting(dialogue) == len(KEYS)
    with django_assert_num_queries(2 * len(find_original_kinds())):
        texts_by_language(dialogue, ["es", "ko", "en"])


def test_every_table_of_translations_is_of_a_kind() -> None:
    tables = {kind.table for kind in find_original_kinds()}
    assert tables == set(TextTranslation.__subclasses__())
