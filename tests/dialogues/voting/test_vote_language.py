"""The card after a vote is in the reader's language, like the page before it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F
from django.utils.translation import trans_real

from middleground.dialogues.models import Dialogue, Statement, StatementTranslation
from middleground.dialogues.models.texts.translation import digest_of
from middleground.dialogues.voting import card
from support.cast import make_dialogue
from support.serving.asgi_client import Answer, Voter, post, voter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]
AGREE, ZUSTIMMEN = ">Agree<", ">Zustimmen<"


@pytest.fixture(autouse=True)
def _two_languages(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    (german, *_) = trans_real.translation("de")._catalog._catalogs
    monkeypatch.setitem(german, "Agree", "Zustimmen")
    card._part.cache_clear()
    monkeypatch.setitem(german, "We could not understand this vote", "Nicht verstanden")


def vote_of(me: Voter, *headers: tuple[bytes, bytes], cookies: bytes = b"") -> Answer:
    dialogue = make_dialogue(statements=2)
    form = me.form(dialogue.statements.get(number=1))
    mine = [(b"cookie", me.cookie + cookies), (b"hx-request", b"true"), *headers]
    return post(f"/d/{dialogue.slug}/vote", form, [(b"host", b"localhost"), *mine])


@pytest.mark.parametrize(
    ("accepted", "cookies", "german"),
    [
        (b"", b"", False),
        (b"de-AT,de;q=0.9,en;q=0.5", b"", True),
        (b"fr,en;q=0.9,de;q=0.8", b"", False),
        (b"en", b"; django_language=de", False),  # no cookie chooses
        (b"\xff\x00;q=1", b"", False),
    ],
)
def test_the_card_is_in_the_readers_language(accepted: bytes, cookies: bytes, german: bool) -> None:
    answer = vote_of(voter(), (b"accept-language", accepted), cookies=cookies)
    words = "".join(answer.text.split())
    assert (answer.status, ZUSTIMMEN in words, AGREE in words) == (200, german, not german)


@pytest.mark.parametrize(("address", "german"), [("/de", True), ("/en", False)])
def test_the_address_comes_before_the_browser(address: str, german: bool) -> None:
    make_dialogue(statements=2)
    me = voter()
    form = me.form(Statement.objects.get(number=1))
    accepted = b"en" if german else b"de"
    headers = [(b"host", b"localhost"), (b"cookie", me.cookie), (b"accept-language", accepted)]
    answer = post(f"{address}/d/harbour/vote", form, [*headers, (b"hx-request", b"true")])
    words = "".join(answer.text.split())
    assert (answer.status, ZUSTIMMEN in words) == (200, german)
    assert f'action="{address}/d/harbour/vote"' in answer.text
    assert 'action="/d/harbour/vote"' not in answer.text


def test_a_plain_form_leads_on_in_the_language_of_its_address() -> None:
    make_dialogue(statements=2)
    me = voter()
    headers = [(b"host", b"localhost"), (b"cookie", me.cookie), (b"accept-language", b"en")]
    form = me.form(Statement.objects.get(number=1))
    answer = post("/de/d/harbour/vote", form, headers)
    assert answer.status == 303
    assert dict(answer.headers)["location"].startswith("/de/d/harbour/take-part/")


def test_readers_of_two_languages_each_get_their_own_card() -> None:
    dialogue = make_dialogue(statements=2)
    for language in (b"de", b"en", b"de"):
        me = voter()
        headers = [(b"host", b"localhost"), (b"cookie", me.cookie), (b"hx-request", b"true")]
        form = me.form(dialogue.statements.get(number=1))
        answer = post(f"/d/{dialogue.slug}/vote", form, [*headers, (b"accept-language", language)])
        assert (ZUSTIMMEN in "".join(answer.text.split())) == (language == b"de")


def test_the_next_statement_is_in_the_readers_language_if_it_is_translated() -> None:
    dialogue = make_dialogue(statements=2, other_languages=["de"])
    second = dialogue.statements.get(number=2)
    translation = StatementTranslation.objects.create(
        statement=second,
        language="de",
        words="Mehr Busse in der Nacht.",
        of_digest=digest_of(second.text),
        state="proposed",
        source="staff",
    )

    def card(language: bytes) -> str:
        me = voter()
        headers = [(b"host", b"localhost"), (b"cookie", me.cookie), (b"hx-request", b"true")]
        form = me.form(dialogue.statements.get(number=1))
        answer = post("/d/harbour/vote", form, [*headers, (b"accept-language", language)])
        assert answer.status == 200
        return answer.text

    assert "Busse" not in card(b"de")
    translation.state = "shown"
    translation.save()
    Dialogue.objects.update(revision=F("revision") + 1)  # as every action at the desk does
    german = card(b"de")
    assert german.index(">Mehr Busse in der Nacht.</p>") < german.index(f">{second.text}</p>")
    assert f">{second.text}</p>" in card(b"en")


def test_a_refusal_is_in_the_readers_language() -> None:
    make_dialogue(statements=2)
    headers = [(b"host", b"localhost"), (b"cookie", voter().cookie), (b"accept-language", b"de")]
    answer = post("/d/harbour/vote", b"vote=nonsense", headers)
    assert (answer.status, "Nicht verstanden" in answer.text) == (400, True)


def test_with_a_single_language_the_headers_are_ignored(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English")]
    answer = vote_of(voter(), (b"accept-language", b"de"))
    assert AGREE in "".join(answer.text.split())
