"""Maps that are carried on: with the numbers of all votes, by the same rules, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.maps import incremental, publish, worker
from middleground.dialogues.maps.load_votes import load_votes, load_votes_of
from middleground.dialogues.models import Dialogue, Participant, SetAside, Statement, Vote
from middleground.dialogues.participation.admission import confirm
from middleground.dialogues.participation.own_data import delete_own_votes
from middleground.dialogues.results.published import newest_map
from middleground.dialogues.voting import changed_voters, store
from middleground.dialogues.voting.dealing import Decks
from middleground.dialogues.voting.store import Ballot, take_ballots
from middleground.engine import MapFacts, Options, Votes
from support.asgi_client import Voter, voter
from support.camps import add_voters
from support.cast import make_dialogue, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
PEOPLE = 200


@pytest.fixture(autouse=True)
def _as_after_a_restart(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(incremental, "CARRY_FROM", 1_000)
    publish.forget()
    yield
    publish.forget()


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


@pytest.fixture
def dialogue() -> Dialogue:
    """With a whole map of 200 people, which is to be carried on."""
    dialogue = make_dialogue(statements=12)
    add_voters(dialogue, PEOPLE)
    stored = publish.refresh_map(dialogue.pk)
    assert stored is not None
    assert stored.whole_at is None
    assert incremental.is_on(dialogue.pk)
    return dialogue


def come(dialogue: Dialogue, people: int, first: int = PEOPLE + 1) -> list[int]:
    """More voters, as the vote path tells of them."""
    ids = add_voters(dialogue, people, first=first)
    changed_voters.mark((dialogue.pk, person) for person in ids)
    return ids


def counts(facts: MapFacts) -> list[object]:
    return [each.everyone.tally for each in facts.statements]


def whole_map_of(dialogue: Dialogue) -> MapFacts:
    """What a map of all votes has; nothing is published."""
    newest = dialogue.maps.filter(whole_at=None, final=False)[0]
    votes, options = load_votes(dialogue.pk), Options(**newest.options)
    return MapFacts.from_dict(worker.compute(votes, options, newest.seed))


def test_the_next_map_is_carried_on_and_has_all_votes(dialogue: Dialogue) -> None:
    come(dialogue, 6)
    stored = publish.refresh_map(dialogue.pk)
    whole = dialogue.maps.last()
    assert stored is not None
    assert whole is not None
    assert stored.whole_at == whole.made_at
    assert stored.facts.carries == whole.input_hash
    assert (stored.participants, stored.votes) == (PEOPLE + 6, (PEOPLE + 6) * 12)
    assert counts(stored.facts) == counts(whole_map_of(dialogue))
    assert counts(stored.facts) != counts(whole.facts)
    assert stored.votes_seal
    assert stored.votes_seal != whole.votes_seal
    assert stored.tiers == {"open": PEOPLE}  # as of the map whose tiers are shown
    published = newest_map(dialogue)
    assert published is not None
    assert published.whole_at == whole.made_at


def test_one_after_the_other(dialogue: Dialogue) -> None:
    for n in range(3):
        come(dialogue, 5, first=PEOPLE + 1 + 5 * n)
        stored = publish.refresh_map(dialogue.pk)
        assert stored is not None
        assert stored.whole_at is not None
    assert counts(stored.facts) == counts(whole_map_of(dialogue))
    assert dialogue.maps.count() == 4


def test_only_those_who_voted_since_are_read(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("all votes were read")

    come(dialogue, 6)
    monkeypatch.setattr(publish, "counted_votes", refuse)
    stored = publish.refresh_map(dialogue.pk)
    assert stored is not None
    # The known-bad control: a whole map does read them.
    incremental.end(dialogue.pk)
    with pytest.raises(AssertionError, match="all votes"):
        publish.refresh_map(dialogue.pk)


@pytest.mark.parametrize(("people", "published"), [(4, 1), (5, 2)])
def test_it_waits_for_the_minimum_of_changed_people(
    dialogue: Dialogue, people: int, published: int
) -> None:
    come(dialogue, people)
    assert incremental.may_be_due(dialogue) == (people >= 5)
    publish.refresh_map(dialogue.pk)
    assert dialogue.maps.count() == published


def test_people_who_think_better_of_it_have_not_changed(dialogue: Dialogue) -> None:
    """Touched, but with the votes that are published: no map may come of it."""
    person = dialogue.participants.values_list("pk", flat=True)[:8]
    changed_voters.mark((dialogue.pk, key) for key in person)
    assert incremental.may_be_due(dialogue)
    assert publish.refresh_map(dialogue.pk) is None
    assert changed_voters.count(dialogue.pk) == 8
    # And across two maps: who came and left again counts as changed both times.
    ids = come(dialogue, 5)
    assert publish.refresh_map(dialogue.pk) is not None
    Vote.objects.filter(participant_id__in=ids).delete()
    changed_voters.mark((dialogue.pk, key) for key in ids)
    left = publish.refresh_map(dialogue.pk)
    assert left is not None
    assert left.whole_at is not None
    assert left.participants == PEOPLE
    assert counts(left.facts) == counts(dialogue.maps.get(whole_at=None).facts)


def test_votes_on_a_statement_that_came_since(dialogue: Dialogue) -> None:
    fresh = make_statement(dialogue, 13, status="pending")
    Statement.objects.filter(pk=fresh.pk).update(status="approved")
    come(dialogue, 6)
    stored = publish.refresh_map(dialogue.pk)
    assert stored is not None
    assert stored.whole_at is not None
    told = {each.statement: each for each in stored.facts.statements}
    assert told[fresh.pk].everyone.tally.seen == 6
    assert newest_map(dialogue) is not None


def reject(dialogue: Dialogue) -> None:
    dialogue.statements.filter(number=3).update(status="rejected", reason="unclear")


def set_aside(dialogue: Dialogue) -> None:
    SetAside.objects.create(dialogue=dialogue, statement=dialogue.statements.first(), value=1)


def count_copies(dialogue: Dialogue) -> None:
    Dialogue.objects.filter(pk=dialogue.pk).update(copies_count_once=False)


def other_minimum(dialogue: Dialogue) -> None:
    Dialogue.objects.filter(pk=dialogue.pk).update(minimum_shown=6)


def other_tier(dialogue: Dialogue) -> None:
    people = dialogue.participants.order_by("-pk").values_list("pk", flat=True)[:6]
    Participant.objects.filter(pk__in=list(people)).update(tier="invited")


def many_come(dialogue: Dialogue) -> None:
    come(dialogue, 60, first=500)


def a_day_passes(dialogue: Dialogue) -> None:
    incremental._courses[dialogue.pk].whole_at -= timedelta(days=1, seconds=1)


def the_process_dies(_: Dialogue) -> None:
    worker.close()


@pytest.mark.parametrize(
    "happens",
    [
        reject,
        set_aside,
        count_copies,
        other_minimum,
        other_tier,
        many_come,
        a_day_passes,
        the_process_dies,
    ],
)
def test_where_more_than_votes_changed_all_is_computed_anew(
    dialogue: Dialogue, happens: object
) -> None:
    come(dialogue, 6)
    happens(dialogue)  # type: ignore[operator]
    stored = publish.refresh_map(dialogue.pk)
    assert stored is not None
    assert stored.whole_at is None
    assert dialogue.maps.count() == 2


def test_a_statement_that_comes_back_brings_votes_that_nobody_touched(dialogue: Dialogue) -> None:
    reject(dialogue)
    come(dialogue, 5)
    without = publish.refresh_map(dialogue.pk)
    assert without is not None
    assert without.whole_at is None
    dialogue.statements.filter(number=3).update(status="approved", reason="")
    come(dialogue, 5, first=PEOPLE + 6)
    stored = publish.refresh_map(dialogue.pk)
    assert stored is not None
    assert stored.whole_at is None
    assert counts(stored.facts) == counts(whole_map_of(dialogue))


def test_several_ways_in_are_not_carried_on() -> None:
    dialogue = make_dialogue(statements=12)
    ids = add_voters(dialogue, PEOPLE)
    Participant.objects.filter(pk__in=ids[:40]).update(tier="invited")
    assert publish.refresh_map(dialogue.pk) is not None
    assert not incremental.is_on(dialogue.pk)
    assert changed_voters.take(dialogue.pk) is None


def test_small_dialogues_are_always_computed_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incremental, "CARRY_FROM", 50_000)
    dialogue = make_dialogue(statements=12)
    add_voters(dialogue, PEOPLE)
    assert publish.refresh_map(dialogue.pk) is not None
    assert not incremental.is_on(dialogue.pk)


def test_whoever_has_not_confirmed_is_not_counted_until_they_do(dialogue: Dialogue) -> None:
    ids = come(dialogue, 12)
    Participant.objects.filter(pk__in=ids[:6]).update(tier="waiting")
    first = publish.refresh_map(dialogue.pk)
    assert first is not None
    assert first.participants == PEOPLE + 6
    Participant.objects.filter(pk__in=ids[:6]).update(tier="open")
    changed_voters.mark((dialogue.pk, key) for key in ids[:6])
    then = publish.refresh_map(dialogue.pk)
    assert then is not None
    assert (then.participants, then.whole_at is None) == (PEOPLE + 12, False)


def test_the_final_map_is_of_all_votes(dialogue: Dialogue) -> None:
    come(dialogue, 6)
    publish.refresh_map(dialogue.pk)
    Dialogue.objects.filter(pk=dialogue.pk).update(state="closed")
    final = publish.finalise(dialogue.pk)
    assert final is not None
    assert final.whole_at is None
    assert final.facts.carries == ""
    assert not incremental.is_on(dialogue.pk)


def test_a_map_that_cannot_be_stored_is_made_anew_from_all_votes(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    come(dialogue, 6)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(publish, "log_map", fail)
        with pytest.raises(OSError, match="disk full"):
            publish.refresh_map(dialogue.pk)
    assert dialogue.maps.count() == 1
    stored = publish.refresh_map(dialogue.pk)
    assert stored is not None
    assert (stored.whole_at, stored.participants) == (None, PEOPLE + 6)


def test_a_whole_map_after_carried_ones_waits_for_the_same_minimum(dialogue: Dialogue) -> None:
    come(dialogue, 6)
    assert publish.refresh_map(dialogue.pk) is not None
    incremental.end(dialogue.pk)
    assert publish.refresh_map(dialogue.pk) is None
    come(dialogue, 4, first=PEOPLE + 7)
    assert publish.refresh_map(dialogue.pk) is None
    come(dialogue, 1, first=PEOPLE + 11)
    assert publish.refresh_map(dialogue.pk) is not None


def test_some_peoples_votes_are_read_as_all_are(dialogue: Dialogue) -> None:
    people = sorted(dialogue.participants.values_list("pk", flat=True)[::3])
    every = load_votes(dialogue.pk)
    expected = every.where(np.isin(every.participant, people))
    assert rows(load_votes_of(dialogue.pk, people)) == rows(expected)
    assert len(expected) == len(people) * 12
    assert len(load_votes_of(dialogue.pk, [])) == 0
    other = make_dialogue("other", statements=3)
    assert len(load_votes_of(other.pk, people)) == 0


def rows(votes: Votes) -> list[tuple[int, ...]]:
    columns = votes.participant, votes.statement, votes.value
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def test_the_page_says_since_when_votes_are_only_counted(dialogue: Dialogue) -> None:
    page = f"/d/{dialogue.slug}/map/"
    assert "The groups are those of" not in Client().get(page).content.decode()
    come(dialogue, 6)
    publish.refresh_map(dialogue.pk)
    assert "The groups are those of" in Client().get(page).content.decode()


def test_the_vote_path_tells_who_voted(dialogue: Dialogue) -> None:
    first, statement = voter(), dialogue.statements.get(number=1)
    me = pseudonym(dialogue.pk, first.token)
    decks = Decks()
    take_ballots([ballot_of(first, statement)], decks, timezone.now())
    assert changed_voters.take(dialogue.pk) == {me}
    take_ballots([ballot_of(first, statement, None)], decks, timezone.now())
    assert changed_voters.take(dialogue.pk) == {me}
    take_ballots([ballot_of(first, statement)], decks, timezone.now())
    assert confirm(dialogue, first.token)
    assert changed_voters.take(dialogue.pk) == {me}
    delete_own_votes(dialogue, first.token, statements_too=False)
    assert changed_voters.take(dialogue.pk) == {me}
    # A dialogue that is not followed leaves nothing behind.
    other = make_dialogue("other", statements=3)
    take_ballots([ballot_of(first, other.statements.get(number=1))], decks, timezone.now())
    assert changed_voters.take(other.pk) is None


def test_votes_that_were_not_stored_may_have_been(
    dialogue: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("said nothing")

    first, statement = voter(), dialogue.statements.get(number=1)
    monkeypatch.setattr(store, "_store", fail)
    with pytest.raises(OSError, match="said nothing"):
        take_ballots([ballot_of(first, statement)], Decks(), timezone.now())
    assert changed_voters.take(dialogue.pk) == {pseudonym(dialogue.pk, first.token)}


def ballot_of(who: Voter, statement: Statement, value: int | None = 1) -> Ballot:
    mark = who.form(statement)["proof"]
    return Ballot(statement.dialogue.slug, who.token, statement.number, value, mark)
