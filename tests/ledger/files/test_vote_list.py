"""A vote list has one spelling, and nothing that differs from it is read."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.town import LA, Close, Town, line_of, lists_and_totals, some
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.commitments.group import times_base
from middleground.ledger.files import vote_list
from middleground.ledger.files.vote_list import (
    ListedVote,
    VoteList,
    read_vote_list,
    write_vote_list,
)

POINTS = [times_base(n) for n in range(20)]
TAGS = st.binary(min_size=32, max_size=32)
COUNTED = st.builds(
    ListedVote,
    TAGS,
    st.just("counted"),
    st.sampled_from(POINTS),
    st.binary(min_size=192, max_size=192),
)
BESIDE = st.builds(ListedVote, TAGS, st.just("beside"))
WITHHELD = st.builds(ListedVote, TAGS, st.just("withheld"))
LISTS = st.lists(COUNTED | BESIDE, unique_by=lambda vote: vote.tag, max_size=8) | st.lists(
    WITHHELD, unique_by=lambda vote: vote.tag, max_size=8
)


@settings(max_examples=50, deadline=None)
@given(LISTS)
def test_a_list_reads_back_sorted_by_tag(votes: list[ListedVote]) -> None:
    data = write_vote_list(LA, 12, votes)
    read = read_vote_list(data, LA, 12)
    assert read == VoteList(LA, 12, tuple(sorted(votes, key=lambda vote: vote.tag)))
    assert write_vote_list(LA, 12, read.votes) == data == write_vote_list(LA, 12, votes[::-1])
    assert read.counted == [vote for vote in read.votes if vote.mark == "counted"]


def test_the_lines_by_hand() -> None:
    votes = [
        ListedVote(b"\2" * 32, "beside"),
        ListedVote(b"\1" * 32, "counted", POINTS[1], bytes(192)),
    ]
    point, proof = (base64.b64encode(part).decode() for part in (POINTS[1], bytes(192)))
    assert write_vote_list("la", 12, votes).decode() == (
        "vote-list/v1\n"
        "dialogue la\n"
        "statement 12\n"
        f"{'01' * 32} counted {point} {proof}\n"
        f"{'02' * 32} beside\n"
    )
    shut = [ListedVote(b"\1" * 32, "withheld")]
    assert write_vote_list("la", 13, shut).decode() == (
        f"vote-list/v1\ndialogue la\nstatement 13\n{'01' * 32} withheld\n"
    )


def test_an_empty_list_is_three_lines() -> None:
    data = write_vote_list(LA, 1, [])
    assert data == f"vote-list/v1\ndialogue {LA}\nstatement 1\n".encode()
    assert read_vote_list(data, LA, 1).votes == ()


def test_a_tag_stands_once() -> None:
    twice = [ListedVote(b"\1" * 32, "beside"), ListedVote(b"\1" * 32, "beside")]
    with pytest.raises(BadRecord, match="line 5: a tag stands twice or out of order"):
        read_vote_list(write_vote_list(LA, 1, twice), LA, 1)


WHOLE = write_vote_list(LA, 3, lists_and_totals()[0][3])
HEAD = write_vote_list(LA, 3, [])


def first(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Change the first line."""

    def edit(data: bytes) -> bytes:
        lines = data[len(HEAD) :].splitlines(keepends=True)
        return HEAD + b"".join([change(lines[0]), *lines[1:]])

    return edit


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: b"", "begin with its dialogue"),
        (lambda _: b"\n", "begin with its dialogue"),
        (lambda data: data[:-1], "begin with its dialogue"),
        (lambda data: b"\xef\xbb\xbf" + data, "plain text"),
        (lambda data: data + "é\n".encode(), "plain text"),
        (lambda data: data.replace(b"/v1", b"/v2"), "begin with its dialogue"),
        (lambda data: data.replace(b"statement 3", b"statement 03"), "begin with its dialogue"),
        (lambda data: data.replace(b"statement 3\n", b"statement 3\n\n"), "line 4: "),
        (lambda data: data + b"\n", "line 8: "),
        (lambda data: data + b"x\n", "line 8: "),
        (first(lambda line: line + line), "line 5: a tag stands twice or out of order"),
        (first(lambda line: line.upper()), "line 4: "),
        (first(lambda line: b" " + line), "line 4: "),
        (first(lambda line: line[2:]), "line 4: .* is not 32 bytes"),
        (first(lambda line: b"ab" + line), "line 4: .* is not 32 bytes"),
        (first(lambda line: line[:64] + b"\n"), "line 4: a line is a tag with"),
        (first(lambda line: line[:64] + b" \n"), "line 4: a line is a tag with"),
        (first(lambda line: line[:64] + b" counted\n"), "line 4: a line is a tag with"),
        (first(lambda line: line[:64] + b" beside \n"), "line 4: a line is a tag with"),
        (first(lambda line: line[:64] + b" withheld\n"), "only some of its lines are withheld"),
        (first(lambda line: line[:-1] + b" more\n"), "line 4: a line is a tag with"),
        (first(lambda line: line.replace(b" ", b"\t")), "line 4: "),
        (first(lambda line: line[:-1] + b"\r\n"), "line 4: "),
        (first(lambda line: line[:-5] + b"\n"), "line 4: the proof has another length"),
        (first(lambda line: line[:-1] + b"AAAA\n"), "line 4: the proof has another length"),
        (first(lambda line: line[:-1] + b"=\n"), "line 4: "),
        (first(lambda line: line.replace(b" counted ", b" counted /")), "line 4: "),
    ],
)
def test_other_files_are_refused(change: Callable[[bytes], bytes], words: str) -> None:
    assert read_vote_list(WHOLE, LA, 3).counted
    with pytest.raises(BadRecord, match=words):
        read_vote_list(change(WHOLE), LA, 3)


@pytest.mark.parametrize(("dialogue", "statement"), [("riverside", 3), (LA, 4), (LA, 33)])
def test_a_list_is_of_one_statement(dialogue: str, statement: int) -> None:
    with pytest.raises(BadRecord):
        read_vote_list(WHOLE, dialogue, statement)


@pytest.mark.parametrize("commitment", [b"\xff" * 32, b"\1" + bytes(31), bytes(31) + b"\x80"])
def test_a_commitment_must_be_a_point(commitment: bytes) -> None:
    line = ListedVote(bytes(32), "counted", commitment, bytes(192))
    with pytest.raises(BadRecord, match="line 4: these 32 bytes encode no point"):
        read_vote_list(write_vote_list(LA, 1, [line]), LA, 1)


def test_a_commitment_may_be_the_identity() -> None:
    line = ListedVote(bytes(32), "counted", bytes(32), bytes(192))
    assert read_vote_list(write_vote_list(LA, 1, [line]), LA, 1).counted == [line]


def test_a_list_has_a_largest_number_of_counted_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond it a sum could run over. Others do not count: nobody can fill up a list with them."""
    monkeypatch.setattr(vote_list, "MOST_VOTES", 3)
    lines = [line_of(some(32, n), 1, 1) for n in range(4)]
    beside = [ListedVote(some(32, "beside", n), "beside") for n in range(9)]
    assert read_vote_list(write_vote_list(LA, 1, lines[:3] + beside), LA, 1).counted
    with pytest.raises(BadRecord, match="a list has at most 3 counted lines"):
        read_vote_list(write_vote_list(LA, 1, lines), LA, 1)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_what_is_read_has_the_bytes_that_writing_gives(data: st.DataObject) -> None:
    """No bytes make reading fail in another way, and no list has a second spelling."""
    changed = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(changed) - 1))
        end = place + data.draw(st.integers(0, 2))
        changed[place:end] = data.draw(st.binary(max_size=2) | st.sampled_from([b" ", b"\n", b"="]))
    try:
        read = read_vote_list(bytes(changed), LA, 3)
    except BadRecord:
        return
    assert write_vote_list(LA, 3, read.votes) == bytes(changed)


def test_lists_of_the_town_are_in_that_spelling(open_town: Town) -> None:
    close = Close(open_town)
    close.publish()
    for statement, lines in close.lists.items():
        data = write_vote_list(LA, statement, lines)
        assert read_vote_list(data, LA, statement).votes == tuple(lines)
