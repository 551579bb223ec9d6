"""Addresses in pasted lines and in files of spreadsheets."""

from __future__ import annotations

import pytest

from middleground.outreach.invitations.reading import Broken, read_addresses, text_of

TWO = ["ana@mail.example", "bo@mail.example"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ana@mail.example\nbo@mail.example\n", TWO),
        ("ana@mail.example, bo@mail.example; cy@mail.example", [*TWO, "cy@mail.example"]),
        ("Name,E-mail\nAna,ana@mail.example\n", ["ana@mail.example"]),
        ('"Ruiz; Ana";"ana@mail.example";"x"\n', ["ana@mail.example"]),
        ("Ana Ruiz <ana@mail.example>", ["ana@mail.example"]),
        ("\ufeffana@mail.example\r\n\r\n  bo@mail.example \r\n", TWO),
        ("id\tmail\n1\tana@mail.example", ["ana@mail.example"]),
    ],
)  # fmt: skip
def test_addresses_are_found(text: str, found: list[str]) -> None:
    read = read_addresses(text)
    assert read.found == found
    assert read.broken == []


def test_what_is_broken_or_there_twice_is_told_by_its_line() -> None:
    lines = [
        "ana@mail.example", "no address", "ANA@mail.example", "a@b@c", "x" * 260 + "@mail.example",
        "", "bo@mail", "josé@mail.example", "cy@mail.example",
    ]  # fmt: skip
    read = read_addresses("\n".join(lines))
    assert read.found == ["ana@mail.example", "cy@mail.example"]
    assert read.broken == [
        (2, Broken.NO_ADDRESS), (4, Broken.MISSPELT), (5, Broken.TOO_LONG), (7, Broken.MISSPELT),
        (8, Broken.MISSPELT),
    ]  # fmt: skip
    assert read.repeated == [3]
    assert "ana" not in repr(read)


def test_twenty_thousand_with_some_broken() -> None:
    lines = [f"person-{n}@mail.example" if n % 1000 else "broken" for n in range(20_000)]
    read = read_addresses("\n".join(lines))
    assert len(read.found) == 19_980
    assert [line for line, _why in read.broken] == list(range(1001, 20_001, 1000))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_all_encodings_are_read(encoding: str) -> None:
    assert read_addresses(text_of("José;ana@mail.example".encode(encoding))).found == [
        "ana@mail.example"
    ]
