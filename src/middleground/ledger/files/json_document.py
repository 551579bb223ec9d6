"""Reads the JSON of published documents as every program in another language reads it, too."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from middleground.ledger.codecs.field_codecs import BadRecord

MOST = 2**53 - 1  # larger whole numbers lose their last digits in other languages


def read_json(data: bytes) -> dict[str, Any]:
    """The JSON object in a file. Raises ``BadRecord``."""
    try:
        found = json.loads(data.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as problem:
        raise BadRecord("the file is not JSON") from problem
    if not isinstance(found, dict):
        raise BadRecord("the file is not a JSON object")
    return found


def whole(value: Any) -> int:
    """The value as a number of people. Raises ``BadRecord``."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int or not 0 <= value <= MOST:
        raise BadRecord("a number of people is no whole number")
    return value


def _refuse(_: str) -> NoReturn:
    raise ValueError("JSON has no such number")
