"""The map by topic: the same figures as on the map, of fewer statements, and who sorted them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from middleground.dialogues.maps import publish
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.results.published import newest_map
from middleground.dialogues.results.topics.by_topic import OTHER, part_of, topic_parts
from middleground.dialogues.statements.topics import add_topic, add_topics, move_topic
from middleground.people.models import User
from support.camps import add_voters
from support.cast import make_dialogue, make_staff, make_statement
from support.reading import links, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
TOPICS = "/d/harbour/topics/"
SORTED_BY = "Staff sorted the statements into these topics and named them. It changes no figure."


@pytest.fixture
def staff(db: None) -> User:
    return make_staff()


@pytest.fixture
def dialogue(staff: User) -> Dialogue:
    """Statements 1 to 12 in two camps that share every fourth one, and a map of 60 people."""
    dialogue = make_dialogue(statements=12)
    add_voters(dialogue, 60)
    publish.refresh_map(dialogue.pk)
    return dialogue


@pytest.fixture
def by_topic(dialogue: Dialogue, staff: User) -> Dialogue:
    add_topics(staff, dialogue, [("Buses", [1, 2, 4]), ("Empty", []), ("Trams & boats", [4, 8])])
    return dialogue


def parts(dialogue: Dialogue) -> list[tuple[int, str, list[int], int, int]]:
    published = newest_map(dialogue)
    assert published
    numbers = {key: statement.number for key, statement in published.statements.items()}
    return [
        (each.number, each.name, sorted(numbers[k] for k in each.keys), each.shared, each.split)
        for each in topic_parts(published)
    ]


def test_parts_are_the_topics_with_statements_and_what_is_in_none(by_topic: Dialogue) -> None:
    assert parts(by_topic) == [
        (1, "Buses", [1, 2, 4], 1, 2),
        (3, "Trams & boats", [4, 8], 2, 0),
        (OTHER, "Other statements", [3, 5, 6, 7, 9, 10, 11, 12], 1, 7),
    ]


def test_the_counts_of_parts_that_do_not_overlap_add_up_to_the_map(
    dialogue: Dialogue, staff: User
) -> None:
    add_topics(staff, dialogue, [("Odd", range(1, 13, 2)), ("Some even", [2, 4])])
    published = newest_map(dialogue)
    assert published
    found = topic_parts(published)
    assert sum(each.statements for each in found) == len(published.statements) == 12
    holding = [item for item in published.facts.middle_ground if item.holds]
    assert sum(each.shared for each in found) == len(holding) == 3
    holding = [item for item in published.facts.divisive if item.holds]
    assert sum(each.split for each in found) == len(holding) == 9


def test_a_part_has_the_figures_of_the_map_and_no_other_statement(by_topic: Dialogue) -> None:
    published = newest_map(by_topic)
    assert published
    keys = set(by_topic.statements.filter(number__in=[1, 2, 4]).values_list("pk", flat=True))
    part = part_of(published, keys)
    assert set(part.statements) == {item.statement for item in part.facts.statements} == keys
    for key in keys:
        assert part.facts_of(key) == published.facts_of(key)
        assert part.cells(key) == published.cells(key)
    assert {item.statement for item in part.facts.middle_ground} <= keys
    assert {item.statement for item in part.facts.divisive} <= keys
    assert {r.statement for group in part.facts.groups for r in group.representative} <= keys
    assert len(published.statements) == 12  # the whole one is as it was


def test_the_page_of_topics_tells_counts_and_who_sorted(client: Client, by_topic: Dialogue) -> None:
    page = words(client, TOPICS)
    assert SORTED_BY in page
    assert "It changes no figure." in page
    assert "Buses 3 statements · middle ground: 1 · divisive: 2" in page
    assert "Trams & boats 2 statements · middle ground: 2 · divisive: 0" in page
    assert "Other statements 8 statements · middle ground: 1 · divisive: 7" in page
    assert "Empty" not in page
    assert [address for address in links(client, TOPICS) if "/topics/" in address] == [
        f"{TOPICS}1/", f"{TOPICS}3/", f"{TOPICS}other/",
    ]  # fmt: skip


def test_the_page_of_a_topic_shows_its_findings_and_no_others(
    client: Client, by_topic: Dialogue
) -> None:
    page = words(client, f"{TOPICS}1/")
    shown = {int(n) for n in re.findall(r"Statement number (\d+)\.", page)}
    assert shown == {1, 2, 4}
    middle, divisive = page.split("Where the groups disagree")[:2]
    assert "At least" in middle
    assert "Statement number 4." in middle
    assert "Statement number 1." in divisive
    assert SORTED_BY in page
    html = client.get(f"{TOPICS}1/").content.decode()
    assert len(re.findall(r'class="finding"', html)) == 3
    assert "No statement of this topic surely divides the groups." in words(client, f"{TOPICS}3/")
    others = words(client, f"{TOPICS}other/")
    assert {int(n) for n in re.findall(r"Statement number (\d+)\.", others)} == {
        3, 5, 6, 7, 9, 10, 11, 12,
    }  # fmt: skip


def test_a_finding_is_told_alike_on_the_map_and_by_topic(
    client: Client, by_topic: Dialogue
) -> None:
    def told(address: str) -> set[str]:
        html = client.get(address).content.decode()
        entries = re.findall(r'<li class="finding">.*?</li>', html, re.DOTALL)
        return {" ".join(re.sub(r"<[^>]*>", " ", each).split()) for each in entries}

    whole = told("/d/harbour/map/middle-ground/") | told("/d/harbour/map/divisive/")
    assert told(f"{TOPICS}1/") < whole
    assert len(told(f"{TOPICS}1/")) == 3


def test_map_results_and_statement_lead_to_the_topics(
    client: Client, by_topic: Dialogue, staff: User
) -> None:
    line = [f"{TOPICS}", f"{TOPICS}1/", f"{TOPICS}3/", f"{TOPICS}other/"]

    def to_topics(address: str) -> list[str]:
        return [each for each in links(client, address) if each.startswith(TOPICS)]

    assert to_topics("/d/harbour/map/") == line
    assert to_topics("/d/harbour/map/divisive/") == []
    assert to_topics("/d/harbour/s/4/") == [f"{TOPICS}1/", f"{TOPICS}3/"]
    assert to_topics("/d/harbour/s/3/") == []
    move_topic(staff, by_topic.topics.get(number=3), up=True)
    move_topic(staff, by_topic.topics.get(number=3), up=True)
    assert to_topics("/d/harbour/map/") == [line[0], line[2], line[1], line[3]]
    Dialogue.objects.update(state="closed")
    publish.finalise(by_topic.pk)
    assert to_topics("/d/harbour/results/") == [line[0], line[2], line[1], line[3]]


def test_statements_that_are_not_shown_leave_no_trace(client: Client, by_topic: Dialogue) -> None:
    """The map has them still, until the next one; its pages do not."""
    Statement.objects.filter(number=2).update(status="rejected", reason="spam", reviewed=True)
    Dialogue.objects.update(revision=99)
    assert parts(Dialogue.objects.get())[0] == (1, "Buses", [1, 4], 1, 1)
    assert "Statement number 2." not in words(client, f"{TOPICS}1/")


def test_what_came_after_the_map_is_counted_and_has_no_share(
    client: Client, by_topic: Dialogue, staff: User
) -> None:
    make_statement(by_topic, 13, "A new one.")
    add_topic(staff, by_topic, "New", [13])
    assert "New 1 statement · middle ground: 0 · divisive: 0" in words(client, TOPICS)
    page = words(client, f"{TOPICS}4/")
    assert "A new one. withheld withheld" in page


def test_without_topics_or_a_map_the_page_says_so(client: Client, staff: User) -> None:
    dialogue = make_dialogue()
    assert "Staff made no topics." in words(client, TOPICS)
    add_topic(staff, dialogue, "Buses", [1])
    assert "There is no map yet" in words(client, TOPICS)
    assert client.get(f"{TOPICS}1/").status_code == 404
    assert "Buses" not in words(client, "/d/harbour/s/1/")
    add_voters(dialogue, 3)
    publish.refresh_map(dialogue.pk)  # which is of too few
    assert client.get(f"{TOPICS}1/").status_code == 404
    assert links(client, "/d/harbour/map/").count(TOPICS) == 0


@pytest.mark.parametrize("address", ["0/", "2/", "9/", "nothing/", "-1/"])
def test_there_is_no_page_of_an_empty_or_unknown_topic(
    client: Client, by_topic: Dialogue, address: str
) -> None:
    assert client.get(TOPICS + address).status_code == 404


def test_nobody_meets_the_topics_of_a_draft(client: Client, by_topic: Dialogue) -> None:
    Dialogue.objects.update(state="draft")
    for address in (TOPICS, f"{TOPICS}1/", f"{TOPICS}other/"):
        assert client.get(address).status_code == 404


def test_if_every_statement_has_a_topic_there_are_no_others(
    client: Client, dialogue: Dialogue, staff: User
) -> None:
    add_topic(staff, dialogue, "All", range(1, 13))
    assert [each[1] for each in parts(dialogue)] == ["All"]
    assert client.get(f"{TOPICS}other/").status_code == 404


def test_the_picture_of_a_topic_is_a_file_of_its_own(client: Client, by_topic: Dialogue) -> None:
    assert "/d/harbour/map/topic-1.svg" in links(client, f"{TOPICS}1/")
    picture = client.get("/d/harbour/map/topic-1.svg").content.decode()
    assert "Buses: What people agree on, statement by" in picture
    # Of the three only one has a share of each group that may be told.
    assert set(re.findall(r"Statement number \d+\.", picture)) == {"Statement number 1."}
    whole = client.get("/d/harbour/map/statements.svg").content.decode()
    assert "Statement number 3." in whole
    for name in ("topic-2", "topic-9", "topic-", "topic"):
        assert client.get(f"/d/harbour/map/{name}.svg").status_code == 404
    assert client.get("/d/harbour/map/topic-0.svg").status_code == 200


@pytest.mark.parametrize("sorted_in", [4, 12])
def test_queries_do_not_grow_with_the_statements(
    client: Client, dialogue: Dialogue, staff: User, sorted_in: int, django_assert_num_queries: Any
) -> None:
    add_topic(staff, dialogue, "Buses", range(1, sorted_in + 1))
    for address, most in ((TOPICS, 5), (f"{TOPICS}1/", 6)):
        client.get(address)
        with django_assert_num_queries(most):
            client.get(address)
