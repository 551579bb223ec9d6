"""Records, sealed votes and statements, and promises each have exactly one encoding."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.keyring import log_key
from middleground.dialogues.log_kinds import Merge
from middleground.ledger.codecs import field_codecs
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.codecs.line_codec import codecs_of, decode, encode
from middleground.ledger.codecs.utc_text import utc_text
from middleground.ledger.notes.checkpoint import BadCheckpoint, open_checkpoint
from middleground.ledger.notes.note import sign_note
from middleground.ledger.notes.promise import BadPromise, Promise, open_promise, sign_promise
from middleground.ledger.records.entries import ClosedDialogue, LoggedBox, LoggedList, Moderation
from middleground.ledger.records.kinds import (
    UnknownEntry,
    UnknownKind,
    read_entry,
    read_unknown,
    register,
    registered,
    write_entry,
)
from middleground.ledger.records.receipt import BoxedVote
from middleground.ledger.records.text_opening import TextOpening
from middleground.ledger.records.vote_opening import VoteOpening, tag_of

LABELS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80)
BY_CODEC = {
    "LABEL": LABELS,
    "NUMBER": st.integers(0, 2**63 - 1),
    "TEXT": TEXTS,
    "HASH": st.binary(min_size=32, max_size=32),
    "NONCE": st.binary(min_size=16, max_size=16),
    "VOTE": st.sampled_from([1, 0, -1]),
}
OPENING = VoteOpening(bytes(16), bytes(range(16)), b"s" * 16, "los-angeles", 12, 1)


def values_of(kind: type) -> st.SearchStrategy:
    """Any record of this kind."""
    by_codec = {id(getattr(field_codecs, name)): values for name, values in BY_CODEC.items()}
    return st.builds(kind, **{name: by_codec[id(codec)] for name, codec in codecs_of(kind).items()})


ANY_RECORD = st.one_of(
    *(values_of(kind) for kind in (*registered().values(), VoteOpening, BoxedVote, Promise))
)


def test_the_kinds_that_are_logged() -> None:
    for app in ("dialogues", "threads"):
        import_module(f"middleground.{app}.log_kinds")
    assert sorted(registered()) == [
        "answer-rules/v1", "box/v1", "closed/v1", "commitment/v1", "correction/v1", "erasures/v1",
        "evidence/v1", "invitations/v1", "map/v1", "merge/v1", "moderation/v1",
        "post-comment/v1", "response-withdrawn/v1",
        "response/v1", "sealed-text/v1", "settings/v1", "text-moderation/v1", "votes/v1",
    ]  # fmt: skip


def test_a_record_by_hand() -> None:
    record = Moderation("los-angeles", 12, "reject", "off_topic")
    entry = b"moderation/v1\ndialogue los-angeles\nstatement 12\naction reject\nreason off_topic\n"
    assert write_entry(record) == entry
    assert read_entry(entry) == record


@pytest.mark.parametrize(
    ("record", "lines"),
    [
        (LoggedBox("la", b"r" * 32), f"box/v1\ndialogue la\nroot {'72' * 32}\n"),
        (
            LoggedList("la", 12, b"d" * 32),
            f"votes/v1\ndialogue la\nstatement 12\ndocument {'64' * 32}\n",
        ),
        (
            ClosedDialogue("la", b"m" * 32, 3, b"d" * 32),
            f"closed/v1\ndialogue la\nmap {'6d' * 32}\nlists 3\ndocument {'64' * 32}\n",
        ),
    ],
)
def test_records_of_votes_by_hand(record: object, lines: str) -> None:
    assert write_entry(record) == lines.encode()
    assert read_entry(lines.encode()) == record


@given(ANY_RECORD)
def test_a_record_reads_back(record: object) -> None:
    assert decode(type(record), encode(record)) == record


@given(ANY_RECORD, ANY_RECORD)
def test_two_records_never_share_their_bytes(one: object, two: object) -> None:
    assert (encode(one) == encode(two)) == (one == two and type(one) is type(two))


@given(values_of(Moderation), st.data())
def test_other_encodings_of_a_record_are_refused(record: Moderation, data: st.DataObject) -> None:
    """Any record that is read has the bytes that writing it gives, so it has no second encoding."""
    entry = bytearray(write_entry(record))
    place = data.draw(st.integers(0, len(entry) - 1))
    entry[place] = data.draw(st.integers(0, 255))
    try:
        read = read_entry(bytes(entry))
    except BadRecord:
        return
    assert write_entry(read) == bytes(entry)


@pytest.mark.parametrize(
    "entry",
    [
        b"merge/v1\ndialogue a\nstatement 1\ninto 02\n",
        b"merge/v1\ndialogue a\nstatement 1\ninto 2",
        b"merge/v1\ndialogue a\nstatement 1\ninto 2\n\n",
        b"merge/v1\ndialogue a\nstatement 1\ninto  2\n",
        b"merge/v1\ndialogue a\ninto 2\nstatement 1\n",
        b"merge/v1\ndialogue a\nstatement 1\n",
        b"merge/v1\ndialogue a b\nstatement 1\ninto 2\n",
        b"merge/v1\ndialogue a\nstatement 1\ninto 9223372036854775808\n",
        "merge/v1\ndialogue a\nstatement 1\ninto ٢\n".encode(),
        b"merge/v1\ndialogue \xff\nstatement 1\ninto 2\n",
        b"box/v1\ndialogue a\nroot " + b"A" * 64 + b"\n",
        b"box/v1\ndialogue a\nroot " + b"a" * 63 + b"\n",
        b"votes/v1\ndialogue a\nstatement -1\ndocument " + b"a" * 64 + b"\n",
        b"closed/v1\ndialogue a\nlists 0\nmap " + b"a" * 64 + b"\ndocument " + b"a" * 64 + b"\n",
        b"erasures/v1\ndialogue a\nvotes 0\ntexts 0\n",
    ],
)
def test_records_that_are_not_canonical_are_refused(entry: bytes) -> None:
    with pytest.raises(BadRecord) as problem:
        read_entry(entry)
    assert not isinstance(problem.value, UnknownKind)


@pytest.mark.parametrize(
    "entry", [b"", b"box", b"box/v2\n", b"vote/v1\n", b"new/v1\nx 1\n", b"\xff\n"]
)
def test_an_unknown_kind_is_distinguished(entry: bytes) -> None:
    with pytest.raises(UnknownKind):
        read_entry(entry)


def test_a_kind_is_registered_once_and_only_what_is_registered_is_written() -> None:
    @dataclass(frozen=True)
    class OtherMerge:
        KIND: ClassVar[str] = "merge"
        dialogue: field_codecs.Label

    with pytest.raises(ValueError, match="two kinds of entries are called merge/v1"):
        register(OtherMerge)
    assert registered()["merge/v1"] is Merge
    with pytest.raises(UnknownKind):
        write_entry(OtherMerge("a"))


HASHED = "ab" * 32


@pytest.mark.parametrize(
    ("entry", "read"),
    [
        ("new/v1\n", UnknownEntry("new", None, None)),
        ("vote/v2\ndialogue a\n", UnknownEntry("vote", "a", None)),
        (f"new/v1\ndocument {HASHED}\n", UnknownEntry("new", None, bytes.fromhex(HASHED))),
        (f"n/v1\nx \ndialogue a b\ndocument {HASHED}0\n", UnknownEntry("n", None, None)),
        ("new/v1\ndialogue a\ndialogue a\n", None),
        ("new/v1\ndialogue a", None),
        ("new/v1\n\n", None),
        ("new/v1\n dialogue a\n", None),
        ("new/v01\ndialogue a\n", None),
        ("new\ndialogue a\n", None),
        ("", None),
    ],
)
def test_records_of_an_unknown_kind_are_read_in_part(entry: str, read: UnknownEntry | None) -> None:
    assert read_unknown(entry.encode()) == read


@pytest.mark.parametrize(
    "record",
    [
        Merge("", 1, 2),
        Merge("a\nb", 1, 2),
        Merge("../a", 1, 2),
        Merge("a", -1, 2),
        Merge("a", 1, 2**63),
        LoggedBox("a", b"short"),
        replace(OPENING, vote=2),
        TextOpening(bytes(16), "a", "b", 1, "two\nlines"),
        TextOpening(bytes(16), "a", "b", 1, "half a character \ud800"),
        TextOpening(bytes(16), "a", "b", 1, "x" * 8001),
    ],
)
def test_invalid_values_are_not_written(record: object) -> None:
    with pytest.raises(BadRecord):
        encode(record)


def test_a_field_of_an_unsupported_type_is_refused() -> None:
    @dataclass(frozen=True)
    class Loose:
        KIND: ClassVar[str] = "loose"
        words: str

    with pytest.raises(TypeError, match=r"Loose\.words has no form"):
        encode(Loose("a"))


def test_a_seal_is_the_sha256_of_the_openings_lines() -> None:
    lines = (
        "vote-opening/v1\n"
        "client 00000000000000000000000000000000\n"
        "server 000102030405060708090a0b0c0d0e0f\n"
        f"salt {'73' * 16}\n"
        "dialogue los-angeles\n"
        "statement 12\n"
        "vote agree\n"
    )
    assert OPENING.seal() == hashlib.sha256(lines.encode()).digest()


def test_every_part_of_an_opening_changes_its_seal() -> None:
    others = {
        "client": b"c" * 16,
        "server": b"s" * 16,
        "salt": b"t" * 16,
        "dialogue": "elsewhere",
        "statement": 13,
        "vote": -1,
    }
    assert set(others) == {field.name for field in fields(OPENING)}
    seals = {replace(OPENING, **{name: value}).seal() for name, value in others.items()}
    assert len(seals | {OPENING.seal()}) == 7


NONCES = ("client", "server", "salt")


def test_each_of_three_nonces_alone_prevents_guessing_a_vote() -> None:
    """Known bad first: whoever knows all of them finds the vote by three trials."""
    vote = replace(OPENING, client=b"c" * 16, server=b"s" * 16, salt=b"t" * 16)

    def guesses(**known: bytes) -> list[int]:
        zeros = dict.fromkeys(NONCES, bytes(16))
        tried = [replace(vote, **(zeros | known), vote=answer) for answer in (1, 0, -1)]
        return [each.vote for each in tried if each.seal() == vote.seal()]

    right = {name: getattr(vote, name) for name in NONCES}
    assert guesses(**right) == [1]
    for hidden in NONCES:
        assert guesses(**{name: value for name, value in right.items() if name != hidden}) == []


def test_a_tag_by_hand() -> None:
    lines = f"vote-tag/v1\nclient {'01' * 16}\nserver {'02' * 16}\n"
    assert tag_of(b"\1" * 16, b"\2" * 16) == hashlib.sha256(lines.encode()).digest()
    assert OPENING.tag == tag_of(OPENING.client, OPENING.server)


def test_a_tag_stays_when_the_vote_changes_and_depends_on_both_sides() -> None:
    """The device's number alone makes a new tag: no host can give two people the same one."""
    same = [replace(OPENING, salt=b"t" * 16), replace(OPENING, vote=-1), replace(OPENING, vote=0)]
    assert {each.tag for each in same} == {OPENING.tag}
    others = [replace(OPENING, client=b"c" * 16), replace(OPENING, server=b"c" * 16)]
    swapped = replace(OPENING, client=OPENING.server, server=OPENING.client)
    assert len({each.tag for each in (OPENING, swapped, *others)}) == 4


def test_neither_tag_nor_seal_tells_the_other() -> None:
    """From the tag of a list nobody computes the seal of a box: the salt is missing."""
    assert OPENING.tag not in {replace(OPENING, vote=vote).seal() for vote in (1, 0, -1)}
    assert replace(OPENING, salt=bytes(16)).seal() != OPENING.seal()


def test_a_statements_salt_hides_its_text() -> None:
    opening = TextOpening(b"s" * 16, "a", "statements", 1, "More shade.")
    assert opening.sealed().seal != replace(opening, salt=b"t" * 16).sealed().seal
    lines = f"text-opening/v1\nsalt {(b's' * 16).hex()}\ndialogue a\ncollection statements\n"
    lines += "number 1\ntext More shade.\n"
    assert opening.seal() == hashlib.sha256(lines.encode()).digest()


@given(values_of(Promise))
def test_a_promise_opens_only_with_the_key_of_its_log(promise: Promise) -> None:
    promise = replace(promise, origin=log_key().name)
    data = str(sign_promise(promise, log_key())).encode()
    assert open_promise(data, log_key().verifier) == promise
    with pytest.raises(BadPromise):
        open_promise(data, log_key("other.example").verifier)


def test_a_promise_is_no_checkpoint_and_cannot_be_moved_to_another_log() -> None:
    key = log_key()
    note = sign_promise(Promise("other.example", "la", 5, bytes(32)), key)
    with pytest.raises(BadPromise, match="another log"):
        open_promise(str(note).encode(), key.verifier)
    with pytest.raises(BadCheckpoint):
        open_checkpoint(str(note).encode(), key.verifier)
    with pytest.raises(BadPromise, match="not a record of kind promise/v1"):
        open_promise(str(sign_note("words\n", key)).encode(), key.verifier)


def test_a_promise_by_hand_tells_no_time() -> None:
    lines = f"promise/v1\norigin a\ndialogue la\nstatement 5\ntag {'00' * 32}\n"
    assert encode(Promise("a", "la", 5, bytes(32))).decode() == lines


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1970-01-01 00:00 UTC"),
        (951_782_400, "2000-02-29 00:00 UTC"),
        (1_795_489_199, "2026-11-24 02:59 UTC"),
        (4_107_542_400, "2100-03-01 00:00 UTC"),
        (253_402_300_799, "9999-12-31 23:59 UTC"),
        (253_402_300_800, "second 253402300800 of this calendar"),
        (2**63 - 1, "second 9223372036854775807 of this calendar"),
    ],
)
def test_times_are_written_in_words(seconds: int, words: str) -> None:
    assert utc_text(seconds) == words


@given(st.datetimes())
def test_times_in_words_agree_with_the_calendar(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    seconds = (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    assert utc_text(seconds) == f"{aware.year:04d}-{aware:%m-%d %H:%M} UTC"
