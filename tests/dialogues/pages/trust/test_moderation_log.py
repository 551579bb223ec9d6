"""The public moderation log as a table, and what it says of what is not decided."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client

from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.texts.decisions import reject, take_back
from support.cast import (
    carry,
    make_comment,
    make_dialogue,
    make_participant,
    make_staff,
    make_statement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/d/harbour/moderation/"


@pytest.fixture
def dialogue() -> Dialogue:
    """Seven statements wait, six are not shown for one reason, and one for another."""
    dialogue = make_dialogue()
    hidden = {"status": "rejected", "origin": "participant"}
    for number in range(10, 17):
        make_statement(dialogue, number, status="pending", origin="participant")
    for number in range(20, 26):
        make_statement(dialogue, number, reason="spam", **hidden)
    make_statement(dialogue, 30, reason="unclear", **hidden)
    make_comment(Statement.objects.get(number=1), "Why?", status="pending", reviewed=False)
    return dialogue


def table(client: Client) -> dict[tuple[str, str], tuple[str, str]]:
    answer = client.get(f"{PAGE}moderation.csv")
    assert answer["Content-Type"] == "text/csv"
    assert answer["Content-Disposition"] == 'attachment; filename="harbour-moderation.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head == ["of", "what", "at_least", "fewer_than"]
    return {(of, what): (least, below) for of, what, least, below in rows}


def test_the_table_says_what_the_page_says(client: Client, dialogue: Dialogue) -> None:
    found = table(client)
    mine = "Statements of participants"
    assert found[mine, "waiting for a moderator"] == ("5", "")
    assert found[mine, "shown"] == ("0", "5")
    assert found[mine, "Not shown: is advertising or spam"] == ("5", "")
    assert found[mine, "Not shown: cannot be understood"] == ("0", "5")
    assert found["Comments", "waiting for a moderator"] == ("0", "5")
    assert found["All texts", "Decisions taken back"] == ("0", "5")
    page = client.get(PAGE).content.decode()
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(.*?)</td>', page, re.DOTALL)
    told = [
        f"at least {least}" if below == "" else f"fewer than {below}"
        for least, below in found.values()
    ]
    shown = [count.strip().replace("\xa0", " ") for _, count in rows]
    assert sorted(shown) == sorted(told[:-1])  # the last is no row of a table


def test_reasons_that_few_had_are_folded(client: Client, dialogue: Dialogue) -> None:
    page = client.get(PAGE).content.decode()
    parts = {
        re.sub(r"\s+", " ", summary): re.findall(r'<th scope="row">(.*?)</th>', rest)
        for summary, rest in re.findall(
            r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", page, re.DOTALL
        )
    }
    own, other = "Other reasons: fewer than 5 each", "Not shown: fewer than 5 for each reason"
    assert set(parts) == {own, other}  # of statements, and of comments
    assert "cannot be understood" in parts[own]
    assert {"is advertising or spam"} == set(parts[other]) - set(parts[own])


def test_no_count_is_finer_than_the_step(client: Client, dialogue: Dialogue) -> None:
    before = table(client)
    make_statement(dialogue, 17, status="pending", origin="participant")
    make_statement(dialogue, 31, status="rejected", origin="participant", reason="unclear")
    assert table(client) == before
    make_statement(dialogue, 18, status="pending", origin="participant")
    make_statement(dialogue, 19, status="pending", origin="participant")
    assert table(client) != before  # the control


def test_there_is_none_of_a_draft(client: Client, dialogue: Dialogue) -> None:
    Dialogue.objects.update(state="draft")
    assert client.get(f"{PAGE}moderation.csv").status_code == 404


def test_in_a_closed_dialogue_nothing_is_said_to_wait(client: Client, dialogue: Dialogue) -> None:
    token, author = make_participant(dialogue)
    Statement.objects.filter(number=10).update(author=author)
    carry(client, token)
    waits, closed = (
        "waiting for a moderator",
        "The dialogue is closed. Nothing is decided about it.",
    )
    for address in (PAGE, f"{PAGE}moderation.csv", "/d/harbour/mine/"):
        assert waits in client.get(address).content.decode()
    Dialogue.objects.update(state="closed")
    assert closed in client.get("/d/harbour/mine/").content.decode()
    found = table(client)
    assert found["Statements of participants", "not decided, and the dialogue is closed"][0] == "5"
    for address in (PAGE, f"{PAGE}moderation.csv", "/d/harbour/mine/"):
        assert waits not in client.get(address).content.decode()


def test_what_was_decided_and_taken_back_is_not_called_unseen(
    client: Client, dialogue: Dialogue
) -> None:
    """The log has the decision and that it was taken back, so nobody may be told otherwise."""
    token, author = make_participant(dialogue)
    statement = Statement.objects.get(number=10)
    Statement.objects.filter(pk=statement.pk).update(author=author)
    carry(client, token)
    moderator = make_staff("moderator", "mo@example.org")
    statement = reject(moderator, statement, "waiting", "spam")
    assert "A moderator decided this: " in client.get("/d/harbour/mine/").content.decode()
    take_back(moderator, statement, "rejected")
    Dialogue.objects.update(state="closed")
    for address in (PAGE, f"{PAGE}moderation.csv", "/d/harbour/mine/"):
        page = client.get(address).content.decode()
        assert "looked at" not in page
        assert "decided" in page


def test_the_closing_panel_says_how_many_wait(client: Client, dialogue: Dialogue) -> None:

    client.force_login(make_staff())
    page = " ".join(client.get("/desk/harbour/").content.decode().split())
    assert "7 statements still wait for a moderator." in page
    assert "Comments: 1 waits." in page
    Statement.objects.filter(status="pending").delete()
    page = client.get("/desk/harbour/").content.decode()
    assert "still wait" not in page


def test_the_hosts_own_reasons_are_named_and_counted_in_the_same_steps(
    client: Client, dialogue: Dialogue
) -> None:
    dialogue.own_reasons = [
        {
            "code": "own-1",
            "label": "names a shop",
            "explanation": "Leave it out.",
            "retired": False,
        },
        {"code": "own-2", "label": "is in verse", "explanation": "Write prose.", "retired": True},
    ]
    dialogue.save()
    hidden = {"status": "rejected", "origin": "participant"}
    for number in range(40, 46):
        make_statement(dialogue, number, reason="own-1", **hidden)
    for number in range(50, 54):
        make_statement(dialogue, number, reason="own-2", **hidden)
    found = table(client)
    mine = "Statements of participants"
    assert found[mine, "Not shown: names a shop"] == ("5", "")
    assert found[mine, "Not shown: is in verse (no longer used)"] == ("0", "5")
    assert found["Comments", "Not shown: names a shop"] == ("0", "5")
    page = client.get(PAGE).content.decode()
    assert "is in verse (no longer used)" in page
    assert "Leave it out." in page
    assert "Write prose." not in page  # who was given it reads it on their own page


def test_no_words_of_the_host_become_a_formula(client: Client, dialogue: Dialogue) -> None:
    words = '; =HYPERLINK("https://example.org","x")'
    dialogue.own_reasons = [
        {"code": "own-1", "label": words, "explanation": "E.", "retired": False}
    ]
    dialogue.save()
    text = client.get(f"{PAGE}moderation.csv").content.decode("utf-8-sig")
    assert "; =HYPERLINK" not in text
    assert text.count("; '=HYPERLINK") == 2  # of statements and of comments
