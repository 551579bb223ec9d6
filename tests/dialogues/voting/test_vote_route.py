"""The vote route as a browser uses it: what is stored, and how it answers."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from middleground.core.page.middleware import page_headers
from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.proofs import proof
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import write_token
from middleground.dialogues.models import DailyCount, Dialogue, Participant, Statement, Vote
from middleground.dialogues.voting.dealing import StatementPools
from middleground.dialogues.voting.store import Ballot, Refusal, StoredVote, store_votes
from support.cast import make_dialogue, make_statement
from support.serving.asgi_client import Voter, post, vote, voter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]


def stored() -> list[tuple[int, int, int, bool]]:
    """Participant, statement number, value, dealt."""
    rows = Vote.objects.order_by("participant_id", "statement_id")
    return list(rows.values_list("participant_id", "statement__number", "value", "dealt"))


def first(dialogue: Dialogue) -> Statement:
    return dialogue.statements.get(number=1)


class Forms(HTMLParser):
    """Collects the hidden fields of each form, and the texts of elements with an id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.texts: dict[str, str] = {}
        self._id: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self._id = named.get("id")
        if tag == "form":
            self.forms.append({})
        elif tag == "input":
            self.forms[-1][named["name"]] = named["value"]

    def handle_data(self, data: str) -> None:
        if self._id:
            self.texts.setdefault(self._id, data)


# Stored votes and answers


def test_htmx_gets_the_next_card_and_an_undo() -> None:
    dialogue, me = make_dialogue(statements=2), voter()
    one, two = dialogue.statements.all()
    answer = vote(me, one, "agree")
    assert answer.status == 200
    assert stored() == [(pseudonym(dialogue.pk, me.token), 1, 1, True)]
    found = Forms(answer.text)
    assert found.texts["card-text"] == two.text
    assert found.forms == [
        {"statement": "2", "proof": proof(dialogue.pk, me.token, two.pk, True), "from": "card"},
        {"statement": "1", "proof": proof(dialogue.pk, me.token, one.pk, True), "from": "card"},
    ]
    assert '<p class="vote-count">1 of 2</p>' in answer.text


@pytest.mark.parametrize(("word", "value"), [("agree", 1), ("disagree", -1), ("pass", 0)])
def test_each_answer_is_stored_as_its_value(word: str, value: int) -> None:
    dialogue, me = make_dialogue(statements=1), voter()
    assert vote(me, first(dialogue), word).status == 200
    assert stored() == [(pseudonym(dialogue.pk, me.token), 1, value, True)]


def test_after_the_last_statement_the_card_says_so() -> None:
    dialogue, me = make_dialogue(statements=1), voter()
    answer = vote(me, first(dialogue))
    assert Forms(answer.text).texts["card-text"] == "You have answered every statement"


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("agree", "Saved: you agree with the last one."),
        ("disagree", "Saved: you disagree with the last one."),
        ("pass", "Saved: you passed on the last one."),
    ],
)
def test_a_plain_form_redirects_to_a_page_with_the_stored_vote(word: str, told: str) -> None:
    dialogue, me = make_dialogue(statements=2), voter()
    answer = vote(me, first(dialogue), word, htmx=False)
    mark = proof(dialogue.pk, me.token, first(dialogue).pk, True)
    assert (answer.status, answer.text) == (303, "")
    assert answer.header("location") == f"/d/harbour/take-part/?after=1&proof={mark}"
    browser = Client()
    browser.cookies[COOKIE] = write_token(me.token)
    page = browser.get(answer.header("location"))
    assert page.status_code == 200
    html = page.content.decode()
    assert html.count("Saved: ") == 1
    assert told in html
    assert Forms(html).texts["card-text"] == "Statement number 2."


def test_the_page_after_a_vote_shows_the_stored_vote() -> None:
    dialogue, me = make_dialogue(statements=2), voter()
    page = Client().get("/d/harbour/take-part/?after=1&proof=x", headers={"cookie": ""})
    assert "Saved: " not in page.content.decode()
    vote(me, first(dialogue), "disagree")
    browser = Client()
    browser.cookies[COOKIE] = write_token(me.token)
    html = browser.get("/d/harbour/take-part/?after=1&proof=x").content.decode()
    assert "Saved: you disagree with the last one." in html


@pytest.mark.parametrize(
    ("source", "location"),
    [("mine", "/d/harbour/mine/?at=1#s1"), ("statement", "/d/harbour/s/1/")],
)
def test_a_plain_form_redirects_to_its_own_page(source: str, location: str) -> None:
    dialogue, me = make_dialogue(), voter()
    answer = vote(me, first(dialogue), dealt=False, htmx=False, **{"from": source})
    assert (answer.status, answer.header("location")) == (303, location)


def test_an_unknown_source_redirects_to_the_card() -> None:
    dialogue, me = make_dialogue(), voter()
    answer = vote(me, first(dialogue), htmx=False, **{"from": "//evil.example"})
    mark = proof(dialogue.pk, me.token, first(dialogue).pk, True)
    assert answer.header("location") == f"/d/harbour/take-part/?after=1&proof={mark}"


def test_a_vote_can_be_changed_and_counts_once() -> None:
    dialogue, me = make_dialogue(), voter()
    for word in ("agree", "disagree", "pass", "disagree"):
        assert vote(me, first(dialogue), word).status == 200
    assert stored() == [(pseudonym(dialogue.pk, me.token), 1, -1, True)]
    assert list(DailyCount.objects.values_list("participants", "votes")) == [(1, 1)]


def test_undo_withdraws_the_vote_and_asks_again() -> None:
    dialogue, me = make_dialogue(), voter()
    vote(me, first(dialogue))
    answer = vote(me, first(dialogue), "withdraw")
    assert answer.status == 200
    assert stored() == []
    found = Forms(answer.text)
    assert found.texts["card-text"] == "Statement number 1."
    assert [form["statement"] for form in found.forms] == ["1"]
    assert "Your vote is taken back." in answer.text
    assert "stored" not in answer.text.lower()


def test_undo_by_a_plain_form_asks_again() -> None:
    dialogue, me = make_dialogue(), voter()
    vote(me, first(dialogue))
    answer = vote(me, first(dialogue), "withdraw", htmx=False)
    mark = proof(dialogue.pk, me.token, first(dialogue).pk, True)
    assert answer.header("location") == f"/d/harbour/take-part/?again=1&proof={mark}"
    browser = Client()
    browser.cookies[COOKIE] = write_token(me.token)
    found = Forms(browser.get(answer.header("location")).content.decode())
    assert found.texts["card-text"] == "Statement number 1."
    assert found.forms == [{"statement": "1", "proof": mark, "from": "card"}]


def test_withdrawing_without_a_vote_stores_nothing() -> None:
    dialogue, me = make_dialogue(), voter()
    assert vote(me, first(dialogue), "withdraw").status == 200
    assert stored() == []
    assert not Participant.objects.exists()
    assert not DailyCount.objects.exists()


@pytest.mark.parametrize("dealt", [True, False])
def test_undo_and_vote_again_keeps_whether_it_was_dealt(dealt: bool) -> None:
    dialogue, me = make_dialogue(), voter()
    one = first(dialogue)
    vote(me, one, dealt=dealt)
    again = Forms(vote(me, one, "withdraw", dealt=dealt).text).forms[0]
    post("/d/harbour/vote", {**again, "vote": "disagree"}, me.headers())
    assert stored() == [(pseudonym(dialogue.pk, me.token), 1, -1, dealt)]


def test_whoever_votes_first_is_not_confirmed_yet() -> None:
    dialogue, me = make_dialogue(), voter()
    vote(me, first(dialogue))
    vote(me, dialogue.statements.get(number=2))
    found = list(Participant.objects.values_list("pk", "tier"))
    assert found == [(pseudonym(dialogue.pk, me.token), "unconfirmed")]


def test_changing_a_vote_keeps_whether_it_was_dealt() -> None:
    dialogue, me = make_dialogue(), voter()
    one, two, _ = dialogue.statements.all()
    vote(me, one, dealt=False)
    vote(me, one, "pass", dealt=True)
    vote(me, two, dealt=True)
    vote(me, two, "pass", dealt=False)
    number = pseudonym(dialogue.pk, me.token)
    assert stored() == [(number, 1, 0, False), (number, 2, 0, True)]


# Refusals


def refused(voter: Voter, asked: Statement, status: int, title: str, **fields: Any) -> None:
    """Send the vote with and without htmx; both are refused and neither stores anything."""
    before = stored()
    for htmx in (True, False):
        answer = vote(voter, asked, htmx=htmx, **fields)
        assert (answer.status, title in answer.text) == (status, True)
        assert ("<html" in answer.text) is not htmx
    assert stored() == before


def test_a_missing_or_damaged_cookie_is_explained() -> None:
    dialogue, me = make_dialogue(), voter()
    form = me.form(first(dialogue))
    good = write_token(me.token)
    cookies = [b"", b"a=b", COOKIE.encode(), f"{COOKIE}={good[:-1]}".encode()]
    cookies += [f"{COOKIE}={good}x".encode(), f"{COOKIE}=é".encode(), f"x{COOKIE}={good}".encode()]
    for cookie in cookies:
        answer = post("/d/harbour/vote", form, [(b"cookie", cookie), (b"hx-request", b"true")])
        assert answer.status == 403
        assert "Your browser did not keep our cookie" in answer.text
    assert post("/d/harbour/vote", form, []).status == 403
    assert not Vote.objects.exists()
    crowd = b"staff=1; " + me.cookie + b"; csrf=" + b"x" * 300
    assert post("/d/harbour/vote", form, [(b"cookie", crowd)]).status == 303


def test_the_proof_is_bound_to_participant_statement_and_dialogue() -> None:
    dialogue, other = make_dialogue(), make_dialogue("bridge")
    me, stranger = voter(), voter()
    one, two, _ = dialogue.statements.all()
    title = "This vote did not come from our page"
    proofs = [
        stranger.form(one)["proof"], me.form(two)["proof"], me.form(first(other))["proof"],
        "", "x", "\0", "é" * 16, me.form(one)["proof"][:-1], me.form(one)["proof"] + "A",
    ]  # fmt: skip
    for forged in proofs:
        refused(me, one, 403, title, proof=forged)
    assert vote(me, one).status == 200  # the control: its own proof is accepted


def test_a_draft_answers_like_an_unknown_dialogue() -> None:
    me = voter()
    draft = make_dialogue("draft", state="draft")
    texts = []
    refused(me, first(draft), 404, "There is no such dialogue")
    for slug in ("draft", "none", "x" * 300):
        answer = post(f"/d/{slug}/vote", me.form(first(draft)), me.headers())
        assert answer.status == 404
        texts.append(answer.text)
    assert len(set(texts)) == 1
    assert 'href="/"' in texts[0]


def test_only_an_open_dialogue_takes_votes() -> None:
    me, now = voter(), timezone.now()
    hour = timedelta(hours=1)
    closed = make_dialogue("closed", state="closed")
    over = make_dialogue("over", opens_at=now - 2 * hour, closes_at=now - hour)
    to_come = make_dialogue("to-come", opens_at=now + hour)
    for dialogue in (closed, over, to_come):
        refused(me, first(dialogue), 409, "This dialogue is not open")
    running = make_dialogue("running", opens_at=now - hour, closes_at=now + hour)
    assert vote(me, first(running)).status == 200


def test_the_period_ends_exactly_to_the_microsecond() -> None:
    end = timezone.now().replace(microsecond=0)
    dialogue, me = make_dialogue(closes_at=end), voter()
    one = first(dialogue)
    ballot = Ballot("harbour", me.token, 1, 1, me.form(one)["proof"])
    late = store_votes([ballot], StatementPools(), end)
    assert late == [Refusal.NOT_OPEN]
    tick = timedelta(microseconds=1)
    (taken,) = store_votes([ballot], StatementPools(), end - tick)
    assert isinstance(taken, StoredVote)


def test_only_shown_statements_take_votes() -> None:
    dialogue, me = make_dialogue(statements=1), voter()
    one = first(dialogue)
    make_statement(dialogue, 2, status="rejected", reviewed=True, reason="spam")
    make_statement(dialogue, 3, status="merged", merged_into=one)
    make_statement(dialogue, 4, status="pending")
    gone = "This statement is no longer open to votes"
    for number in (2, 3, 4):
        refused(me, dialogue.statements.get(number=number), 409, gone)
    refused(me, one, 409, gone, statement=5)
    refused(me, one, 409, gone, statement=999_999_999)
    other = make_statement(make_dialogue("bridge", statements=0), 7)
    answer = post("/d/harbour/vote", me.form(other), me.headers())
    assert (answer.status, gone in answer.text) == (409, True)


def test_a_rejected_statement_takes_no_more_votes() -> None:
    dialogue, me = make_dialogue(), voter()
    one = first(dialogue)
    assert vote(voter(), one).status == 200  # now the pool is in memory
    Statement.objects.filter(pk=one.pk).update(status="rejected", reviewed=True, reason="spam")
    Dialogue.objects.update(revision=1)
    refused(me, one, 409, "This statement is no longer open to votes")


# Headers


def test_the_headers_are_exactly_those_of_pages() -> None:
    dialogue, me = make_dialogue(), voter()
    one = first(dialogue)
    page = dict(Client().get("/d/harbour/take-part/").headers)
    security = {name.lower(): value for name, value in page_headers().items()}
    assert security == {name.lower(): page[name] for name in page_headers()}
    answers = [vote(me, one), vote(me, one, htmx=False), vote(me, one, proof="x")]
    answers.append(vote(voter(), one, proof="x", htmx=False))
    for answer in answers:
        expected = {
            **security,
            "content-type": "text/html; charset=utf-8",
            "cache-control": "no-store",
            "content-length": str(len(answer.text.encode())),
        }
        if answer.status == 303:
            expected["location"] = answer.header("location") or ""
        assert sorted(answer.headers) == sorted(expected.items())


def test_a_refusal_names_the_host(settings: Any) -> None:
    settings.HOST_NAME, settings.CONTACT = "Port City", "hello@example.org"
    answer = vote(voter(), first(make_dialogue()), proof="x", htmx=False)
    assert "Hosted by <bdi>Port City</bdi>." in answer.text
    assert "hello@example.org" in answer.text
