"""Every parser reads any input or states why not. Long form: ``fuzz.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from middleground.ledger.merkle.entry_bundle import BadBundle
from torture.tools.parsers import NAMES, Parser, parser_of
from torture.tools.spoiling import spoilt

EXAMPLES = 200


def try_many(parser: Parser, examples: int = EXAMPLES) -> None:
    @settings(
        max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(spoilt(parser.samples))
    def run(data: bytes) -> None:
        parser.try_one(data)

    run()


@pytest.mark.parametrize("name", NAMES)
def test_a_parser_reads_or_refuses(name: str, tmp_path: Path) -> None:
    parser = parser_of(name, tmp_path)
    assert parser.samples
    for sample in parser.samples:
        parser.try_one(sample)
    try_many(parser)


def test_control_a_careless_parser_is_found(tmp_path: Path) -> None:
    """This bundle reader trusts the length that an entry states."""

    def careless(data: bytes) -> None:
        position = 0
        while position < len(data):
            length = int.from_bytes(data[position : position + 2], "big")
            entry = data[position + 2 : position + 2 + length]
            if len(entry) + 2 > 65_000:
                raise BadBundle("too long")
            assert len(entry) == length
            position += 2 + length

    bundle = parser_of("bundle", tmp_path)
    with pytest.raises(AssertionError):
        try_many(Parser(careless, bundle.samples), 500)
