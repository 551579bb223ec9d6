"""What posts say in threads, on pages: in whose name, at which place, and what staff do."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from middleground.core import rate_limits
from middleground.core.dates import day
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.texts.decisions import reject
from middleground.people.models import Appointment, User
from middleground.threads.models import Comment
from middleground.threads.posts.speak import answer_for_post, say_for_post
from middleground.threads.posts.taking_part import admit_body
from support.cast import (
    carry,
    make_comment,
    make_dialogue,
    make_official,
    make_participant,
    make_staff,
)
from support.reading import links, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE, AS_PARTICIPANT = "/d/harbour/s/1/", "/d/harbour/s/1/comment/"
FOR_POST = "/desk/inbox/threads/harbour/statements/1/"
MINE = "/desk/inbox/threads/"


@pytest.fixture(autouse=True)
def _as_if_nobody_wrote() -> Iterator[None]:
    """Accounts of different tests have the same key."""
    rate_limits.reset()
    yield
    rate_limits.reset()


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue(takes_comments=True, votes_before_commenting=0, moderation="after")


@pytest.fixture
def statement(dialogue: Dialogue) -> Statement:
    return dialogue.statements.get(number=1)


@pytest.fixture
def staff() -> User:
    return make_staff(email="fay@example.org")


@pytest.fixture
def chief(staff: User, dialogue: Dialogue) -> Appointment:
    term = make_official(staff, "Police", "Chief", name="A. Example")
    admit_body(staff, dialogue, term.post.body)
    return term


@pytest.fixture
def line(staff: User, dialogue: Dialogue) -> Appointment:
    term = make_official(staff, "Help Line", "Speaker", "community")
    admit_body(staff, dialogue, term.post.body)
    return term


def signed_in(term: Appointment) -> Client:
    assert term.user
    client = Client()
    client.force_login(term.user)
    return client


def say(term: Appointment, statement: Statement, text: str, stance: str = "for") -> Comment:
    assert term.user
    return say_for_post(term.user, term.post, statement, text, stance)


# In whose name


def test_an_official_never_writes_without_a_name_by_mistake(
    dialogue: Dialogue, statement: Statement, chief: Appointment
) -> None:
    client = signed_in(chief)
    carry(client, make_participant(dialogue)[0])
    comment = make_comment(statement, "Who patrols?")
    for address, goal in (
        (AS_PARTICIPANT, FOR_POST),
        (f"/d/harbour/c/{comment.number}/reply/", f"{MINE}harbour/comments/{comment.number}/"),
    ):
        page = words(client, address)
        assert ("In whose name?" in page, "Chief, Police" in page) == (True, True)
        assert goal in links(client, address)
        answer = client.post(address, {"text": "Typed with care.", "stance": "for"})
        assert answer.status_code == 409
        assert "Typed with care." in answer.content.decode()
    assert Comment.objects.count() == 1
    # The control: the same browser, signed out, sends it as a participant.
    client.logout()
    carry(client, make_participant(dialogue)[0])
    assert (
        client.post(AS_PARTICIPANT, {"text": "Typed with care.", "stance": "for"}).status_code
        == 302
    )
    assert Comment.objects.get(text="Typed with care.").tier == "open"


def test_the_form_says_in_whose_name_and_takes_it(dialogue: Dialogue, chief: Appointment) -> None:
    client = signed_in(chief)
    page = words(client, FOR_POST)
    assert "Everybody sees: said by Chief, Police" in page
    assert "people who do not dare" not in page  # only a community organization says that
    sent = {"post": chief.post_id, "stance": "for", "text": "We patrol the quay."}
    assert client.post(FOR_POST, sent)["Location"] == MINE
    assert "We patrol the quay. Chief, Police, for it: Statement number 1." in words(client, MINE)
    comment = Comment.objects.get()
    assert (comment.signature.post, comment.author, comment.tier) == (chief.post, None, "")
    assert dialogue.participants.count() == 0


def test_what_is_wrong_is_said_and_the_text_stays(chief: Appointment, statement: Statement) -> None:
    client = signed_in(chief)
    make_comment(statement, "The harbour smells of fish in summer.")
    for text, fields, told in (
        ("No post.", {"stance": "for"}, "This field is required."),
        ("No stance.", {"post": chief.post_id}, "This field is required."),
        ("x" * 1001, {"post": chief.post_id, "stance": "for"}, "Please cut 1 character."),
        ("Call 213-555-0134.", {"post": chief.post_id, "stance": "for"}, "Could this tell who"),
        (
            "The harbour smells of fish in the summer.",
            {"post": chief.post_id, "stance": "against"},
            "Has this been said already?",
        ),
    ):
        answer = client.post(FOR_POST, {"text": text, **fields})
        page = answer.content.decode()
        assert (answer.status_code, told in page, text in page) == (200, True, True)
    assert Comment.objects.count() == 1
    checked = page.split('name="checked" value="')[1].split('"')[0]
    sent = {"text": text, "post": chief.post_id, "stance": "against", "checked": checked}
    assert client.post(FOR_POST, sent).status_code == 302
    Dialogue.objects.update(state="closed")
    answer = client.post(FOR_POST, {**sent, "text": "Too late."})
    assert ("Too late." in answer.content.decode(), Comment.objects.count()) == (True, 2)


def test_an_account_that_sends_too_often_waits_and_keeps_its_text(
    chief: Appointment, line: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = rate_limits.RateLimit(rate_limits.Limit(2, 3600), rate_limits.Limit(1000, 3600))
    monkeypatch.setattr(rate_limits, "RATES", {"write": limit})
    client, sent = signed_in(chief), {"post": chief.post_id, "stance": "for"}
    texts = ("We patrol the quay.", "Two officers are there.", "Call us at night.")
    answers = [client.post(FOR_POST, {**sent, "text": text}) for text in texts]
    assert [each.status_code for each in answers] == [302, 302, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 3600
    assert texts[2] in answers[2].content.decode()
    assert client.get(FOR_POST).status_code == 200
    other = {"post": line.post_id, "stance": "for", "text": "We walk with you."}
    assert signed_in(line).post(FOR_POST, other).status_code == 302
    assert Comment.objects.count() == 3


def test_who_may_not_open_or_send_the_form(
    dialogue: Dialogue, statement: Statement, staff: User, chief: Appointment
) -> None:
    comment = make_comment(statement, "Is it calm at night?")
    agent = make_official(staff, "Agency", "Field director", "federal")  # takes no part
    member = Client()
    member.force_login(staff)
    sent = {"post": chief.post_id, "stance": "for", "text": "We patrol."}
    addresses = (FOR_POST, f"{MINE}harbour/comments/{comment.number}/")
    for client, status in ((signed_in(agent), 403), (member, 403), (Client(), 302)):
        for address in addresses:
            assert client.get(address).status_code == status
            assert client.post(address, sent).status_code == 403  # without a session, with the text
    admit_body(staff, dialogue, agent.post.body)
    answer = signed_in(agent).post(FOR_POST, sent)  # a forged post
    assert "Select a valid choice." in answer.content.decode()
    Appointment.objects.filter(pk=chief.pk).update(role="drafts")
    assert signed_in(chief).post(FOR_POST, sent).status_code == 403
    assert "You do not act for a post that may speak here." in words(
        signed_in(chief), AS_PARTICIPANT
    )
    assert Comment.objects.count() == 1
    Appointment.objects.filter(pk=chief.pk).update(role="speaks")  # the control
    for address, text in zip(addresses, ("We patrol.", "Two officers do."), strict=True):
        assert signed_in(chief).post(address, {**sent, "text": text}).status_code == 302
    for wrong in ("statements/9/", "ships/1/", "comments/10000099/", "comments/5/"):
        assert signed_in(chief).get(f"{MINE}harbour/{wrong}").status_code == 404


# Where it stands


def test_posts_stand_below_participants_signed_and_by_day(
    client: Client, dialogue: Dialogue, statement: Statement, chief: Appointment, line: Appointment
) -> None:
    assert line.user
    ours = make_comment(statement, "I walk there.", 10_000_001, stance="for")
    say(chief, statement, "We patrol.")
    say_for_post(line.user, line.post, statement, "Some do not dare.", "against", for_others=True)
    answer_for_post(line.user, line.post, ours, "So do many.")
    make_comment(statement, "Me too.", 10_000_009, parent=ours)
    earlier = say(chief, statement, "We always did.")
    Comment.objects.filter(pk=earlier.pk).update(received_on="2026-01-01")
    page, today = words(client, PAGE), day(timezone.localdate())
    order = [
        "I walk there.", "Me too.", "So do many.", "What bodies say about it",
        "We always did.", "We patrol.", "Some do not dare.",
    ]  # fmt: skip
    assert [text for _at, text in sorted((page.index(each), each) for each in order)] == order
    assert (
        f"Chief , Police · A. Example · city · verified by the host, by letter · {today} We patrol."
        in page
    )
    assert (
        f"Speaker , Help Line · community organization, no authority · verified by the host, by"
        f" letter · {today} It says this for people who do not dare to say it themselves."
        " Some do not dare."
    ) in page
    carry(client, make_participant(dialogue)[0])
    html = client.get(PAGE).content.decode()
    assert re.findall(r'id="reaction-(\d+)"', html) == ["10000001", "10000009"]


def test_staff_hide_words_for_a_public_reason_and_the_signature_stays(
    client: Client, dialogue: Dialogue, statement: Statement, staff: User, chief: Appointment
) -> None:
    comment = say(chief, statement, "They are all thieves.")
    asked = make_comment(statement, "Who patrols?")
    assert chief.user
    reply = answer_for_post(chief.user, chief.post, asked, "Thieves, too.")
    for each in (comment, reply):
        reject(staff, each, each.state.value, "attack")
    hidden = "A moderator does not show it: attacks or threatens people."
    for address in (PAGE, comment.get_absolute_url(), reply.get_absolute_url()):
        page = words(client, address)
        assert ("hieves" in page, hidden in page, "Chief , Police" in page) == (False, True, True)
    own = words(signed_in(chief), MINE)
    assert own.count("Not shown: attacks or threatens people.") == 2
    desk = Client()
    desk.force_login(staff)
    queue = words(desk, "/desk/harbour/moderation/comments/?tab=rejected")
    assert "Chief, Police, for it: Statement number 1." in queue
    assert "They are all thieves." not in words(client, "/bodies/police/")


def test_a_participant_answers_a_post(
    client: Client, dialogue: Dialogue, statement: Statement, chief: Appointment
) -> None:
    comment = say(chief, statement, "We patrol.")
    carry(client, make_participant(dialogue)[0])
    address = f"{comment.get_absolute_url()}reply/"
    assert client.post(address, {"text": "When?"}).status_code == 302
    page = words(client, PAGE)
    assert page.index("We patrol.") < page.index("When?")
    assert "A participant" in page


def test_a_thread_costs_the_same_for_one_post_and_for_several(
    client: Client, statement: Statement, chief: Appointment, line: Appointment
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        return len(captured)

    ours = make_comment(statement, "I walk there.", 10_000_001, stance="for")
    say(chief, statement, "We patrol.")
    one = queries()
    assert line.user
    for number in range(3):
        say(line, statement, f"Number {number}.", "against")
        answer_for_post(line.user, line.post, ours, f"Answer {number}.")
    assert queries() == one


# The pages of a body, of officials and of staff


def test_a_bodys_page_lists_what_it_said(
    client: Client, dialogue: Dialogue, statement: Statement, staff: User, chief: Appointment
) -> None:
    assert "What it said in threads" not in words(client, "/bodies/police/")
    comment = say(chief, statement, "We patrol.")
    assert "What it said in threads 1 We patrol. Chief" in words(client, "/bodies/police/")
    assert comment.get_absolute_url() in links(client, "/bodies/police/")
    statement.move_to(statement.state.REJECTED, "spam")
    assert comment.get_absolute_url() not in links(client, "/bodies/police/")
    assert "We patrol." in words(client, "/bodies/police/")


def test_staff_choose_which_bodies_speak(
    dialogue: Dialogue, staff: User, chief: Appointment
) -> None:
    address, desk = "/desk/harbour/bodies/", Client()
    desk.force_login(staff)
    agency = make_official(staff, "Agency", "Field director", "federal").post.body
    assert desk.post(address, {"body": agency.pk}).status_code == 302
    page = words(desk, address)
    assert "Agency federal No longer · Agency Police city No longer · Police" in page
    assert desk.post(address, {"dismiss": agency.pk}).status_code == 302
    assert [each.body.name for each in dialogue.admitted_bodies.all()] == ["Police"]
    for wrong in ({"body": chief.post.body_id}, {"body": "x"}, {}):
        assert desk.post(address, wrong).status_code == 200
    assert desk.post(address, {"dismiss": 10**17}).status_code == 404
    assert "let Agency speak in threads" in words(desk, "/desk/harbour/")
    assert signed_in(chief).get(address).status_code == 403
    moderator = Client()
    moderator.force_login(make_staff("moderator", "mo@example.org"))
    assert moderator.post(address, {"dismiss": chief.post.body_id}).status_code == 403
    assert [each.body.name for each in dialogue.admitted_bodies.all()] == ["Police"]


def test_the_list_of_officials_is_of_their_posts_alone(
    dialogue: Dialogue, statement: Statement, chief: Appointment, line: Appointment, staff: User
) -> None:
    say(chief, statement, "We patrol.")
    assert "Your posts said nothing yet." in words(signed_in(line), MINE)
    assert "We patrol." in words(signed_in(chief), MINE)
    member = Client()
    member.force_login(staff)
    assert "You do not act for any post today" in words(member, MINE)
