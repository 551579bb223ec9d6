"""Where a participant's own votes lie, and what they share with whom: only they are told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from dialogues.pages.results.test_map_page import carry, with_map
from disclosure.made_facts import Counts
from middleground.dialogues.maps import worker
from middleground.dialogues.models import Dialogue, Statement, Vote
from middleground.dialogues.results.people.own_place import OwnPlaces
from middleground.dialogues.results.published import PublishedMap, newest_map
from middleground.engine import Projection
from support.cast import make_participant

pytestmark = pytest.mark.django_db

COUNTS: dict[int, dict[str, Counts]] = {
    1: {"A": (60, 3, 2), "B": (58, 4, 3)},  # all agree
    2: {"A": (60, 3, 2), "B": (3, 58, 4)},  # A agrees, B disagrees
    3: {"A": (3, 58, 4), "B": (60, 3, 2)},
    4: {"A": (50, 13, 2), "B": (13, 50, 2)},  # as 2, less far apart
    5: {"A": (3, 60, 2), "B": (2, 60, 3)},  # all disagree
    6: {"A": (55, 8, 2), "B": (8, 55, 2)},
}


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


Told = tuple[str, tuple[str, ...], list[str]]


def told(dialogue: Dialogue, votes: dict[int, int], *chances: float) -> Told:
    """The group, the groups between, and the lines without markup, statements by their number."""
    published = newest_map(dialogue)
    assert published is not None
    keys = dict(dialogue.statements.values_list("number", "pk"))
    place = Projection((0.0, 0.0), chances, len(votes))
    own = OwnPlaces(published).of(place, {keys[n]: value for n, value in votes.items()})
    lines = [re.sub(r"<[^>]+>", "", line) for line in own.shared]
    return own.group, own.between, lines


def test_clearly_in_a_group_and_what_is_shared() -> None:
    dialogue = with_map(COUNTS)
    assert told(dialogue, {1: 1, 2: 1, 3: -1, 4: 1, 5: -1, 6: 1}, 0.96, 0.04) == (
        "A",
        ("A", "B"),
        [
            # The two on which the groups are furthest apart.
            "With group A you share: yes to “Statement number 2”, no to “Statement number 3”.",
            "With every group you share: yes to “Statement number 1”.",
        ],
    )


def test_between_two_groups_with_answers_of_both() -> None:
    votes = {2: 1, 3: 1, 4: -1, 5: 1, 1: 0}
    assert told(with_map(COUNTS), votes, 0.4, 0.6) == (
        "",
        ("B", "A"),
        [
            "With group B you share: yes to “Statement number 3”, no to “Statement number 4”.",
            "With group A you share: yes to “Statement number 2”.",
        ],
    )


def test_a_pass_is_shared_with_nobody() -> None:
    assert told(with_map(COUNTS), dict.fromkeys(COUNTS, 0), 0.5, 0.5) == ("", ("A", "B"), [])


def test_what_is_withheld_or_removed_is_not_told() -> None:
    """Group B's votes on 2 are too few to be published; 3 was removed after the final result."""
    dialogue = with_map({**COUNTS, 2: {"A": (60, 3, 2), "B": (2, 1, 1)}})
    dialogue.maps.update(final=True)
    dialogue.statements.filter(number=3).update(
        status=Statement.Status.REJECTED, reviewed=True, reason="personal_data"
    )
    Dialogue.objects.update(revision=1)
    dialogue.refresh_from_db()
    _, _, lines = told(dialogue, {2: 1, 3: -1, 4: 1}, 0.96, 0.04)
    assert lines == [
        "With group A you share: yes to “Statement number 4”.",
        "With every group you share: yes to “Statement number 2”.",  # a published middle ground
    ]


def test_a_statement_is_escaped_and_shortened() -> None:
    dialogue = with_map(COUNTS)
    hostile = "<script>alert(1)</script> & {text} %s " + "and so on " * 20
    dialogue.statements.filter(number=2).update(text=hostile)
    published = newest_map(dialogue)
    assert isinstance(published, PublishedMap)
    key = dialogue.statements.get(number=2).pk
    (line,) = OwnPlaces(published).of(Projection((0, 0), (0.9, 0.1), 1), {key: 1}).shared
    assert "<script" not in line
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {text} %s and so on" in line
    assert line.endswith("…</bdi></a>”.")
    assert 'href="/d/harbour/s/2/"' in line


def vote_as(dialogue: Dialogue, votes: dict[int, int]) -> bytes:
    token, participant = make_participant(dialogue)
    for statement in dialogue.statements.filter(number__in=votes):
        Vote.objects.create(
            participant=participant, statement=statement, value=votes[statement.number]
        )
    return token


def test_only_the_participant_is_told_and_others_see_the_same_page(client: Client) -> None:
    dialogue = with_map(COUNTS)
    plain = client.get("/d/harbour/map/").content.decode()
    assert "you share" not in plain
    token = vote_as(dialogue, {1: 1, 2: 1, 3: -1, 4: 1})
    carry(client, token)
    mine = client.get("/d/harbour/map/")
    html = mine.content.decode()
    assert "With every group you share: yes to" in html
    assert "Only your browser shows you this." in html
    assert mine.headers["Cache-Control"] == "private, no-store"
    carry(client, vote_as(dialogue, {1: -1, 5: 1, 2: 0, 6: 0, 3: 0}))
    assert "you share" not in client.get("/d/harbour/map/").content.decode()
    assert Client().get("/d/harbour/map/").content.decode() == plain
