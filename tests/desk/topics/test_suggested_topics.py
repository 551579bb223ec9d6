"""Suggested topics at the desk: a draft that is stored nowhere until staff accept it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from middleground.dialogues.models import Dialogue, StaffAction, StatementTopic, Topic
from middleground.dialogues.statements.topics import add_topic
from middleground.people.models import User
from support.cast import make_dialogue, make_member, make_statement
from support.reading import links, words, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
PAGE = "/desk/harbour/topics/suggest/"
SUBJECTS = (
    "The {} bus is late at night",
    "Trees in {} park need benches",
    "Landlords of {} raise rent",
)
TOWNS = ("Aarau", "Basel", "Chur", "Davos", "Eger")


@pytest.fixture
def dialogue() -> Dialogue:
    """Fifteen statements about three subjects, and one that waits."""
    dialogue = make_dialogue(statements=0)
    texts = [subject.format(town) for subject in SUBJECTS for town in TOWNS]
    for number, text in enumerate(texts, 1):
        make_statement(dialogue, number, text)
    make_statement(dialogue, 99, "The Fürth bus is late at night", status="pending")
    return dialogue


def fields(page: str) -> dict[str, str]:
    """What the form sends, without a tick."""
    return dict(re.findall(r'name="((?:of|name|words)-\d)"[^>]*? value="([^"]*)"', page))


def test_nothing_is_stored_until_somebody_accepts_and_only_what_they_ticked(
    moderation: Client, dialogue: Dialogue
) -> None:
    response = moderation.get(PAGE)
    assert "3 topics with 15 of 15 statements." in words_of(response)
    assert "knows no meanings" in words_of(response)
    assert "Fürth" not in response.content.decode()
    sent = fields(response.content.decode())
    assert sorted(sent[f"of-{place}"] for place in range(3)) == ["1-5", "11-15", "6-10"]
    assert (Topic.objects.count(), StaffAction.objects.count()) == (0, 0)
    first = next(place for place in range(3) if sent[f"of-{place}"] == "1-5")
    sent |= {f"name-{first}": "Buses", f"accept-{first}": "1"}
    assert "1 topic is made." in words_of(moderation.post(PAGE, sent, follow=True))
    topic = dialogue.topics.get()
    assert topic.name == "Buses"
    assert sorted(topic.statements.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    # From then on only the others are compared, which are too few.
    assert "Nothing to suggest:" in words(moderation, PAGE)


def test_a_form_that_is_refused_keeps_names_and_ticks_and_makes_nothing(
    moderation: Client, dialogue: Dialogue, moderator: User
) -> None:
    sent = fields(moderation.get(PAGE).content.decode())
    add_topic(moderator, dialogue, "Buses")  # by a colleague, meanwhile
    sent |= {"name-0": "Trees", "accept-0": "1", "name-1": "buses", "accept-1": "1"}
    response = moderation.post(PAGE, sent)
    told = words_of(response)
    assert "There is a topic “buses” already. Choose another name. No topic was made." in told
    page = response.content.decode()
    assert {key: fields(page)[key] for key in sent if "accept" not in key} == {
        key: value for key, value in sent.items() if "accept" not in key
    }
    assert page.count(" checked") == 2
    assert dialogue.topics.count() == 1
    assert StatementTopic.objects.count() == 0


def test_without_a_tick_the_page_asks_for_one(moderation: Client, dialogue: Dialogue) -> None:
    sent = fields(moderation.get(PAGE).content.decode())
    assert "Tick the topics that you accept." in words_of(moderation.post(PAGE, sent))
    assert "Tick the topics that you accept." in words_of(moderation.post(PAGE, {}))
    assert Topic.objects.count() == 0


def test_numbers_that_are_not_shown_here_are_left_out(
    moderation: Client, dialogue: Dialogue
) -> None:
    sent = {"of-0": "1-3,99,1000-2000,x", "name-0": "Buses", "accept-0": "1"}
    moderation.post(PAGE, sent)
    assert sorted(dialogue.topics.get().statements.values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize("role", ["moderator", "facilitator"])
def test_who_has_a_role_elsewhere_may_not_see_or_accept(dialogue: Dialogue, role: str) -> None:
    elsewhere, here = Client(), Client()
    elsewhere.force_login(make_member(make_dialogue("airport"), role, "there@example.org"))
    here.force_login(make_member(dialogue, role, "here@example.org"))
    sent = {"of-0": "1-3", "name-0": "Buses", "accept-0": "1"}
    assert elsewhere.get(PAGE).status_code == elsewhere.post(PAGE, sent).status_code == 403
    assert Client().get(PAGE).status_code == 302
    assert Topic.objects.count() == 0
    assert here.post(PAGE, sent).status_code == 302
    assert Topic.objects.count() == 1


@pytest.mark.parametrize(("statements", "asked"), [(60, False), (61, True)])
def test_the_overview_suggests_to_sort_more_than_60_statements(
    desk: Client, facilitator: User, statements: int, asked: bool
) -> None:
    dialogue = make_dialogue(statements=statements)
    told = f"{statements} statements are many for one list."
    assert (told in words(desk, "/desk/harbour/")) is asked
    add_topic(facilitator, dialogue, "Fish")
    assert told not in words(desk, "/desk/harbour/")
    assert PAGE in links(desk, "/desk/harbour/topics/")
