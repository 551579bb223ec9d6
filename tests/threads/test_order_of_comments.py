"""The order of comments: what people of different groups found worth reading comes first."""

from __future__ import annotations

import numpy as np
import pytest
from django.test import Client

from middleground.dialogues.maps import publish
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.maps.worker import Members
from middleground.dialogues.models import Dialogue, StoredMap
from middleground.disclosure.across_groups import least_share
from middleground.engine import Votes
from middleground.engine.facts import Tally
from middleground.threads.models import Comment, Reaction
from middleground.threads.reactions.order import order_comments, ranks_of
from support.camps import add_voters
from support.cast import make_comment, make_dialogue
from support.reading import words
from threads.crowd import BOTH, LARGE, make_crowd_of_readers

PAGE = "/d/harbour/s/1/"


@pytest.mark.parametrize("storm", [False, True])
def test_four_fifths_cannot_carry_their_favourites_to_the_top(storm: bool) -> None:
    crowd = make_crowd_of_readers(storm=storm)
    # Known bad: sorted by popularity, the large group fills the top.
    assert crowd.kinds_at_the_top(crowd.by_popularity()) == [LARGE] * 10
    ranks = ranks_of(crowd.reactions, crowd.members, minimum=5)
    if storm:  # it can keep others down, but its own do not come up
        assert ranks == {}
    else:
        assert crowd.kinds_at_the_top(sorted(ranks, key=lambda each: ranks[each])) == [BOTH] * 10


def test_a_share_moves_in_steps_only_and_needs_every_group() -> None:
    both = [Tally(50, 10, 0), Tally(20, 5, 0)]
    assert least_share(both, 5) == 0.46
    for agree in range(20, 25):  # one reaction more does not tell
        assert least_share([Tally(50, 10, 0), Tally(agree, 5, 0)], 5) == 0.46
    assert least_share([Tally(50, 10, 0), Tally(25, 5, 0)], 5) > 0.46
    assert least_share([Tally(500, 0, 0), Tally(4, 0, 0)], 5) == 0.0
    assert least_share([Tally(500, 0, 0), Tally(9, 8, 0)], 5) == 0.0
    assert least_share([Tally(500, 0, 0)], 5) == 0.0  # one group is nobody's middle


def test_who_is_in_doubt_or_not_in_the_map_orders_nothing() -> None:
    people = np.arange(20)
    reactions = Votes(people.tolist(), [7] * 20, [1] * 20)
    group = np.array([0, 1] * 10)
    assert ranks_of(reactions, Members(("A", "B"), people, group), 5) == {7: 1}
    in_doubt = np.where(people < 12, -1, group)
    assert ranks_of(reactions, Members(("A", "B"), people, in_doubt), 5) == {}
    absent = Members(("A", "B"), people[:8], group[:8])
    assert ranks_of(reactions, absent, 5) == {}
    assert ranks_of(Votes([], [], []), absent, 5) == {}


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    return make_dialogue(statements=8, takes_comments=True)


def react_all(comments: dict[Comment, set[int]], people: list[int]) -> None:
    """``comments``: the remainders of two of the people who found it worth reading."""
    Reaction.objects.bulk_create(
        Reaction(participant_id=person, comment=comment, value=1 if person % 2 in liked else -1)
        for comment, liked in comments.items()
        for person in people
    )


def ranks(dialogue: Dialogue) -> list[int | None]:
    return list(dialogue.comments.order_by("number").values_list("rank", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("keys")
def test_the_order_follows_the_maps_and_not_single_people(
    client: Client, dialogue: Dialogue
) -> None:
    statement, maps = dialogue.statements.get(number=1), LiveMaps()
    one, two, three = (make_comment(statement, f"Comment {n}.") for n in (1, 2, 3))
    people = add_voters(dialogue, 60)
    by_lot = "In random order."
    assert by_lot in words(client, PAGE)
    react_all({one: {0}, two: {1}, three: {0, 1}}, people)
    assert ranks(dialogue) == [None, None, None]  # before there is a map
    assert publish.refresh_map(dialogue.pk, maps) is not None
    assert ranks(dialogue) == [None, None, 1]
    page = words(client, PAGE)
    assert page.index("Comment 3.") < page.index("Comment 1.") < page.index("Comment 2.")
    assert "First what people in every opinion group found worth reading" in page
    # One person more, with as many new voters as a map needs: the order stays as it was.
    add_voters(dialogue, 40, first=101)
    Reaction.objects.filter(comment=three, participant_id__in=people[:4]).update(value=-1)
    before = maps.of(dialogue.pk).reactions
    publish.refresh_map(dialogue.pk, maps)
    assert publish.refresh_map(dialogue.pk, maps) is not None
    assert StoredMap.objects.count() == 2
    assert (ranks(dialogue), maps.of(dialogue.pk).reactions) == ([None, None, 1], before)
    # After a restart nobody knows who reacted when, so it stays, too.
    Reaction.objects.filter(comment=three).update(value=-1)
    newest, groups = StoredMap.objects.latest(), np.array([n % 2 for n in people])
    members = Members(("A", "B"), np.array(people), groups)
    restarted = LiveMaps().of(dialogue.pk)
    order_comments(newest, members, restarted)
    assert ranks(dialogue) == [None, None, 1]
    Reaction.objects.filter(comment=one).update(value=1)
    order_comments(newest, members, restarted)
    assert ranks(dialogue) == [1, None, None]
    # With one group there is nothing to weigh: by lot again.
    alone = Members(("A",), members.participants, np.zeros(len(people), dtype=np.int64))
    order_comments(newest, alone, restarted)
    assert ranks(dialogue) == [None, None, None]
    Dialogue.objects.update(state="closed")
    assert publish.finalise(dialogue.pk, maps) is not None
    assert ranks(dialogue) == [1, None, None]  # the final order counts everybody
