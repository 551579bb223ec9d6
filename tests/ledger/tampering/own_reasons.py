"""Decisions that name a host's own reasons which the log does not tell, or not in those words."""

from __future__ import annotations

from typing import Any

from ledger.tampering.kinds import Change, Tampering
from ledger.town import LA, Close, settings_of, some
from middleground.ledger.records.entries import Moderation, Settings, TextModeration
from middleground.ledger.records.kinds import LoggedRecord

SHOP = {"code": "own-1", "label": "names a shop", "explanation": "Leave its name out."}
OTHER = {"code": "own-2", "label": "is too long", "explanation": "Cut it."}
NAMED = Moderation(LA, 3, "reject", "own-1")
OF_A_COMMENT = TextModeration(LA, "comments", 7, "reject", "own-1")
NOW_SHOWN = Moderation(LA, 3, "approve", "none")


def told(*reasons: Any, **more: Any) -> bytes:
    return settings_of("closed", own_reasons=list(reasons), **more)


def logged(*steps: bytes | LoggedRecord | None) -> Change:
    """Settings as bytes, and decisions, in this order before the close; None: a file is missing."""

    def change(close: Close) -> None:
        town = close.town
        for step in steps:
            if step is None:
                town.log(3_200, Settings(LA, some(32, "settings that are not here")))
            elif isinstance(step, bytes):
                town.log(3_200, Settings(LA, town.document(step)))
            else:
                town.log(3_200, step)
        town.log(3_200, NOW_SHOWN)  # so that nothing else follows from the decision

    return change


HONEST_REASONS: dict[str, Change] = {
    "an own reason that was told": logged(told(SHOP), NAMED),
    "an own reason of a comment": logged(told(SHOP, OTHER), OF_A_COMMENT),
    "an own reason that was retired later": logged(
        told(SHOP), NAMED, told({**SHOP, "retired": True}, OTHER)
    ),
    "an own reason that nobody was given, told anew": logged(
        told(SHOP), told({**SHOP, "label": "names somebody"}), NAMED
    ),
    "an own reason whose settings are not here": logged(None, NAMED, told(SHOP)),
    "a reason of a later kind": logged(Moderation(LA, 3, "reject", "owned")),
}
REASONS = [
    Tampering("an own reason that was never told", logged(NAMED), {"reason"}),
    Tampering("an own reason that others were told", logged(told(OTHER), NAMED), {"reason"}),
    Tampering("an own reason told afterwards", logged(NAMED, told(SHOP)), {"reason"}),
    Tampering("an own reason of a comment that was never told", logged(
        told(OTHER), OF_A_COMMENT), {"reason"},
    ),
    Tampering("an own reason worded anew", logged(
        told(SHOP), NAMED, told({**SHOP, "label": "names a person"})), {"reason"},
    ),
    Tampering("an own reason explained anew", logged(
        told(SHOP), NAMED, told({**SHOP, "explanation": "No."})), {"reason"},
    ),
    Tampering("an own reason taken out", logged(told(SHOP), NAMED, told()), {"reason"}),
    Tampering("an own reason told twice", logged(
        told(SHOP, {**SHOP, "label": "names a person"}), NAMED), {"reason"},
    ),
    Tampering("an own reason without an explanation", logged(
        told({**SHOP, "explanation": None}), NAMED), {"reason"},
    ),
    Tampering("own reasons that are no list", logged(
        settings_of("closed", own_reasons=SHOP), NAMED), {"reason"},
    ),
    Tampering("an own reason of a number that is none", logged(
        told({**SHOP, "code": "own-01"}), Moderation(LA, 3, "reject", "own-01")), {"reason"},
    ),
    Tampering("settings with reasons, no JSON", logged(b"own-1\n", NAMED, told(SHOP)), {"reason"}),
    Tampering("an own reason of a dialogue without settings", lambda close: close.town.log(
        3_200, Moderation("nowhere", 1, "reject", "own-1")), {"reason"},
    ),
    Tampering("an own reason that another dialogue told", lambda close: close.town.log(
        3_200,
        Settings(LA, close.town.document(told(SHOP))),
        Settings("riverside", close.town.document(settings_of("open"))),
        Moderation("riverside", 1, "reject", "own-1"),
    ), {"reason"}),
]  # fmt: skip
