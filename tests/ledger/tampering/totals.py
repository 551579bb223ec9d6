"""Totals that are not the sums of their lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ledger.tampering.kinds import Change, Tampering, said, total
from ledger.town import LA, LOOKED_UP, PEOPLE, WITHHELD, Close, total_of, vote_of
from middleground.ledger.commitments.group import ORDER
from middleground.ledger.files.totals import OpenedTotal


def blinded(statement: int, factor: Callable[[int], int]) -> Change:
    def change(close: Close) -> None:
        right = total(close, statement)
        close.opened[statement] = replace(right, blinding=factor(right.blinding) % ORDER)

    return change


def totals_swapped(close: Close) -> None:
    close.opened[1], close.opened[2] = close.opened[2], close.opened[1]


def answers_swapped(close: Close) -> None:
    right = total(close, 1)
    votes = replace(right.votes, agree=right.votes.disagree, disagree=right.votes.agree)
    assert votes != right.votes
    close.opened[1] = replace(right, votes=votes)


def opened_as(total: OpenedTotal | None, *statements: int) -> Change:
    return lambda close: close.opened.update(dict.fromkeys(statements, total))


def total_missing(close: Close) -> None:
    del close.opened[2]


def opened_truly_but_withheld_in_its_list(close: Close) -> None:
    close.opened[WITHHELD] = total_of({v.tag: v.vote for v in map(voter_on(WITHHELD), range(2))})


def total_counts_a_line_beside(close: Close) -> None:
    right = total(close, 3)
    counted = {vote_of(person, 3).tag: vote_of(person, 3).vote for person in PEOPLE}
    assert LOOKED_UP.tag in counted
    assert total_of(counted) != right
    close.opened[3] = total_of(counted)


def totals_text(change: Callable[[str], str]) -> Change:
    """Change the file of the totals."""

    def edit(data: bytes) -> bytes:
        changed = change(data.decode()).encode()
        assert changed != data
        return changed

    return lambda close: setattr(close, "totals_bytes", edit)


def totals_lines(change: Callable[[list[str]], list[str]]) -> Change:
    return totals_text(lambda text: "".join(change(text.splitlines(keepends=True))))


def blinding_beyond_the_order(text: str) -> str:
    scalar = text.split("\n")[2].split(" ")[-1]
    number = int.from_bytes(bytes.fromhex(scalar), "little") + ORDER
    return text.replace(scalar, number.to_bytes(32, "little").hex())


def big_endian_blinding(text: str) -> str:
    scalar = text.split("\n")[2].split(" ")[-1]
    return text.replace(scalar, bytes.fromhex(scalar)[::-1].hex())


def voter_on(statement: int) -> Callable[[int], object]:
    return lambda person: vote_of(person, statement)


NO_VOTES = total_of({})
TOTALS = [
    Tampering("totals of two statements swapped", totals_swapped, {"total"}),
    Tampering("agree and disagree swapped", answers_swapped, {"total"}),
    Tampering("agree raised", said(1, agree=1), {"total"}),
    Tampering("disagree lowered", said(2, disagree=-1), {"total"}),
    Tampering("pass raised", said(3, passed=1), {"total"}),
    Tampering("a vote moved to another answer", said(5, agree=1, passed=-1), {"total"}),
    Tampering("2²¹ agree for one disagree", said(1, agree=2**21, disagree=-1), {"total"}),
    Tampering("2²¹ disagree for one pass", said(1, disagree=2**21, passed=-1), {"total"}),
    Tampering("2⁴² agree for one pass", said(1, agree=2**42, passed=-1), {"total"}),
    Tampering("the largest number", said(1, agree=2**62), {"total"}),
    Tampering("another blinding factor", blinded(1, lambda right: right + 1), {"total"}),
    Tampering("no blinding factor", blinded(1, lambda _: 0), {"total"}),
    Tampering("negated blinding factor", blinded(1, lambda right: -right), {"total"}),
    Tampering("blinding factor too large", totals_text(blinding_beyond_the_order), {"total"}),
    Tampering("blinding factor backwards", totals_text(big_endian_blinding), {"total"}),
    Tampering("a total missing", total_missing, {"total"}),
    Tampering("a total of no list", opened_as(NO_VOTES, 9), {"total"}),
    Tampering("withheld, of no list", opened_as(None, 9), {"total"}),
    Tampering("withheld, and its list opened", opened_as(None, 1), {"total"}),
    Tampering("everything withheld in the totals", opened_as(None, 1, 2, 3, 5), {"total"}),
    Tampering("opened as nothing, and its list withheld", opened_as(NO_VOTES, WITHHELD), {"total"}),
    Tampering(
        "opened truly, and its list withheld", opened_truly_but_withheld_in_its_list, {"total"}
    ),
    Tampering("a vote beside is counted in the total", total_counts_a_line_beside, {"total"}),
    Tampering("no totals", totals_lines(lambda lines: lines[:2]), {"total"}),
    Tampering("a total twice", totals_lines(lambda lines: [*lines[:3], *lines[2:]]), {"total"}),
    Tampering(
        "totals out of order", totals_lines(lambda lines: [*lines[:2], *lines[:1:-1]]), {"total"}
    ),
    Tampering(
        "totals of another dialogue", totals_text(lambda text: text.replace(LA, "riverside")),
        {"total"},
    ),
    Tampering("a number with a zero before it", totals_text(
        lambda text: text.replace("agree ", "agree 0", 1)), {"total"},
    ),
    Tampering("a negative number", totals_text(
        lambda text: text.replace("agree ", "agree -", 1)), {"total"},
    ),
    Tampering("digits of another alphabet", totals_text(
        lambda text: text.replace("statement 1 ", "statement ١ ")), {"total"},
    ),
    Tampering("totals cut off", totals_text(lambda text: text[:-1]), {"total"}),
    Tampering("totals of another version", totals_text(
        lambda text: text.replace("totals/v1", "totals/v2")), {"total"},
    ),
    Tampering("a field more", totals_text(
        lambda text: text.replace(" blinding", " unsure 0 blinding")), {"total"},
    ),
    Tampering("an empty file of totals", totals_text(lambda _: ""), {"total"}),
]  # fmt: skip
