"""Somebody has the database and a list of a town's addresses, and looks for who follows what.

They know how marks and ciphertexts are made, all case numbers, and everything in the database; they
lack the key, which is a file elsewhere. Each attack has a control that succeeds on what software
does that keeps a plain hash of an address, or one mark for all that a person follows.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from hashlib import md5, sha1, sha256
from pathlib import Path
from typing import Any

import pytest

from middleground.notices.addresses import mark_of, seal

TOWN = [f"resident{number}@mail.example" for number in range(200)]
FOLLOWING = [(TOWN[17], 1), (TOWN[17], 2), (TOWN[90], 1)]  # the first follows two cases

Row = tuple[int, bytes, bytes]  # case, sealed address, mark


pytestmark = pytest.mark.django_db


@pytest.fixture
def stolen(keys: Path) -> list[Row]:
    """The rows of followers, as the database has them."""
    assert keys
    return [(case, seal(address, case), mark_of(address, case)) for address, case in FOLLOWING]


def guesses(address: str, case: int) -> Iterator[bytes]:
    """What can be computed of an address without the key, in the ways that programs do it."""
    words = [address.encode(), f"{case} {address}".encode(), f"case {case}{address}".encode()]
    for word in words:
        yield word
        for known in (b"", b"mark", b"mark\0", b"notices.key", str(case).encode(), bytes(32)):
            for digest in (md5, sha1, sha256):
                yield digest(known + word).digest()
                yield hmac.digest(known or b"\0", word, digest)


def matched(rows: list[Row]) -> list[tuple[str, int]]:
    """Whom the attacker finds: a guess whose beginning is in a row, or the other way round."""
    found = {
        (address, case)
        for address in TOWN
        for case, sealed, mark in rows
        for guess in guesses(address, case)
        if guess[:16] == mark[:16] or guess[:16] in sealed
    }
    return sorted(found)


def tied(rows: list[Row]) -> list[tuple[int, int]]:
    """Which rows the attacker takes for one person's: those that share eight bytes anywhere."""

    def parts(row: Row) -> set[bytes]:
        data = row[1] + row[2]
        return {data[at : at + 8] for at in range(len(data) - 7)}

    pieces = [parts(row) for row in rows]
    numbers = range(len(rows))
    return [
        (one, other)
        for one in numbers
        for other in numbers[one + 1 :]
        if pieces[one] & pieces[other]
    ]


def test_a_list_of_addresses_finds_nobody_without_the_key(stolen: list[Row]) -> None:
    assert matched(stolen) == []


@pytest.mark.parametrize("plain", [sha256, sha1, md5])
def test_the_list_finds_everybody_where_a_hash_has_no_key(
    stolen: list[Row], plain: Callable[[bytes], Any]
) -> None:
    rows = [
        (case, sealed, plain(f"{case} {address}".encode()).digest())
        for (case, sealed, _mark), (address, _case) in zip(stolen, FOLLOWING, strict=True)
    ]
    assert matched(rows) == sorted(FOLLOWING)


def test_two_cases_of_one_follower_have_nothing_in_common(stolen: list[Row]) -> None:
    assert tied(stolen) == []


def test_one_mark_for_all_cases_would_tie_them(stolen: list[Row]) -> None:
    rows = [
        (case, sealed, mark_of(address, 0))
        for (case, sealed, _mark), (address, _case) in zip(stolen, FOLLOWING, strict=True)
    ]
    assert tied(rows) == [(0, 1)]


def test_nothing_tells_whose_address_is_long(stolen: list[Row]) -> None:
    longer = seal("a" * 200 + "@mail.example", 1)
    assert {len(sealed) for _case, sealed, _mark in stolen} == {len(longer)}
