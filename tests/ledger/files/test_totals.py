"""Totals have one spelling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.commitments.commitment import VoteTotals
from middleground.ledger.commitments.group import ORDER, write_scalar
from middleground.ledger.files.totals import OpenedTotal, Totals, read_totals, write_totals

NUMBERS = st.integers(0, 2**63 - 1)
OPENED = st.builds(
    OpenedTotal, st.builds(VoteTotals, NUMBERS, NUMBERS, NUMBERS), st.integers(0, ORDER - 1)
)
TOTALS = st.dictionaries(NUMBERS, st.none() | OPENED, max_size=5)


@settings(max_examples=50)
@given(TOTALS)
def test_totals_read_back(statements: dict[int, OpenedTotal | None]) -> None:
    data = write_totals(Totals("la", statements))
    assert read_totals(data, "la") == Totals("la", statements)


OPEN = OpenedTotal(VoteTotals(agree=120, passed=12, disagree=30), 258)
DATA = write_totals(Totals("la", {13: None, 12: OPEN, 2: None}))


def test_the_lines_by_hand() -> None:
    assert DATA.decode() == (
        "vote-totals/v1\n"
        "dialogue la\n"
        "statement 2 withheld\n"
        f"statement 12 agree 120 pass 12 disagree 30 blinding 0201{'00' * 30}\n"
        "statement 13 withheld\n"
    )
    assert write_totals(Totals("la", {})) == b"vote-totals/v1\ndialogue la\n"
    assert read_totals(b"vote-totals/v1\ndialogue la\n", "la").statements == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda data: data[:-1],
        lambda data: data + b"\n",
        lambda data: b"\n" + data,
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"/v1", b"/v2"),
        lambda data: data.replace(b"dialogue la", b"dialogue lb"),
        lambda data: data.replace(b"statement 2 ", b"statement 02 "),
        lambda data: data.replace(b"statement 2 ", b"statement 13 "),
        lambda data: data.replace(b"statement 2 ", b"statement 14 "),
        lambda data: data.replace(b"statement 2 ", b"statement 12 "),
        lambda data: data.replace(b"statement 2 ", b"statement  2 "),
        lambda data: data.replace(b"statement 2 ", b"statement -2 "),
        lambda data: data.replace(b"statement 2 ", "statement ٢ ".encode()),
        lambda data: data.replace(b"statement 2 ", b"statement 9223372036854775808 "),
        lambda data: data.replace(b"agree 120", b"agree 0120"),
        lambda data: data.replace(b"agree 120", b"agree +120"),
        lambda data: data.replace(b"agree 120", b"agree 1_20"),
        lambda data: data.replace(b"agree 120", b"agree 120.0"),
        lambda data: data.replace(b"agree 120 pass 12", b"pass 12 agree 120"),
        lambda data: data.replace(b" pass 12", b""),
        lambda data: data.replace(b" blinding", b" Blinding"),
        lambda data: data.replace(b"blinding 0201", b"blinding 0201 "),
        lambda data: data.replace(b"0201000000", b"02010000"),
        lambda data: data.replace(b"withheld", b"withheld "),
        lambda data: data.replace(b"withheld", b"withheld\xff"),
        lambda data: data.replace(b"withheld", b"Withheld"),
    ],
)
def test_other_files_are_refused(change: Callable[[bytes], bytes]) -> None:
    assert change(DATA) != DATA
    with pytest.raises(BadRecord):
        read_totals(change(DATA), "la")


@pytest.mark.parametrize("blinding", [ORDER, ORDER + 1, 2**255, 2**256 - 1])
def test_a_blinding_factor_is_below_the_order(blinding: int) -> None:
    data = write_totals(Totals("la", {12: OPEN}))
    scalar = write_scalar(258).hex().encode()
    with pytest.raises(BadRecord):
        read_totals(data.replace(scalar, blinding.to_bytes(32, "little").hex().encode()), "la")


@settings(max_examples=150)
@given(st.data())
def test_what_is_read_has_the_bytes_that_writing_gives(data: st.DataObject) -> None:
    changed = bytearray(DATA)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(changed) - 1))
        end = place + data.draw(st.integers(0, 2))
        changed[place:end] = data.draw(st.binary(max_size=2) | st.sampled_from([b" ", b"\n", b"0"]))
    try:
        read = read_totals(bytes(changed), "la")
    except BadRecord:
        return
    assert write_totals(read) == bytes(changed)
