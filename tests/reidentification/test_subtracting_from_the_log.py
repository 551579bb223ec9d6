"""An outsider with many participants of their own subtracts what they know from the public log.

Each attack is played in worlds that differ by one person's votes alone. All that the outsider sees
(log, files, own receipts) must be alike but for random bytes. Each has a control: a log that shows
what ours once showed, in which the same outsider finds the person.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, VoteSeal
from middleground.dialogues.participation.admission import confirm
from middleground.dialogues.sealing import boxes, lists
from middleground.dialogues.sealing.receipts import own_vote, receipt_for
from middleground.dialogues.sealing.records import SealedVote
from middleground.ledger import write_entry
from middleground.ledger.files.vote_list import read_vote_list
from middleground.ledger.merkle.ballot_box import DEPTH
from middleground.ledger.merkle.hashing import HASH_BYTES
from middleground.ledger.notes.keys import read_base64
from middleground.ledger.records.entries import ClosedDialogue, LoggedBox, LoggedList
from middleground.ledger.records.receipt import open_receipt
from middleground.ledger.records.vote_opening import tag_of
from middleground.people.models import User
from middleground.publiclog.log_key import signing_key
from middleground.publiclog.models import LogEntry, LogState, PendingRecord
from middleground.publiclog.publisher import publish_log
from middleground.publiclog.sequencer import sequencing
from support.cast import make_dialogue
from support.logged import closed, crowd, entries
from support.serving.asgi_client import Voter, vote, voter
from torture.tools.progress import figures

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("vote_writer", "keys"),
]
STATEMENTS = 4
WORLDS = int(os.environ.get("MIDDLEGROUND_TORTURE_WORLDS", "1"))


def all_vote(dialogue: Dialogue, people: list[Voter], answer: str = "agree") -> None:
    for who in people:
        for statement in dialogue.statements.all():
            assert vote(who, statement, answer).status == 200


def receipts(dialogue: Dialogue, people: list[Voter]) -> list[tuple[int, bytes]]:
    """For each vote of these people, the number of siblings in its receipt, and their bytes."""
    found = []
    for who in people:
        for statement in dialogue.statements.all():
            own = own_vote(dialogue, who.token, statement)
            assert own
            data = receipt_for(own)
            if data:
                path = open_receipt(data, signing_key().verifier).boxed.path
                found.append((len(path), path.encode()))
    return found


def what_is_seen(folder: Path, dialogue: Dialogue, own: list[Voter]) -> Any:
    """All that an outsider sees of the log, without the bytes that are random."""
    return (
        Counter(type(entry).__name__ for entry in entries(folder)),
        [len(write_entry(entry)) for entry in entries(folder)],
        sorted((path.relative_to(folder).parent, path.stat().st_size) for path in files(folder)),
        sorted(length for length, _ in receipts(dialogue, own)),
    )


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def play_open(slug: str, folder: Path, *, victim_votes: bool) -> Any:
    """24 cookies and 10 confirmed people vote right after somebody, as in the attack observed."""
    dialogue = make_dialogue(slug, statements=STATEMENTS)
    crowd(dialogue, 10)
    publish_log()
    own = [voter() for _ in range(34)]
    for who in own[24:]:
        assert vote(who, dialogue.statements.get(number=1)).status == 200
        assert confirm(dialogue, who.token, "work")
    if victim_votes:
        all_vote(dialogue, [voter()])
    all_vote(dialogue, own)
    publish_log()
    return what_is_seen(folder, dialogue, own)


def one_box_a_vote(dialogue: Dialogue) -> None:
    """The control: a leaf for each vote, as the log once had."""
    votes = VoteSeal.objects.filter(participant__dialogue=dialogue).count()
    with sequencing() as sequencer:
        box = write_entry(LoggedBox(dialogue.slug, bytes(32)))
        sequencer.place([box] * votes)


def differ(tmp_path: Path, settings: Any) -> bool:
    """Whether the outsider sees a difference between worlds with and without the person."""
    seen = []
    for number, victim_votes in enumerate((False, True)):
        fresh(tmp_path / str(number), settings)
        seen.append(play_open("harbour", settings.LEDGER, victim_votes=victim_votes))
    return bool(seen[0] != seen[1])


def fresh(place: Path, settings: Any) -> None:
    """Another installation."""
    for model in (Dialogue, LogEntry, LogState, PendingRecord, User):
        model.objects.all().delete()
    settings.LEDGER, settings.SEALED = place / "ledger", place / "sealed"
    settings.KEYS = place / "keys"


def test_while_open_nobody_sees_that_somebody_took_part(tmp_path: Path, settings: Any) -> None:
    for world in range(WORLDS):
        assert not differ(tmp_path / str(world), settings)
    figures("with and without a person, while open", pairs=WORLDS, told_apart=0)


def test_control_leaves_of_single_votes_give_the_person_away(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from middleground.dialogues.sealing import source

    monkeypatch.setattr(source, "place_box", one_box_a_vote)
    assert differ(tmp_path, settings)


def test_no_hash_of_a_receipt_stays_the_same_in_the_next_box(folder: Path) -> None:
    """If a part of the tree stayed, its change would tell that somebody voted in it."""
    dialogue = make_dialogue(statements=1)
    assert not hashes_that_stay(dialogue, crowd(dialogue, 12))


def test_no_place_says_how_many_votes_there_are(folder: Path) -> None:
    """Places by number would: whoever voted last would hold the count."""
    dialogue = make_dialogue(statements=1)
    own = crowd(dialogue, 12)
    publish_log()
    assert min(places(dialogue, own)) > 4096  # of random places, but in one of 90,000 runs


def test_control_places_by_number_count_the_votes_and_stay(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boxes.secrets, "SystemRandom", lambda: FirstPlaces())
    dialogue = make_dialogue(statements=1)
    own = crowd(dialogue, 12)
    assert len(hashes_that_stay(dialogue, own)) >= 12  # the vote beside each of one's own
    assert places(dialogue, own) == set(range(12))


def test_nobody_can_tell_what_is_empty(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a lone vote all is empty. At the same place again, no hash may be known again."""
    monkeypatch.setattr(boxes.secrets, "SystemRandom", lambda: FirstPlaces())
    dialogue = make_dialogue(statements=1)
    assert not hashes_that_stay(dialogue, crowd(dialogue, 1))


def test_control_a_box_with_a_lasting_secret_shows_what_is_empty(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boxes.secrets, "token_bytes", bytes)
    monkeypatch.setattr(boxes.secrets, "SystemRandom", lambda: FirstPlaces())
    dialogue = make_dialogue(statements=1)
    assert len(hashes_that_stay(dialogue, crowd(dialogue, 1))) == DEPTH


def hashes_that_stay(dialogue: Dialogue, own: list[Voter]) -> set[bytes]:
    """Which hashes of these people's receipts are in those of two boxes, one after the other."""
    seen = []
    for _ in range(2):
        publish_log()
        paths = [read_base64(path.decode()) for _, path in receipts(dialogue, own)]
        assert {len(path) for path in paths} == {DEPTH * HASH_BYTES}
        starts = range(0, DEPTH * HASH_BYTES, HASH_BYTES)
        seen.append({path[start : start + HASH_BYTES] for path in paths for start in starts})
    return seen[0] & seen[1]


def places(dialogue: Dialogue, own: list[Voter]) -> set[int]:
    """The numbers of places in these people's receipts."""
    one, found = dialogue.statements.get(), set()
    for who in own:
        sealed = own_vote(dialogue, who.token, one)
        assert sealed
        assert sealed.boxed
        found.add(sealed.boxed.slot)
    return found


class FirstPlaces:
    def sample(self, _: range, count: int) -> list[int]:
        return list(range(count))


# After the close


def lines(folder: Path) -> dict[int, dict[bytes, str]]:
    """For each statement, each line's tag and the rest of what is public of it but random bytes."""
    return {
        entry.statement: {
            line.tag: f"{line.mark} {len(line.commitment)} {len(line.proof)}"
            for line in read_vote_list(
                (folder / "documents" / entry.document.hex()).read_bytes(), entry.dialogue,
                entry.statement,
            ).votes
        }
        for entry in entries(folder)
        if isinstance(entry, LoggedList)
    }  # fmt: skip


def play_close(folder: Path, settings: Any, place: Path, answers: dict[int, str]) -> Any:
    """14 people of the outsider's, 20 others, and two whose answers differ between worlds."""
    fresh(place, settings)
    dialogue = make_dialogue(statements=STATEMENTS)
    crowd(dialogue, 20)
    own = crowd(dialogue, 14)
    for statement in dialogue.statements.all():
        for person, answer in answers.items():
            assert vote(two_people()[person], statement, answer).status == 200
    for person in two_people():
        assert confirm(dialogue, person.token, "work")
    closed(dialogue)
    publish_log()
    folder = settings.LEDGER
    known = {tag for who in own for tag in tags_of(dialogue, who)}
    end = next(entry for entry in entries(folder) if isinstance(entry, ClosedDialogue))
    totals = (folder / "documents" / end.document.hex()).read_text()
    others = {
        statement: Counter(rest for tag, rest in found.items() if tag not in known)
        for statement, found in lines(folder).items()
    }
    return others, [line.split(" blinding ")[0] for line in totals.splitlines()]


_PAIR: list[Voter] = []


def two_people() -> list[Voter]:
    if not _PAIR:
        _PAIR.extend([voter(), voter()])
    return _PAIR


def tags_of(dialogue: Dialogue, who: Voter) -> list[bytes]:
    seals = VoteSeal.objects.filter(participant_id=pseudonym(dialogue.pk, who.token))
    nonces = seals.values_list("client_nonce", "server_nonce")
    return [tag_of(bytes(client), bytes(server)) for client, server in nonces]


def test_after_the_close_the_others_lines_say_no_more_than_the_totals(
    folder: Path, tmp_path: Path, settings: Any
) -> None:
    """Two people exchange their answers: totals stay, and so does all that is seen."""
    for world in range(WORLDS):
        place = tmp_path / str(world)
        one = play_close(folder, settings, place / "1", {0: "agree", 1: "disagree"})
        other = play_close(folder, settings, place / "2", {0: "disagree", 1: "agree"})
        assert one == other
    figures("two people exchange their answers, after the close", pairs=WORLDS, told_apart=0)
    changed = play_close(folder, settings, tmp_path / "3", {0: "agree", 1: "agree"})
    assert changed != one  # the control: totals are seen


def test_no_tag_joins_a_persons_votes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert joined(folder) == 0


def test_control_one_tag_a_person_joins_their_votes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = lists.sealed_votes

    def by_person(dialogue: Dialogue) -> Iterator[SealedVote]:
        for each in sealed(dialogue):
            yield replace(each, client=each.participant.to_bytes(16, "big"), server=bytes(16))

    monkeypatch.setattr(lists, "sealed_votes", by_person)
    assert joined(folder) >= 20


def joined(folder: Path) -> int:
    """How many tags stand in the lists of two statements."""
    dialogue = make_dialogue(statements=2)
    crowd(dialogue, 20)
    closed(dialogue)
    publish_log()
    first, second = (set(each) for each in lines(folder).values())
    return len(first & second)
