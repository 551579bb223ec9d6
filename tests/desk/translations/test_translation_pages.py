"""The desk's pages of translations: choosing languages, lists, one text; who may do what."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from middleground.core.languages.glossary import glossary_of
from middleground.dialogues.lifecycle.roles import grant_role
from middleground.dialogues.models import Dialogue, DialogueTranslation, StatementTranslation
from middleground.dialogues.models.texts.translation import digest_of
from middleground.dialogues.translations.actions import propose, show_translation
from middleground.dialogues.translations.originals import find_original
from middleground.notices.waiting import waiting_for
from middleground.people.models import User
from support.cast import make_dialogue, make_member, make_staff, make_statement
from support.reading import links, words, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/desk/harbour/translations/"
FIRST = f"{PAGE}es/statement-1/"


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(other_languages=["es", "fa"])


@pytest.fixture
def ana(dialogue: Dialogue) -> User:
    return make_member(dialogue, "translator", "ana@example.org")


@pytest.fixture
def volunteer(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def main_of(response: Any) -> str:
    page: str = response.content.decode()
    return page.split("<main", 1)[1].split("</main>", 1)[0]


def writing_form(client: Client, path: str = FIRST) -> dict[str, str]:
    """The fields of the form with the textarea, as a browser without JavaScript sends them."""
    form = next(
        each
        for each in re.findall(r"<form.*?</form>", main_of(client.get(path)), re.DOTALL)
        if "<textarea" in each
    )
    sent = dict(re.findall(r'type="hidden" name="(of|seen)" value="([^"]*)"', form))
    return {
        **sent,
        "words": html.unescape(re.findall(r">([^<]*)</textarea>", form)[0]),
        "do": "save",
    }


def put(user: User, dialogue: Dialogue, text: str, key: str = "statement-1") -> int:
    original = find_original(dialogue, "es", key)
    assert original
    propose(user, dialogue, key, "es", text, digest_of(original.words))
    return int(original.kind.rows(state="proposed", words=text).get().pk)


# Choosing languages


def test_a_facilitator_chooses_languages_and_others_see_them(
    desk: Client, moderation: Client, dialogue: Dialogue
) -> None:
    assert "Languages of this dialogue" not in words(moderation, PAGE)
    sent = {"language": "en", "others": ["ko", "es"]}
    assert moderation.post(PAGE, sent).status_code == 403
    told = words_of(desk.post(PAGE, sent, follow=True))
    assert "Saved." in told
    dialogue.refresh_from_db()
    assert dialogue.other_languages == ["es", "ko"]
    assert "Nothing was changed." in words_of(desk.post(PAGE, sent, follow=True))
    assert f"{PAGE}ko/" in links(moderation, PAGE)
    assert f"{PAGE}fa/" not in links(moderation, PAGE)


def test_an_unknown_language_is_refused_and_the_ticks_stay(
    desk: Client, dialogue: Dialogue
) -> None:
    response = desk.post(PAGE, {"language": "xx", "others": ["ko"]})
    assert response.status_code == 422
    ticked = re.findall(r'<input[^>]*value="(\w+)"[^>]* checked', main_of(response))
    assert ticked == ["ko"]
    dialogue.refresh_from_db()
    assert dialogue.other_languages == ["es", "fa"]


def test_the_table_counts_each_state(
    moderation: Client, dialogue: Dialogue, ana: User, moderator: User
) -> None:
    show_translation(moderator, dialogue, "statement-1", "es", put(ana, dialogue, "Uno."))
    StatementTranslation.objects.update(doubts=1)
    put(ana, dialogue, "Dos.", "statement-2")
    show_translation(moderator, dialogue, "question", "es", put(ana, dialogue, "¿Qué?", "question"))
    Dialogue.objects.update(question="What else?")
    # Shown, to do, waiting, changed since, doubted.
    assert "Español 1 of 4 1 1 0 1 1 0" in words(moderation, PAGE)
    assert "فارسی 0 of 4 4 0 0 0" in words(moderation, PAGE)
    rows = {
        name: sorted(set(re.findall(r"/es/([\w-]+)/", " ".join(links(moderation, address)))))
        for name in ("to-do", "waiting", "shown", "stale", "doubted")
        for address in (f"{PAGE}es/?which={name}",)
    }
    assert rows == {
        "to-do": ["statement-3"], "waiting": ["statement-2"], "shown": ["statement-1"],
        "stale": ["question"], "doubted": ["statement-1"],
    }  # fmt: skip
    assert 'class="count">1</span>' in main_of(moderation.get(f"{PAGE}es/?which=stale"))


def test_the_list_comes_in_pages_with_the_same_number_of_queries(
    moderation: Client, dialogue: Dialogue, ana: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert moderation.get(f"{PAGE}es/").status_code == 200
        return len(asked)

    queries()
    put(ana, dialogue, "Uno.")
    one = queries()
    for number in range(4, 60):
        make_statement(dialogue, number)
    for number in (2, 3, 4):
        put(ana, dialogue, f"{number}.", f"statement-{number}")
    assert queries() == one
    first, second = (words(moderation, f"{PAGE}es/?page={n}") for n in (1, 2))
    assert "Statement 49" in first
    assert "Statement 50" not in first
    assert "Statement 59" in second
    assert words(moderation, f"{PAGE}es/?which=nonsense") == words(moderation, f"{PAGE}es/")


# One text


def test_a_translation_is_saved_checked_by_a_second_person_and_taken_off(
    volunteer: Client, moderation: Client, dialogue: Dialogue
) -> None:
    sent = writing_form(volunteer) | {"words": "Uno."}
    assert "Saved. It is shown once somebody else has checked it." in words_of(
        volunteer.post(FIRST, sent, follow=True)
    )
    own = words(volunteer, FIRST)
    assert "You made this translation, so somebody else has to check it." in own
    assert "Show it" not in own
    other = words(moderation, FIRST)
    assert "Translated by ana@example.org, a volunteer." in other
    assert "Show it" in other
    seen = StatementTranslation.objects.get().pk
    refused = volunteer.post(FIRST, {"do": "show", "seen": seen})
    assert refused.status_code == 403
    assert StatementTranslation.objects.get().state == "proposed"
    moderation.post(FIRST, {"do": "show", "seen": seen})
    assert StatementTranslation.objects.get().state == "shown"
    assert "Checked by mo@example.org." in words(moderation, FIRST)
    assert "Readers see the original again." in words_of(
        moderation.post(FIRST, {"do": "hide", "seen": seen}, follow=True)
    )
    moderation.post(FIRST, {"do": "refuse", "seen": seen})
    assert StatementTranslation.objects.count() == 0


def test_save_and_next_leads_to_what_is_to_do_and_at_the_end_to_the_list(
    volunteer: Client, dialogue: Dialogue
) -> None:
    place, met = f"{PAGE}es/question/", []
    for _ in range(4):
        sent = writing_form(volunteer, place) | {"words": "Texto.", "do": "next"}
        place = volunteer.post(place, sent)["Location"]
        met.append(place)
    assert met == [*(f"{PAGE}es/statement-{number}/" for number in (1, 2, 3)), f"{PAGE}es/"]
    assert 'accesskey="s"' in main_of(volunteer.get(FIRST))


@pytest.mark.parametrize("words_", ["", "x" * 1_001])
def test_a_refused_form_keeps_what_was_typed(
    volunteer: Client, dialogue: Dialogue, words_: str
) -> None:
    response = volunteer.post(FIRST, writing_form(volunteer) | {"words": words_})
    assert response.status_code == 422
    assert f">{words_}</textarea>" in main_of(response)
    assert StatementTranslation.objects.count() == 0


def test_a_changed_original_gives_the_words_back_and_takes_them_the_second_time(
    volunteer: Client, dialogue: Dialogue
) -> None:
    place = f"{PAGE}es/question/"
    sent = writing_form(volunteer, place) | {"words": "¿Qué <será>?"}
    Dialogue.objects.update(question="What else?")
    response = volunteer.post(place, sent)
    assert response.status_code == 409
    main = main_of(response)
    assert "The original has changed since you opened this page." in response.content.decode()
    assert "¿Qué &lt;será&gt;?</textarea>" in main
    again = dict(re.findall(r'type="hidden" name="(of|seen)" value="([^"]*)"', main))
    assert volunteer.post(place, sent | again).status_code == 302
    assert DialogueTranslation.objects.get().words == "¿Qué <será>?"


def test_a_proposal_of_somebody_else_is_not_overwritten_unseen(
    volunteer: Client, dialogue: Dialogue, moderator: User
) -> None:
    sent = writing_form(volunteer) | {"words": "Uno."}
    put(moderator, dialogue, "El uno.")
    response = volunteer.post(FIRST, sent)
    assert response.status_code == 409
    assert "Uno.</textarea>" in main_of(response)
    assert "El uno." in main_of(response)
    assert StatementTranslation.objects.get().words == "El uno."


def test_the_words_are_given_back_when_the_text_is_gone(
    volunteer: Client, dialogue: Dialogue
) -> None:
    sent = writing_form(volunteer) | {"words": "Uno."}
    dialogue.statements.filter(number=1).update(status="pending")
    response = volunteer.post(FIRST, sent)
    assert response.status_code == 404
    assert "What you typed was not stored" in main_of(response)
    assert "Uno." in main_of(response)
    assert volunteer.get(FIRST).status_code == 404
    assert volunteer.get(f"{PAGE}ko/").status_code == 404
    assert volunteer.get(f"{PAGE}ko/question/").status_code == 404


def test_the_page_says_language_and_direction_and_shows_the_glossary(
    volunteer: Client, dialogue: Dialogue
) -> None:
    main = main_of(volunteer.get(f"{PAGE}fa/statement-1/"))
    field = re.findall(r"<textarea[^>]*>", main)[0]
    assert 'dir="rtl" lang="fa"' in field
    assert 'dir="auto" lang="en">' in main
    assert glossary_of("fa")["statement"] in main
    spanish = re.findall(r"<textarea[^>]*>", main_of(volunteer.get(FIRST)))[0]
    assert 'dir="ltr" lang="es"' in spanish
    assert 'data-limit="1000"' in spanish


def test_no_page_needs_javascript(volunteer: Client, dialogue: Dialogue) -> None:
    for path in (PAGE, f"{PAGE}es/", FIRST):
        page = volunteer.get(path).content.decode()
        assert not re.findall(r"\son\w+=", page)
        assert "<noscript" not in main_of(volunteer.get(path))


# Who may


def test_a_translator_sees_the_translations_and_no_other_part_of_the_desk(
    volunteer: Client, ana: User, dialogue: Dialogue
) -> None:
    make_dialogue("airport")
    make_statement(dialogue, 9, "It waits.", status="pending")
    home = links(volunteer, "/desk/")
    assert home == [PAGE, PAGE, "/desk/staff/notices/"]
    assert "1 statement waits" not in words(volunteer, "/desk/")
    for path in (PAGE, f"{PAGE}es/", FIRST):
        of_desk = {each for each in links(volunteer, path) if each.startswith("/desk/")}
        assert {each for each in of_desk if not each.startswith(PAGE)} == {"/desk/"}
    for part in ("", "moderation/", "topics/", "participation/", "preview/", "cases/", "roles/"):
        assert volunteer.get(f"/desk/harbour/{part}").status_code == 403, part
    assert volunteer.get("/desk/airport/translations/").status_code == 403
    assert waiting_for(ana) == []


def test_a_role_elsewhere_or_none_opens_nothing(dialogue: Dialogue) -> None:
    elsewhere, guest = Client(), Client()
    elsewhere.force_login(make_member(make_dialogue("airport"), "translator", "a@example.org"))
    guest.force_login(make_staff(User.Role.GUEST, "guest@example.org"))
    for client, status in ((elsewhere, 403), (guest, 403), (Client(), 302)):
        for path in (PAGE, f"{PAGE}es/", FIRST):
            assert client.get(path).status_code == status
        # Who is signed out gets the words back.
        assert client.post(FIRST, {"do": "save", "words": "Uno."}).status_code == 403
    assert StatementTranslation.objects.count() == 0


def test_a_translator_finds_a_dialogue_by_its_question_and_not_by_texts_they_may_not_see(
    volunteer: Client, dialogue: Dialogue
) -> None:
    make_statement(dialogue, 9, "Zanzibar waits.", status="pending")
    assert PAGE in links(volunteer, "/desk/?q=harbour")
    assert PAGE not in links(volunteer, "/desk/?q=Zanzibar")


def test_the_tab_tells_how_many_wait(moderation: Client, dialogue: Dialogue, ana: User) -> None:
    assert "Translations" in words(moderation, "/desk/harbour/preview/")
    put(ana, dialogue, "Uno.")
    put(ana, dialogue, "Dos.", "statement-2")
    assert re.search(r"Translations 2", words(moderation, "/desk/harbour/preview/"))


def test_the_role_is_given_on_the_roles_page_and_logged(
    desk: Client, facilitator: User, dialogue: Dialogue
) -> None:
    guest = make_staff(User.Role.GUEST, "guest@example.org")
    desk.post("/desk/harbour/roles/", {"member": guest.pk, "role": "translator"})
    assert dialogue.memberships.get(user=guest).role == "translator"
    assert "guest@example.org translator" in words(desk, "/desk/harbour/roles/")
    assert "made guest@example.org a translator of this dialogue" in words(desk, "/desk/harbour/")
    assert not grant_role(facilitator, dialogue, guest, "translator")


def test_the_overview_says_what_was_translated_without_words(
    desk: Client, dialogue: Dialogue, ana: User
) -> None:
    put(ana, dialogue, "Palabras.")
    told = words(desk, "/desk/harbour/")
    assert "translated (Español): Statement 1" in told
    assert "Palabras" not in told
