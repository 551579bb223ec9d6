"""``--agree-is``: which number means agree in the files of a Polis export."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from middleground.polis.vote_sign import SignChoice


class AgreeIs(StrEnum):
    """Which number means agree in the folder's files."""

    auto = "auto"
    plus = "plus"
    minus = "minus"


def sign_of(agree_is: AgreeIs) -> SignChoice:
    """Translate the option to the argument of ``read_export``."""
    choices: dict[AgreeIs, SignChoice] = {
        AgreeIs.auto: "auto",
        AgreeIs.plus: "agree_is_plus",
        AgreeIs.minus: "agree_is_minus",
    }
    return choices[agree_is]
