"""Translating: every refusal, two persons, changed originals, and what the log of staff holds."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from middleground.dialogues.models import (
    Dialogue,
    DialogueTranslation,
    StaffAction,
    Statement,
    StatementTranslation,
    Verb,
)
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.models.texts.translation import digest_of
from middleground.dialogues.participation.correcting import correct_statement
from middleground.dialogues.privacy.retention import delete_texts
from middleground.dialogues.translations.actions import (
    TranslationRefused,
    hide_translation,
    keep_translation,
    propose,
    refuse_translation,
    set_languages,
    show_translation,
)
from middleground.dialogues.translations.progress import (
    count_waiting,
    next_to_do,
    text_into,
)
from middleground.people.models import User
from support.cast import make_dialogue, make_member, make_participant, make_staff, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
FISH = "La pesca con luz debe terminar de noche."


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(other_languages=["es", "ko"], background="About\n\nfish.")


@pytest.fixture
def ana(dialogue: Dialogue) -> User:
    """A volunteer."""
    return make_member(dialogue, "translator", "ana@example.org")


@pytest.fixture
def ben() -> User:
    return make_staff("moderator", "ben@example.org")


def seen(dialogue: Dialogue, key: str, language: str = "es") -> str:
    text = text_into(dialogue, language, key)
    assert text
    return digest_of(text.original.words)


def put(
    user: User, dialogue: Dialogue, words: str, key: str = "statement-1", language: str = "es"
) -> int:
    """Propose it; the id of what waits then."""
    propose(user, dialogue, key, language, words, seen(dialogue, key, language))
    text = text_into(dialogue, language, key)
    assert text
    assert text.waiting
    return text.waiting.pk


def refused(act: Any, *args: Any, **more: Any) -> str:
    """The code of the refusal; nothing may have been stored or logged."""
    before = [
        sorted(map(str, model._default_manager.values_list()))
        for model in (DialogueTranslation, StatementTranslation, StaffAction, Dialogue)
    ]
    with pytest.raises(TranslationRefused) as refusal:
        act(*args, **more)
    after = [
        sorted(map(str, model._default_manager.values_list()))
        for model in (DialogueTranslation, StatementTranslation, StaffAction, Dialogue)
    ]
    assert after == before
    assert refusal.value.message
    return refusal.value.code


def verbs(dialogue: Dialogue) -> list[tuple[str, dict[str, Any]]]:
    return list(dialogue.staff_actions.order_by("pk").values_list("verb", "details"))


# Languages


def test_languages_are_chosen_in_the_order_of_the_site_without_the_first_one(
    dialogue: Dialogue, ben: User
) -> None:
    before = dialogue.revision
    assert set_languages(ben, dialogue, "es", ["ar", "es", "ko"])
    dialogue.refresh_from_db()
    assert (dialogue.language, dialogue.other_languages) == ("es", ["ko", "ar"])
    assert dialogue.revision == before + 1
    assert verbs(dialogue) == [("set_languages", {"language": "es", "others": ["ko", "ar"]})]
    assert not set_languages(ben, dialogue, "es", ["ar", "ko"])
    assert len(verbs(dialogue)) == 1


@pytest.mark.parametrize(("language", "others"), [("xx", []), ("en", ["es", "pt"]), ("", [])])
def test_a_language_that_the_site_does_not_offer_is_refused(
    dialogue: Dialogue, ben: User, language: str, others: list[str]
) -> None:
    assert refused(set_languages, ben, dialogue, language, others) == "no_language"


# Proposing


@pytest.mark.parametrize(
    ("key", "most"), [("statement-1", 1_000), ("question", 300), ("background", 20_000)]
)
def test_a_translation_that_is_too_long_is_refused(
    dialogue: Dialogue, ana: User, key: str, most: int
) -> None:
    digest = seen(dialogue, key)
    assert refused(propose, ana, dialogue, key, "es", "x" * (most + 1), digest) == "too_long"
    assert propose(ana, dialogue, key, "es", "x" * most, digest)


@pytest.mark.parametrize(
    ("key", "language", "words", "code"),
    [
        ("statement-1", "es", " \u202e\n", "no_words"),
        ("background", "es", " \u202e\n", "no_words"),
        ("statement-1", "xx", "a", "no_language"),
        ("statement-1", "fa", "a", "no_language"),  # offered by the site, not by the dialogue
        ("question", "en", "a", "no_text"),  # its own language
        ("promise", "es", "a", "no_text"),  # there is none
        ("statement-01", "es", "a", "no_text"),
        ("statement-9", "es", "a", "no_text"),  # rejected
        ("statement-10", "es", "a", "no_text"),  # no such number
        ("title", "es", "a", "no_text"),
        ("", "es", "a", "no_text"),
    ],
)
def test_what_cannot_be_translated_is_refused(
    dialogue: Dialogue, ana: User, key: str, language: str, words: str, code: str
) -> None:
    make_statement(dialogue, 9, status="rejected", reason="spam")
    digest = digest_of("Statement number 1.")
    if key == "background":
        digest = digest_of(dialogue.background)
    assert refused(propose, ana, dialogue, key, language, words, digest) == code


def test_a_changed_original_refuses_what_was_made_of_the_old_one(
    dialogue: Dialogue, ana: User
) -> None:
    digest = seen(dialogue, "question")
    Dialogue.objects.update(question="What else?")
    assert refused(propose, ana, dialogue, "question", "es", "¿Qué?", digest) == "changed"
    assert propose(ana, dialogue, "question", "es", "¿Qué más?", digest_of("What else?"))


def test_short_texts_are_normalised_and_long_ones_keep_their_lines(
    dialogue: Dialogue, ana: User
) -> None:
    put(ana, dialogue, " Una\r\n\u202efrase. ")
    assert StatementTranslation.objects.get().words == "Una frase."
    put(ana, dialogue, "Uno\r\n\r\n\u202edos  \n", "background")
    assert DialogueTranslation.objects.get().words == "Uno\n\ndos"


def test_a_newer_proposal_takes_the_place_of_one_that_waits(
    dialogue: Dialogue, ana: User, ben: User
) -> None:
    first = put(ana, dialogue, "Uno.")
    digest = seen(dialogue, "statement-1")
    args = (ben, dialogue, "statement-1", "es")
    assert not propose(*args, "Uno.", digest)  # the same words stay Ana's
    assert refused(propose, *args, "Dos.", digest, instead_of=0) == "replaced"
    assert propose(*args, "Dos.", digest, instead_of=first)
    (stored,) = StatementTranslation.objects.all()
    assert (stored.words, stored.translator, stored.source) == ("Dos.", ben, "staff")


@pytest.mark.parametrize(
    ("role", "source"),
    [("translator", "volunteer"), ("moderator", "staff"), ("facilitator", "staff")],
)
def test_a_volunteer_is_who_may_translate_only(dialogue: Dialogue, role: str, source: str) -> None:
    put(make_member(dialogue, role, "who@example.org"), dialogue, "Uno.")
    assert StatementTranslation.objects.get().source == source


# A second person


def test_nobody_shows_their_own_translation_and_another_one_does(
    dialogue: Dialogue, ana: User, ben: User
) -> None:
    proposal = put(ana, dialogue, "Uno.")
    assert refused(show_translation, ana, dialogue, "statement-1", "es", proposal) == "own"
    show_translation(ben, dialogue, "statement-1", "es", proposal)
    shown = StatementTranslation.objects.get()
    assert (shown.state, shown.translator, shown.checker) == ("shown", ana, ben)


def test_control_the_database_refuses_one_person_for_both(dialogue: Dialogue, ana: User) -> None:
    proposal = put(ana, dialogue, "Uno.")
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementTranslation.objects.filter(pk=proposal).update(state="shown", checker=ana)


def test_whoever_changes_a_proposal_is_its_translator(
    dialogue: Dialogue, ana: User, ben: User
) -> None:
    put(ana, dialogue, "Uno.")
    proposal = put(ben, dialogue, "El uno.")
    assert refused(show_translation, ben, dialogue, "statement-1", "es", proposal) == "own"
    show_translation(ana, dialogue, "statement-1", "es", proposal)


def test_a_proposal_that_changed_since_is_not_shown_refused_or_taken_off(
    dialogue: Dialogue, ana: User, ben: User
) -> None:
    old = put(ana, dialogue, "Uno.")
    put(ana, dialogue, "Dos.")
    for act in (show_translation, refuse_translation, hide_translation):
        assert refused(act, ben, dialogue, "statement-1", "es", old) == "replaced"
        assert refused(act, ben, dialogue, "statement-2", "es", old) == "replaced"
        assert refused(act, ben, dialogue, "statement-10", "es", old) == "no_text"
        assert refused(act, ben, dialogue, "statement-1", "fa", old) == "no_language"


def test_showing_takes_the_place_of_what_was_shown_and_of_its_doubts(
    dialogue: Dialogue, ana: User, ben: User
) -> None:
    show_translation(ben, dialogue, "question", "es", put(ana, dialogue, "¿A?", "question"))
    DialogueTranslation.objects.update(doubts=3)
    proposal = put(ben, dialogue, "¿B?", "question")
    assert DialogueTranslation.objects.count() == 2  # readers see the old one meanwhile
    show_translation(ana, dialogue, "question", "es", proposal)
    shown = DialogueTranslation.objects.get()
    assert (shown.words, shown.doubts, shown.state) == ("¿B?", 0, "shown")


def test_a_stale_proposal_is_not_shown(dialogue: Dialogue, ana: User, ben: User) -> None:
    proposal = put(ana, dialogue, "¿A?", "question")
    Dialogue.objects.update(question="What else?")
    assert refused(show_translation, ben, dialogue, "question", "es", proposal) == "stale"
    text = text_into(Dialogue.objects.get(), "es", "question")
    assert text
    assert text.is_stale
    # The same words again are a translation of the new original, and somebody checks it.
    assert propose(ben, dialogue, "question", "es", "¿A?", digest_of("What else?"))


def test_a_refused_proposal_is_deleted_and_what_is_shown_stays(
    dialogue: Dialogue, ana: User, ben: User
) -> None:
    show_translation(ben, dialogue, "statement-1", "es", put(ana, dialogue, "Uno."))
    refuse_translation(ben, dialogue, "statement-1", "es", put(ana, dialogue, "Dos."))
    assert StatementTranslation.objects.get().words == "Uno."
    refuse_translation(
        ana, dialogue, "statement-2", "es", put(ana, dialogue, "Mío.", "statement-2")
    )
    assert StatementTranslation.objects.count() == 1


def test_what_is_taken_off_waits_again_unless_something_newer_does(
    dialogue: Dialogue, ana: User, ben: User
) -> None:
    first = put(ana, dialogue, "Uno.")
    show_translation(ben, dialogue, "statement-1", "es", first)
    hide_translation(ana, dialogue, "statement-1", "es", first)
    waiting = StatementTranslation.objects.get()
    assert (waiting.state, waiting.words, waiting.checker) == ("proposed", "Uno.", None)
    show_translation(ben, dialogue, "statement-1", "es", first)
    put(ana, dialogue, "Dos.")
    hide_translation(ben, dialogue, "statement-1", "es", first)
    assert StatementTranslation.objects.get().words == "Dos."


# The log of staff


def test_each_act_is_logged_without_words_and_raises_the_revision(
    dialogue: Dialogue, ana: User, ben: User
) -> None:
    first = put(ana, dialogue, "Uno.")
    show_translation(ben, dialogue, "statement-1", "es", first)
    hide_translation(ben, dialogue, "statement-1", "es", first)
    show_translation(ben, dialogue, "statement-1", "es", first)
    keep_translation(ben, dialogue, "statement-1", "es", first)
    hide_translation(ben, dialogue, "statement-1", "es", first)
    refuse_translation(ben, dialogue, "statement-1", "es", first)
    about = {"language": "es", "key": "statement-1"}
    acts = ("translate", "show_translation", "keep_translation", "hide_translation")
    acts = (*acts, "refuse_translation")
    show, keep, hide, refuse = acts[1:]
    done = (acts[0], show, hide, show, keep, hide, refuse)
    assert verbs(dialogue) == [(verb, about) for verb in done]
    assert {*acts, "set_languages"} == {verb.value for verb in Verb.about_translations()}
    dialogue.refresh_from_db()
    assert dialogue.revision == 7


# How much is to do


def test_only_what_waits_of_shown_texts_in_present_languages_is_counted(
    dialogue: Dialogue, ana: User
) -> None:
    put(ana, dialogue, "Uno.")
    put(ana, dialogue, "¿Qué?", "question")
    put(ana, dialogue, "하나", "statement-2", "ko")
    assert count_waiting(dialogue) == 3
    dialogue.statements.filter(number=1).update(status="pending")
    assert count_waiting(dialogue) == 2
    dialogue.other_languages = ["es"]
    assert count_waiting(dialogue) == 1


def test_the_next_text_is_one_that_lacks_its_translation(
    dialogue: Dialogue, ana: User, ben: User
) -> None:
    assert next_to_do(dialogue, "es", after="") == "question"
    assert next_to_do(dialogue, "es", after="statement-1") == "statement-2"
    put(ana, dialogue, "Dos.", "statement-2")
    assert next_to_do(dialogue, "es", after="statement-1") == "statement-3"
    assert next_to_do(dialogue, "es", after="statement-3") == "question"
    for key in ("question", "background", "statement-1"):
        put(ana, dialogue, "x", key)
    assert next_to_do(dialogue, "es", after="statement-3") == ""
    Dialogue.objects.update(question="What else?")
    assert next_to_do(Dialogue.objects.get(), "es", after="statement-3") == "question"


# Words that go


def tables_with(words: str) -> list[str]:
    """The tables of the database that hold the words anywhere."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            if any(words in str(value) for row in cursor.fetchall() for value in row):
                found.append(table)
    return found


@pytest.mark.sqlite
def test_the_translations_of_a_statement_go_when_its_words_go(
    dialogue: Dialogue, ana: User, ben: User
) -> None:
    show_translation(ben, dialogue, "statement-1", "es", put(ana, dialogue, FISH))
    put(ana, dialogue, f"{FISH} Siempre.")
    put(ana, dialogue, "Otra frase.", "statement-2")
    assert tables_with(FISH) == ["dialogues_statementtranslation"]  # the control
    delete_texts(dialogue, kind_of(Statement).texts.filter(dialogue=dialogue, number=1))
    assert tables_with(FISH) == []
    assert StatementTranslation.objects.get().words == "Otra frase."


@pytest.mark.sqlite
def test_a_corrected_statement_begins_without_translations(dialogue: Dialogue, ana: User) -> None:
    token, author = make_participant(dialogue)
    old = make_statement(dialogue, 9, "Fihsing ends.", origin="participant", author=author)
    put(ana, dialogue, FISH, "statement-9")
    assert tables_with(FISH) == ["dialogues_statementtranslation"]
    new = correct_statement(dialogue, token, 9, "Fishing ends.")
    assert tables_with(FISH) == []
    assert new.number != old.number
    assert new.translations.count() == 0
