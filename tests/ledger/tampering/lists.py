"""Lists whose lines are not what they must be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ledger.tampering.kinds import BOTH, Change, Records, Tampering, said, total, with_vote
from ledger.town import (
    DELETED,
    KEY,
    LA,
    LOOKED_UP,
    WITHHELD,
    Close,
    blinding_of,
    line_of,
    scalars,
    some,
    vote_of,
)
from middleground.ledger.commitments.answer_proof import LinePlace, prove
from middleground.ledger.commitments.commitment import commit, value_point
from middleground.ledger.commitments.group import ORDER, add, times, times_base
from middleground.ledger.files.vote_list import ListedVote, write_vote_list
from middleground.ledger.records.entries import LoggedList


def line_dropped(close: Close) -> None:
    del close.lists[1][3]


def invented_line(close: Close) -> None:
    close.lists[1].append(line_of(some(32, "invented"), 1, 1))


def mark_flipped(close: Close) -> None:
    close.lists[1][0] = ListedVote(close.lists[1][0].tag, "beside")


def beside_made_counted(close: Close) -> None:
    close.lists[3] = [line for line in close.lists[3] if line.tag != LOOKED_UP.tag]
    close.lists[3].append(line_of(LOOKED_UP.tag, 3, LOOKED_UP.vote))


def withdrawn_made_counted(close: Close) -> None:
    close.lists[2] = [line for line in close.lists[2] if line.tag != DELETED.tag]
    close.lists[2].append(line_of(DELETED.tag, 2, DELETED.vote))


def swapped(statement: int, other: int, *fields: str) -> Change:
    """Exchange fields between the first counted lines, or the first and last of one list."""

    def change(close: Close) -> None:
        at, there = first_counted(close, statement), first_counted(close, other)
        if statement == other:
            there = len(close.lists[other]) - 1
        one, two = close.lists[statement][at], close.lists[other][there]
        assert one.mark == two.mark == "counted"
        close.lists[statement][at] = replace(one, **{name: getattr(two, name) for name in fields})
        close.lists[other][there] = replace(two, **{name: getattr(one, name) for name in fields})

    return change


def first_counted(close: Close, statement: int) -> int:
    marks = [line.mark for line in close.lists[statement]]
    return marks.index("counted")


def first_line(**fields: Callable[[ListedVote], bytes]) -> Change:
    """Change fields of the first line of statement 1."""

    def change(close: Close) -> None:
        line = close.lists[1][0]
        close.lists[1][0] = replace(line, **{name: make(line) for name, make in fields.items()})
        assert close.lists[1][0] != line

    return change


def proved_elsewhere(**elsewhere: object) -> Change:
    """The proof of the same commitment at another place."""

    def make(line: ListedVote) -> bytes:
        answer = next(a for a in (1, 0, -1) if commit(a, blinding_of(line.tag)) == line.commitment)
        place = {"log": KEY.name, "dialogue": LA, "statement": 1, "tag": line.tag} | elsewhere
        return prove(answer, blinding_of(line.tag), LinePlace(**place), scalars(line.tag))

    return first_line(proof=make)


def worth(statement: int, *values: tuple[int, int, int]) -> Change:
    """The first lines commit to other sums of agree, pass and disagree; the total follows them."""

    def change(close: Close) -> None:
        for at, (agree, passed, disagree) in enumerate(values):
            line = close.lists[statement][at]
            assert line.mark == "counted"
            before = next(
                answer
                for answer in (1, 0, -1)
                if commit(answer, blinding_of(line.tag)) == line.commitment
            )
            value = (agree + 2**21 * disagree + 2**42 * passed) % ORDER
            point = add(times(value, value_point()), times_base(blinding_of(line.tag)))
            close.lists[statement][at] = replace(line, commitment=point)
            more = {"agree": agree, "passed": passed, "disagree": disagree}
            more[{1: "agree", 0: "passed", -1: "disagree"}[before]] -= 1
            said(statement, **more)(close)

    return change


def head_of(statement: int, dialogue: str = LA) -> bytes:
    return write_vote_list(dialogue, statement, [])


def list_bytes(statement: int, change: Callable[[bytes], bytes]) -> Change:
    """Change the file of a list."""

    def edit(data: bytes) -> bytes:
        changed = change(data)
        assert changed != data
        return changed

    return lambda close: close.list_bytes.update({statement: edit})


def list_lines(statement: int, change: Callable[[list[bytes]], list[bytes]]) -> Change:
    """Change the lines after the head."""
    return list_bytes(
        statement,
        lambda data: b"".join(
            [head_of(statement), *change(data[len(head_of(statement)) :].splitlines(keepends=True))]
        ),
    )


def lists_swapped(close: Close) -> None:
    """Two statements name each other's lists."""

    def exchange(records: Records) -> Records:
        one, two, *rest = records
        assert isinstance(one, LoggedList)
        assert isinstance(two, LoggedList)
        return [replace(one, document=two.document), replace(two, document=one.document), *rest]

    close.records = exchange


def tag_moved(close: Close) -> None:
    """A tag of statement 1 fills up the withheld list, too."""
    close.lists[WITHHELD][0] = ListedVote(close.lists[1][0].tag, "withheld")


def voted_on_two_statements_by_one_tag(close: Close) -> None:
    answer = vote_of(0, 1).vote
    close.lists[2].append(line_of(close.lists[1][0].tag, 2, answer))
    close.opened[2] = with_vote(total(close, 2), close.lists[1][0].tag, answer)


def tag_in_two_dialogues(close: Close) -> None:
    data = write_vote_list("riverside", 1, [ListedVote(close.lists[1][0].tag, "withheld")])
    other = LoggedList("riverside", 1, close.town.document(data))
    close.records = lambda records: [other, *records]


def beyond_the_order(line: ListedVote) -> bytes:
    number = int.from_bytes(line.proof[:32], "little") + ORDER
    return number.to_bytes(32, "little") + line.proof[32:]


def odd_base64(data: bytes) -> bytes:
    """The same commitment in another spelling: unused bits of its last digit are set."""
    before = data.split(b"=", 1)[0]
    last = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    digit = last.index(before[-1:])
    assert digit % 4 == 0
    return data.replace(before + b"=", before[:-1] + last[digit + 1 : digit + 2] + b"=", 1)


LISTS = [
    Tampering("a line dropped", line_dropped, {"total"}),
    Tampering("a line invented", invented_line, {"total"}),
    Tampering("a counted vote put beside", mark_flipped, {"total"}),
    Tampering("a vote beside counted", beside_made_counted, {"total"}),
    Tampering("a vote that was taken back counted", withdrawn_made_counted, {"total"}),
    Tampering("commitments swapped in a list", swapped(1, 1, "commitment"), {"list"}),
    Tampering(
        "commitments and proofs swapped in a list", swapped(1, 1, "commitment", "proof"), {"list"}
    ),
    Tampering("proofs swapped in a list", swapped(1, 1, "proof"), {"list"}),
    Tampering("tags swapped between lists", swapped(1, 2, "tag"), {"list"}),
    Tampering("commitments swapped between lists", swapped(1, 2, "commitment"), BOTH),
    Tampering(
        "votes swapped between lists", swapped(1, 2, "tag", "commitment", "proof"), BOTH
    ),
    Tampering("another tag", first_line(tag=lambda _: some(32, "another tag")), {"list"}),
    Tampering("a proof of zeros", first_line(proof=lambda _: bytes(192)), {"list"}),
    Tampering("a proof of nothing", first_line(proof=lambda line: line.proof[::-1]), {"list"}),
    Tampering("a challenge beyond the order", first_line(proof=beyond_the_order), {"list"}),
    Tampering("a proof for another log", proved_elsewhere(log="other.example"), {"list"}),
    Tampering("a proof for another dialogue", proved_elsewhere(dialogue="riverside"), {"list"}),
    Tampering("a proof for another statement", proved_elsewhere(statement=2), {"list"}),
    Tampering("a proof for another tag", proved_elsewhere(tag=bytes(32)), {"list"}),
    Tampering("a line worth two votes", worth(1, (2, 0, 0)), BOTH),
    Tampering("two lines worth two and none", worth(1, (2, 0, 0), (0, 0, 0)), {"list", "map"}),
    Tampering("two lines worth two and minus one of one answer", worth(
        1, (2, 0, 0), (-1, 1, 0)), {"list", "map"},
    ),
    Tampering("a line worth 500 agree and −499 disagree", worth(
        1, (5, 0, -4), (-4, 0, 5)), {"list"},
    ),
    Tampering("a line worth no answer", worth(1, (0, 0, 0)), BOTH),
    Tampering("a line worth all three answers", worth(1, (1, 1, 1)), BOTH),
    Tampering("a carry: 2²¹ agree instead of disagree", worth(1, (2**21, 0, 0)), BOTH),
    Tampering("a commitment to identity", first_line(commitment=lambda _: bytes(32)), BOTH),
    Tampering("a commitment that is no point", first_line(commitment=lambda _: b"\xff" * 32), BOTH),
    Tampering("a commitment with a sign", first_line(
        commitment=lambda line: bytes([line.commitment[0] | 1]) + line.commitment[1:]), BOTH,
    ),
    Tampering("a commitment with its highest bit set", first_line(
        commitment=lambda line: line.commitment[:-1] + bytes([line.commitment[-1] | 128])), BOTH,
    ),
    Tampering("a commitment too long", first_line(
        commitment=lambda line: line.commitment + b"\0"), BOTH,
    ),
    Tampering("a commitment too short", first_line(
        commitment=lambda line: line.commitment[:-1]), BOTH,
    ),
    Tampering("a proof too short", first_line(proof=lambda line: line.proof[:-1]), BOTH),
    Tampering("a proof too long", first_line(proof=lambda line: line.proof + b"\0"), BOTH),
    Tampering("another spelling of a commitment", list_bytes(1, odd_base64), BOTH),
    Tampering("a line twice", list_lines(1, lambda lines: [lines[0], *lines]), BOTH),
    Tampering("lines out of order", list_lines(1, lambda lines: lines[::-1]), BOTH),
    Tampering("an empty line", list_lines(1, lambda lines: [*lines, b"\n"]), BOTH),
    Tampering("a line cut off", list_lines(1, lambda lines: [*lines[:-1], lines[-1][:-1]]), BOTH),
    Tampering("another mark", list_lines(
        1, lambda lines: [lines[0].replace(b"counted", b"Counted"), *lines[1:]]), BOTH,
    ),
    Tampering("some lines withheld", list_lines(
        1, lambda lines: [lines[0][:64] + b" withheld\n", *lines[1:]]), BOTH,
    ),
    Tampering("beside with a commitment", list_lines(
        1, lambda lines: [lines[0].replace(b"counted", b"beside"), *lines[1:]]), BOTH,
    ),
    Tampering("counted without a commitment", list_lines(
        1, lambda lines: [lines[0][:64] + b" counted\n", *lines[1:]]), BOTH,
    ),
    Tampering("a tag in capitals", list_lines(
        1, lambda lines: [lines[0][:64].upper() + lines[0][64:], *lines[1:]]), BOTH,
    ),
    Tampering("a space at the end", list_lines(
        1, lambda lines: [*lines[:-1], lines[-1][:-1] + b" \n"]), BOTH),
    Tampering("two spaces", list_lines(
        1, lambda lines: [lines[0].replace(b" ", b"  ", 1), *lines[1:]]), BOTH,
    ),
    Tampering("lines that end as on Windows", list_bytes(
        1, lambda data: data.replace(b"\n", b"\r\n")), BOTH),
    Tampering("a byte order mark", list_bytes(1, lambda data: b"\xef\xbb\xbf" + data), BOTH),
    Tampering("an empty file of a list", list_bytes(1, lambda _: b""), BOTH),
    Tampering("bytes that are no text", list_bytes(1, lambda data: data + b"\xff\n"), BOTH),
    Tampering("a list of another version", list_bytes(
        1, lambda data: data.replace(b"list/v1", b"list/v2")), BOTH,
    ),
    Tampering("a list of another dialogue", list_bytes(
        1, lambda data: data.replace(LA.encode(), b"riverside")), BOTH,
    ),
    Tampering("a list of another statement", list_bytes(
        1, lambda data: data.replace(b"statement 1\n", b"statement 2\n")), BOTH,
    ),
    Tampering("two statements' lists swapped", lists_swapped, BOTH),
    Tampering("a list emptied", list_bytes(1, lambda _: head_of(1)), {"total"}),
    Tampering("a tag in two lists", tag_moved, {"tag"}),
    Tampering(
        "a tag counted on two statements", voted_on_two_statements_by_one_tag, {"tag", "map"}
    ),
    Tampering("a tag in two dialogues", tag_in_two_dialogues, {"tag"}),
]  # fmt: skip
