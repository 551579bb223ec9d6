"""Writing a statement: the check before, the sending, and each way in which it can fail."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import new_token, read_token, write_token
from middleground.dialogues.models import Dialogue, Participant, Statement
from middleground.dialogues.texts.submission import MOST_WAITING
from middleground.texts.sameness import dedup_hash
from support.cast import carry, make_dialogue, make_participant, make_statement
from texts.written import SENTENCES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/d/harbour/write/"


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


def kept_text(response: HttpResponse) -> str:
    """The content of the page's text field."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page_of(response), re.DOTALL)
    assert found
    return html.unescape(found[1])


def warned_of(response: HttpResponse) -> list[str]:
    """The parts marked as personal data, then the addresses of similar statements."""
    page = page_of(response)
    return re.findall(r"<mark>(.*?)</mark>", page) + re.findall(r'href="(/d/harbour/s/\d+/)"', page)


def test_the_form_shows_the_hosts_limit(client: Client) -> None:
    make_dialogue(statement_limit=300)
    page = page_of(client.get(PAGE))
    assert "140 characters are best, 300 at most." in page
    assert 'data-advised="140" data-limit="300"' in page


def test_a_short_limit_is_also_the_advice(client: Client) -> None:
    make_dialogue(statement_limit=60)
    assert "60 characters are best, 60 at most." in page_of(client.get(PAGE))


def test_a_new_statement_is_stored_and_sets_the_cookie(client: Client) -> None:
    dialogue = make_dialogue()
    response = client.post(PAGE, {"text": "A park, please"})
    assert (response.status_code, response.headers["Location"]) == (
        302, "/d/harbour/mine/?sent=4#written",
    )  # fmt: skip
    token = read_token(response.cookies[COOKIE].value)
    assert token is not None
    statement = Statement.objects.get(number=4)
    assert (statement.text, statement.author_id) == (
        "A park, please",
        pseudonym(dialogue.pk, token),
    )


def test_a_known_participant_keeps_the_cookie(client: Client) -> None:
    token, me = make_participant(make_dialogue())
    carry(client, token)
    response = client.post(PAGE, {"text": "A park"})
    assert response.cookies[COOKIE].value == write_token(token)
    assert Statement.objects.get(number=4).author == me


def test_similar_statements_are_shown_first(client: Client) -> None:
    dialogue = make_dialogue(statements=0)
    make_statement(dialogue, 1, "The harbour needs a park for children.")
    make_statement(dialogue, 2, "Fishers should pay less.")
    make_statement(dialogue, 3, "The harbour needs a park for kids", status="pending")
    text = "The harbour should have a park for children"
    response = client.post(PAGE, {"text": text})
    assert response.status_code == 200
    assert warned_of(response) == ["/d/harbour/s/1/"]  # no waiting statement
    assert kept_text(response) == text
    assert read_token(response.cookies[COOKIE].value) is not None  # needed to vote there at once
    assert Statement.objects.count() == 3


def test_a_checked_text_can_be_sent_unchanged(client: Client) -> None:
    dialogue = make_dialogue(statements=0)
    make_statement(dialogue, 1, "The harbour needs a park for children.")
    text = "The harbour should have a park for children"
    checked = re.search(r'name="checked" value="(\w+)"', page_of(client.post(PAGE, {"text": text})))
    assert checked
    assert client.post(PAGE, {"text": text, "checked": checked[1]}).status_code == 302
    assert Statement.objects.get(number=2).text == text


@pytest.mark.parametrize(
    ("stands", "text"),
    [
        ("Cut the tax by 5 percent.", "Cut the tax by -5 percent."),
        ("The pier must be 102 metres.", "The pier must be 10² metres."),
        ("Open it from 5.8 on.", "Open it from 5/8 on."),
        ("Less ice on the quay.", "Less ICE on the quay."),
    ],
)
def test_what_differs_in_signs_is_pointed_out_and_can_be_sent(
    client: Client, stands: str, text: str
) -> None:
    dialogue = make_dialogue(statements=0)
    make_statement(dialogue, 1, stands)
    response = client.post(PAGE, {"text": text})
    assert (response.status_code, warned_of(response)) == (200, ["/d/harbour/s/1/"])
    page = page_of(response)
    assert "Only punctuation, capitals or spaces differ." in page
    assert "Send mine all the same" in page
    assert kept_text(response) == text
    checked = re.search(r'name="checked" value="(\w+)"', page)
    assert checked
    assert client.post(PAGE, {"text": text, "checked": checked[1]}).status_code == 302
    assert Statement.objects.get(number=2).text == text


def test_a_sign_that_is_changed_after_the_advice_is_looked_at_again(client: Client) -> None:
    dialogue = make_dialogue(statements=0)
    make_statement(dialogue, 1, "Cut the tax by 5 percent.")
    checked = dedup_hash("Cut the tax by -5 percent")
    response = client.post(PAGE, {"text": "Cut the tax by .5 percent", "checked": checked})
    assert (response.status_code, warned_of(response)) == (200, ["/d/harbour/s/1/"])


def test_what_nobody_can_see_is_named_and_the_text_given_back_without(client: Client) -> None:
    make_dialogue(statements=0)
    response = client.post(PAGE, {"text": "A \u202epark\u2069,\r\nplease"})
    assert response.status_code == 422
    assert "U+202E, U+2069" in page_of(response)
    assert "We took them out below" in page_of(response)
    assert kept_text(response).replace("\r", "") == "A park,\nplease"
    assert Statement.objects.count() == 0


@pytest.mark.parametrize("name", SENTENCES)
def test_real_sentences_are_stored_as_typed(client: Client, name: str) -> None:
    make_dialogue(statements=0)
    assert client.post(PAGE, {"text": SENTENCES[name]}).status_code == 302
    assert Statement.objects.get().text.encode() == SENTENCES[name].encode()


def test_a_changed_text_is_checked_again(client: Client) -> None:
    make_dialogue(statements=0)
    first, second = "Ask jo@example.org", "Ask al@example.org"
    response = client.post(PAGE, {"text": second, "checked": dedup_hash(first)})
    assert (response.status_code, warned_of(response)) == (200, ["al@example.org"])
    assert Statement.objects.count() == 0


def test_likely_personal_data_is_marked(client: Client) -> None:
    make_dialogue(statements=0)
    response = client.post(PAGE, {"text": "Ask <b>jo@example.org</b> or call 213-555-0147"})
    assert warned_of(response) == ["jo@example.org", "213-555-0147"]
    assert "an e-mail address, a phone number" in page_of(response)
    assert "&lt;b&gt;" in page_of(response)


@pytest.mark.parametrize("text", ["", "   ", "\u202e\u200b", "\x00", "?!"])
def test_a_text_without_words_is_refused(client: Client, text: str) -> None:
    make_dialogue(statements=0)
    response = client.post(PAGE, {"text": text})
    assert response.status_code == 422
    assert "You have not written anything yet." in page_of(response)
    assert Statement.objects.count() == 0


def test_a_missing_field_is_refused(client: Client) -> None:
    make_dialogue()
    assert client.post(PAGE, {"other": "x"}).status_code == 422


def test_too_long_a_text_is_refused_and_kept(client: Client) -> None:
    make_dialogue(statements=0, statement_limit=40)
    text = "word " * 9
    response = client.post(PAGE, {"text": text})
    assert response.status_code == 422
    assert "Its length is 44. The limit is 40. Please cut 4 characters." in page_of(response)
    assert kept_text(response) == text


def test_a_megabyte_is_refused_and_kept(client: Client) -> None:
    make_dialogue(statements=0)
    text = "a" * 1_000_000
    response = client.post(PAGE, {"text": text})
    assert response.status_code == 422
    assert kept_text(response) == text


def test_ten_megabytes_are_refused_unread(client: Client) -> None:
    make_dialogue(statements=0)
    body = b"text=" + b"a" * 10_000_000
    response = client.post(PAGE, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "This page cannot give it back." in page_of(response)
    assert Statement.objects.count() == 0


def test_the_same_words_link_to_the_existing_statement(client: Client) -> None:
    make_dialogue(statements=1)
    response = client.post(PAGE, {"text": "statement number 1"})
    assert response.status_code == 422
    assert "Somebody already said this. You can vote on it." in page_of(response)
    assert warned_of(response) == ["/d/harbour/s/1/"]
    assert kept_text(response) == "statement number 1"


def test_the_same_words_of_a_waiting_statement_are_not_shown(client: Client) -> None:
    dialogue = make_dialogue(statements=0)
    make_statement(dialogue, 1, "A park, PLEASE!", status="pending")
    response = client.post(PAGE, {"text": "a park, PLEASE"})
    assert response.status_code == 422
    assert "are already waiting for a moderator" in page_of(response)
    assert "PLEASE!" not in page_of(response)
    assert warned_of(response) == []


def test_a_full_queue_refuses_and_keeps_the_text(client: Client) -> None:
    dialogue = make_dialogue(statements=0)
    token, me = make_participant(dialogue)
    for number in range(1, MOST_WAITING + 1):
        make_statement(dialogue, number, f"{number * 7919}", status="pending", author=me)
    carry(client, token)
    response = client.post(PAGE, {"text": "A park"})
    assert response.status_code == 422
    assert "Many of your statements are still waiting for a moderator." in page_of(response)
    assert kept_text(response) == "A park"


def test_a_closed_dialogue_refuses_and_keeps_the_text(client: Client) -> None:
    make_dialogue(state="closed")
    response = client.post(PAGE, {"text": "A <park>"})
    assert response.status_code == 409
    assert "This dialogue is closed" in page_of(response)
    assert kept_text(response) == "A <park>"
    assert Participant.objects.count() == 0


def test_a_close_during_the_check_keeps_the_text(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_dialogue()

    def close(*_: object) -> list[object]:
        Dialogue.objects.update(state="closed")
        return []

    monkeypatch.setattr("middleground.dialogues.pages.participate.write.find_similar", close)
    response = client.post(PAGE, {"text": "A park"})
    assert (response.status_code, kept_text(response)) == (409, "A park")
    assert "This dialogue is closed" in page_of(response)


@pytest.mark.sqlite
def test_a_full_disk_keeps_the_text(client: Client) -> None:
    make_dialogue(statements=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")  # every write fails, as on a full disk
        try:
            response = client.post(PAGE, {"text": "A park"})
        finally:
            cursor.execute("PRAGMA query_only = OFF")
    assert (response.status_code, kept_text(response)) == (503, "A park")
    assert "It could not be saved just now." in page_of(response)
    assert client.post(PAGE, {"text": "A park"}).status_code == 302


def test_a_scheduled_dialogue_shows_no_form(client: Client) -> None:
    make_dialogue(opens_at=timezone.now() + timedelta(days=1))
    response = client.get(PAGE)
    assert response.status_code == 200
    assert "This dialogue is not open yet" in page_of(response)
    assert "<textarea" not in page_of(response)


def test_a_draft_takes_no_statement(client: Client) -> None:
    make_dialogue(state="draft", statements=0)
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"text": "A park"}).status_code == 404
    assert Statement.objects.count() == 0


def test_another_site_cannot_send_and_the_text_is_kept() -> None:
    make_dialogue(statements=0)
    client = Client(enforce_csrf_checks=True)
    carry(client, new_token())
    response = client.post(PAGE, {"text": "A park"})
    assert response.status_code == 403
    assert kept_text(response) == "A park"
    assert "Copy what you wrote from below" in page_of(response)
    empty = page_of(client.post("/you/forget/"))  # without a text the page must not refer to one
    assert ("Open the page again" in empty, "below" in empty) == (True, False)
    assert Statement.objects.count() == 0


def test_a_damaged_cookie_is_replaced(client: Client) -> None:
    make_dialogue()
    client.cookies[COOKIE] = "not a token"
    response = client.post(PAGE, {"text": "A park"})
    assert response.status_code == 302
    assert read_token(response.cookies[COOKIE].value) is not None


@pytest.mark.parametrize("number", [1, 3])
def test_a_check_takes_four_queries(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    """The last asks whether the host promises answers, so that the form offers a mark."""
    make_dialogue(statements=number)
    with django_assert_num_queries(4):
        response = client.post(PAGE, {"text": "Statement number 9999"})
    assert len(warned_of(response)) == number


def test_the_page_is_not_cached(client: Client) -> None:
    make_dialogue()
    kept = "max-age=0, no-cache, no-store, must-revalidate, private"
    assert client.get(PAGE).headers["Cache-Control"] == kept


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=120))
def test_any_text_is_stored_or_refused_without_error(client: Client, text: str) -> None:
    dialogue, _ = Dialogue.objects.get_or_create(
        slug="harbour", defaults={"state": "open", "votes_before_writing": 0}
    )
    Statement.objects.filter(dialogue=dialogue).delete()
    response = client.post(PAGE, {"text": text.encode("utf-8", "replace").decode()})
    assert response.status_code in {200, 302, 422}
    assert Statement.objects.count() == (1 if response.status_code == 302 else 0)
