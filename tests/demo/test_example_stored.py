"""The example has cases in every state, and its pages say so."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from middleground.answers.models import Case, CheckAnswer, Commitment, ResidentCheck
from middleground.cli.demo import OFFICIAL
from middleground.cli.example import store_what_became_of_it
from middleground.demo import LIBRARY, LOS_ANGELES
from middleground.dialogues.exchange.example import store_example
from middleground.dialogues.models import Topic
from middleground.people.models import Body, User
from middleground.threads.models import Comment
from support.cast import make_staff
from support.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
# The states hold on any day: here on Sundays with few holidays before them, and with many.
SUNDAYS = (date(2026, 11, 29), date(2027, 1, 31))


@pytest.mark.parametrize("today", SUNDAYS)
def test_cases_are_in_every_state(
    today: date, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: today)
    staff = make_staff()
    store_example(LIBRARY, today, closed=True)
    store_example(LOS_ANGELES, today)
    store_what_became_of_it(staff, today)
    cases = Case.objects.filter(dialogue__slug="los-angeles")
    assert Counter(cases.values_list("status", flat=True)) == {
        "answered": 7, "acknowledged": 4, "with the body": 3, "reopened": 2, "received": 1,
        "closed": 1,
    }  # fmt: skip
    overdue = cases.waiting().filter(due_on__lt=today)
    very = overdue.filter(very_overdue_on__lte=today)
    assert [case.title for case in very] == [
        "What city and federal work costs, and who pays (example)"
    ]
    assert [case.title for case in overdue.exclude(pk__in=very)] == [
        "Small businesses and their customers (example)"
    ]
    assert Counter(Commitment.objects.values_list("status", flat=True)) == {
        "open": 2, "kept": 2, "given up": 1,
    }  # fmt: skip
    signed_in_with = [user.email for user in User.objects.all() if user.has_usable_password()]
    assert signed_in_with == [staff.email]
    assert set(Body.objects.values_list("simulated", flat=True)) == {True}
    assert Comment.objects.count() == 21
    _look_at_pages(client)
    client.force_login(User.objects.get(email=OFFICIAL))
    assert "Warrants, and who is at the door (example)" in words(client, "/desk/inbox/")


def _look_at_pages(client: Client) -> None:
    answers = words(client, "/d/los-angeles/answers/")
    assert "37 concerns: 15 answered, 20 open, 4 of them overdue, 2 set aside" in answers
    assert "14 concerns: 14 answered, 0 open" in words(client, "/d/library/answers/")
    notice = "What bodies answer and promise is made up too"
    for rest in ("", "answers/", "answers/1/", "commitments/", "sources/", "claims/1/"):
        assert notice in client.get(f"/d/los-angeles/{rest}").content.decode()
    assert words(client, "/bodies/").count("Example, made up") == 10
    body = Body.objects.get(name__startswith="City Police").get_absolute_url()
    assert "This body is made up" in client.get(body).content.decode()
    refused = cases_page(client, "Warrants")
    assert "Federal Enforcement Field Office (example) did not take it" in refused
    assert "nobody" in cases_page(client, "Handing people").lower()
    complaints = cases_page(client, "Complaints")
    assert "Reopened" in complaints
    assert (
        ResidentCheck.objects.get(reopened=True).case.title == "Complaints about officers (example)"
    )
    assert not CheckAnswer.objects.exists()  # nothing is left of who answered
    assert "withdrew the answer" in cases_page(client, "What block groups")


def cases_page(client: Client, title: str) -> str:
    return words(client, Case.objects.get(title__startswith=title).get_absolute_url())


def test_every_statement_of_the_first_example_is_in_a_topic() -> None:
    store_example(LOS_ANGELES, SUNDAYS[0])
    topics = Topic.objects.order_by("place")
    assert [topic.name for topic in topics] == list(LOS_ANGELES.topics)
    inside = [set(topic.statements.values_list("text", flat=True)) for topic in topics]
    assert inside == [
        {item.text for item in LOS_ANGELES.statements if item.topic == name}
        for name in LOS_ANGELES.topics
    ]
    assert sum(map(len, inside)) == len(LOS_ANGELES.statements)


def test_an_unknown_topic_of_an_example_is_an_error() -> None:
    with pytest.raises(ValueError, match="not among the topics: Jails and courts"):
        replace(LOS_ANGELES, topics=tuple(set(LOS_ANGELES.topics) - {"Jails and courts"}))
