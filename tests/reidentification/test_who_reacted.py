"""Somebody who watches all pages, and has participants of their own, looks for one reaction.

They know the person, the comment and the minute, and what all others found worth reading. Each
attack is played with the person's reaction and without. What is seen must be alike; each has a
control in which what other software publishes gives the person away.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from django.db.models import Count, Q
from django.test import Client
from numpy.typing import NDArray

from middleground.config.settings import MAP_SAMPLE
from middleground.dialogues.maps import publish
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.maps.load_votes import (
    Fingerprints,
    changed_participants,
    fingerprints,
)
from middleground.dialogues.maps.worker import Members
from middleground.dialogues.models import Dialogue
from middleground.engine import Votes
from middleground.threads.models import Comment, Reaction
from middleground.threads.reactions.order import heard_anew, ranks_of
from support.camps import add_voters
from support.cast import make_comment, make_dialogue

MINIMUM = 5
PAGES = ("/d/harbour/", "/d/harbour/s/1/", "/d/harbour/c/20000001/", "/d/harbour/map/")

Seen = Callable[[Dialogue], object]


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    return make_dialogue(statements=8, takes_comments=True)


def pages(_dialogue: Dialogue) -> list[tuple[str, bytes]]:
    """All that a stranger gets, with what tells whether a page was made anew."""
    found = []
    for path in PAGES:
        response = Client().get(path)
        body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", response.content)
        kept = {name: response.headers.get(name, "") for name in ("ETag", "Last-Modified")}
        found.append((f"{path} {response.status_code} {kept}", body))
    return found


def live_counts(dialogue: Dialogue) -> list[tuple[int, int]]:
    """The control: how many liked each comment, as most sites show it."""
    liked = Count("reactions", filter=Q(reactions__value=1))
    counted = dialogue.comments.annotate(liked=liked).order_by("number")
    return list(counted.values_list("number", "liked"))


def live_order(dialogue: Dialogue) -> list[int]:
    """The control: the most liked first, without any number."""
    return [number for number, _ in sorted(live_counts(dialogue), key=lambda one: -one[1])]


def tells(dialogue: Dialogue, person: int, comment: Comment, seen: Seen) -> bool:
    """Whether what is seen differs after the person's reaction."""
    before = seen(dialogue)
    Reaction.objects.create(participant_id=person, comment=comment, value=1)
    after = seen(dialogue)
    Reaction.objects.filter(participant_id=person).delete()
    return before != after


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("keys")
def test_no_page_tells_that_somebody_just_reacted(dialogue: Dialogue) -> None:
    statement = dialogue.statements.get(number=1)
    one, two = (make_comment(statement, f"Comment {n}.", 20_000_000 + n) for n in (1, 2))
    people = add_voters(dialogue, 60)
    for at, person in enumerate(people[:20]):  # the attacker's own: a tie that one more breaks
        liked = one if at < 10 else two
        Reaction.objects.create(participant_id=person, comment=liked, value=1)
    assert publish.refresh_map(dialogue.pk, LiveMaps()) is not None
    for comment in (one, two):
        assert not tells(dialogue, people[-1], comment, pages)
    # The controls: counts tell it, and so does an order that follows at once.
    assert tells(dialogue, people[-1], two, live_counts)
    assert tells(dialogue, people[-1], two, live_order)


# The order after the next map

# The large group found the comment worth reading. The person is in the small one, and the attacker
# knows that all of this one but their own participants and the person stay silent.
LARGE, SMALL, PERSON, COMMENT = range(1, 31), range(31, 60), 60, 7
OLD = Votes(list(LARGE), [COMMENT] * len(LARGE), [1] * len(LARGE))
DRAWS = 500

HeardAnew = Callable[[Fingerprints, Votes, Members], int]


def everybody(before: Fingerprints, reactions: Votes, _members: Members) -> int:
    """The known-bad control: the earlier rule, which counted everybody who reacted anew."""
    return len(changed_participants(before, fingerprints(reactions)))


def has_place(own: int, inside: NDArray[np.bool_], rule: HeardAnew, *, person: bool) -> bool:
    """Whether the comment comes first after the next map, of which the people ``inside`` are.

    ``own`` participants of the attacker's in the small group found it worth reading.
    """
    new = [*SMALL[:own], *([PERSON] if person else [])]
    people = np.arange(1, PERSON + 1)[inside]
    members = Members(("A", "B"), people, (people > LARGE[-1]).astype(np.int64))
    rows = [*LARGE, *new]
    reactions = Votes(rows, [COMMENT] * len(rows), [1] * len(rows))
    if rule(fingerprints(OLD), reactions, members) < MINIMUM:
        return False
    return COMMENT in ranks_of(reactions, members, MINIMUM)


def gained(rule: HeardAnew, share: float) -> float:
    """By how much seeing the order raises the chance to guess right, above one half.

    Of all numbers of own participants the attacker takes the one that tells most.
    """
    rng = np.random.default_rng(4)
    draws = rng.random((DRAWS, PERSON)) < share
    apart = [
        abs(
            sum(has_place(own, inside, rule, person=True) for inside in draws)
            - sum(has_place(own, inside, rule, person=False) for inside in draws)
        )
        for own in range(10)
    ]
    return max(apart) / DRAWS / 2


def test_the_next_order_hardly_tells_one_reaction_to_who_knows_all_others() -> None:
    """The person may be in the map's sample or not, and so may each of the attacker's own."""
    assert gained(heard_anew, MAP_SAMPLE) < 0.13
    # The control: without a sample the attacker, with four of their own, is always right.
    assert gained(everybody, 1.0) == 0.5


def test_control_counting_everybody_tells_that_somebody_reacted() -> None:
    """Four of the attacker's own move something else, where the small group needs no fifth.

    The order moves exactly when the person reacts, whatever the sample. By the rule that holds it
    moves by lot.
    """
    rng = np.random.default_rng(4)
    draws = rng.random((DRAWS, PERSON)) < MAP_SAMPLE
    assert _moves(everybody, draws, person=True) - _moves(everybody, draws, person=False) == DRAWS
    by_lot = _moves(heard_anew, draws, person=True) - _moves(heard_anew, draws, person=False)
    assert by_lot < 0.2 * DRAWS


def _moves(rule: HeardAnew, draws: NDArray[np.bool_], *, person: bool) -> int:
    """In how many draws the order is made anew, when four of the attacker's own reacted."""
    new = [*SMALL[: MINIMUM - 1], *([PERSON] if person else [])]
    reactions = Votes([*LARGE, *new], [COMMENT] * (len(LARGE) + len(new)), [1] * (30 + len(new)))
    people = np.arange(1, PERSON + 1)
    moved = 0
    for inside in draws:
        members = Members(("A", "B"), people[inside], (people[inside] > 30).astype(np.int64))
        moved += rule(fingerprints(OLD), reactions, members) >= MINIMUM
    return moved
