"""Final maps that do not show what the sums of the votes say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ledger.tampering.closing import recorded
from ledger.tampering.kinds import Change, Records, Tampering
from ledger.town import (
    CLOSED_SETTINGS,
    LA,
    REJECTED,
    WITHHELD,
    Close,
    line_of,
    settings_of,
    some,
    total_of,
    vote_of,
)
from middleground.ledger.files.vote_list import ListedVote
from middleground.ledger.records.entries import Erasures, Moderation, Settings

UNSHOWN_LINES = 32  # of a statement that nobody voted on


def on_map(change: Callable[[dict[str, Any]], object]) -> Change:
    def edit(close: Close) -> None:
        before = json.dumps(close.map)
        change(close.map)
        assert json.dumps(close.map) != before

    return edit


def item(data: dict[str, Any], statement: int) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in data["statements"] if each["number"] == statement)
    return found


def band(statement: int, population: str, answer: str, *ends: float) -> Change:
    return on_map(
        lambda data: item(data, statement)["counts"][population].update({answer: [*ends]})
    )


def answers_swapped(data: dict[str, Any]) -> None:
    """On all statements, as if the scale were turned round."""
    for each in data["statements"]:
        for counts in each["counts"].values():
            counts["agree"], counts["disagree"] = counts["disagree"], counts["agree"]


def statements_swapped(data: dict[str, Any]) -> None:
    one, two = item(data, 1), item(data, 2)
    one["counts"], two["counts"] = two["counts"], one["counts"]


def left_out(statement: int) -> Change:
    return on_map(lambda data: data["statements"].remove(item(data, statement)))


def twice(data: dict[str, Any]) -> None:
    data["statements"].append(item(data, 1))


def on_the_map_only(data: dict[str, Any]) -> None:
    data["statements"].append({**item(data, 1), "number": 9})


def rest_left_out(data: dict[str, Any]) -> None:
    del item(data, 1)["counts"]["none"]


def group_left_out(data: dict[str, Any]) -> None:
    """The group's people vanish, and nobody else gets them."""
    del item(data, 1)["counts"]["A"]


def by_tier(change: Callable[[list[dict[str, Any]]], object]) -> Change:
    """Tell the counts of the one tier, changed."""

    def edit(data: dict[str, Any]) -> None:
        counts = item(data, 1)["counts"]
        parts = [{"population": name, "tier": "open", **each} for name, each in counts.items()]
        item(data, 1)["by_tier"] = parts = [{**part} for part in parts]
        change(parts)

    return on_map(edit)


def tier_moved(parts: list[dict[str, Any]]) -> None:
    parts[0]["agree"], parts[1]["agree"] = parts[1]["agree"], parts[0]["agree"]


def withheld(*statements: int, lines: int = UNSHOWN_LINES) -> Change:
    """Withhold statements, with lists of the length of statements that no map shows."""

    def change(close: Close) -> None:
        for statement in statements:
            tags = [line.tag for line in close.lists[statement]]
            tags += [some(32, "unshown", statement, n) for n in range(lines - len(tags))]
            close.lists[statement] = [ListedVote(tag, "withheld") for tag in tags]
            close.opened[statement] = None

    return change


def all_of(*changes: Change) -> Change:
    def change(close: Close) -> None:
        for each in changes:
            each(close)

    return change


def opened_although_small(close: Close) -> None:
    votes = [vote_of(person, WITHHELD) for person in range(2)]
    close.lists[WITHHELD] = [line_of(vote.tag, WITHHELD, vote.vote) for vote in votes]
    close.opened[WITHHELD] = total_of({vote.tag: vote.vote for vote in votes})


def withheld_list_filled_up(close: Close) -> None:
    close.lists[WITHHELD] += [ListedVote(some(32, "more", n), "withheld") for n in range(9)]


def withheld_list_emptied(close: Close) -> None:
    close.lists[WITHHELD] = []


def statement_said_to_be_deleted(close: Close) -> None:
    """It is on the map all the same."""
    del close.lists[2], close.opened[2]
    close.records = lambda records: [Erasures(LA, 1), *records]


def with_settings(document: bytes | None, dialogue: str = LA) -> Change:
    """New settings before the final map, or settings whose file is not published."""

    def change(close: Close) -> None:
        town = close.town
        digest = some(32, "no file") if document is None else town.document(document)
        town.log(3_200, Settings(dialogue, digest))
        close.map = {**close.map, "made_at": "after these settings"}

    return change


def decided(statement: int, *actions: str) -> Change:
    """Decisions of moderators between the final map and the lists."""
    records = [Moderation(LA, statement, action, "none") for action in actions]
    return recorded(lambda _, others: [*records, *others])


def decided_before(statement: int, action: str) -> Change:
    def change(close: Close) -> None:
        close.town.log(3_100, Moderation(LA, statement, action, "none"))
        close.map = {**close.map, "made_at": "after this decision"}

    return change


def settings_removed(close: Close) -> None:
    def change(_: Records) -> None:
        (close.town.folder / "documents" / CLOSED_SETTINGS).unlink()

    close.afterwards = change


CONTRADICTIONS = [
    Tampering("agree and disagree swapped on the map", on_map(answers_swapped), {"map"}),
    Tampering("two statements swapped on the map", on_map(statements_swapped), {"map"}),
    Tampering("a band too high", band(1, "none", "agree", 2, 2), {"map"}),
    Tampering("a band too low", band(1, "none", "disagree", 0, 0), {"map"}),
    Tampering("a band too wide", band(1, "none", "agree", 0, 1), {"map"}),
    Tampering("a group's band too wide", band(1, "A", "pass", 0, 5), {"map"}),
    Tampering("a band of all numbers", band(1, "none", "agree", 0, 2**53 - 1), {"map"}),
    Tampering("a band upside down", band(1, "none", "agree", 1, 0), {"map"}),
    Tampering("a band of one number", band(1, "none", "agree", 1), {"map"}),
    Tampering("a band of halves", band(1, "none", "agree", 0.5, 1.5), {"map"}),
    Tampering("a negative band", band(1, "none", "agree", -1, 1), {"map"}),
    Tampering("a band of the withheld statement", band(WITHHELD, "none", "agree", 1, 1), {"map"}),
    Tampering("the rest left out", on_map(rest_left_out), {"map"}),
    Tampering("a group left out", on_map(group_left_out), {"map"}),
    Tampering("a tier's counts changed", by_tier(tier_moved), {"map"}),
    Tampering("a tier's people twice", by_tier(lambda parts: parts.append(parts[0])), {"map"}),
    Tampering("a tier left out", by_tier(lambda parts: parts.pop()), {"map"}),
    Tampering("another minimum on the map", on_map(
        lambda data: data.update(minimum_shown=5)), {"map"},
    ),
    Tampering("no minimum on the map", on_map(lambda data: data.pop("minimum_shown")), {"map"}),
    Tampering("a minimum of 0", on_map(lambda data: data.update(minimum_shown=0)), {"map"}),
    Tampering("a map without statements", on_map(lambda data: data.update(statements=[])), {"map"}),
    Tampering("a map of no such form", on_map(lambda data: data.update(statements={})), {"map"}),
    Tampering("a number that JSON has not", on_map(
        lambda data: data.update(seed=float("nan"))), {"map"},
    ),
]  # fmt: skip

SHOWN = [
    Tampering("a statement twice on the map", on_map(twice), {"map"}),
    Tampering("a statement on the map and in no list", on_map(on_the_map_only), {"map"}),
    Tampering("an opened statement left out of the map", left_out(1), {"map"}),
    Tampering("a rejected statement opened", left_out(REJECTED), {"map"}),
    Tampering("the withheld statement left out of the map", left_out(WITHHELD), {"map"}),
    Tampering(
        "a statement left out and withheld, without a record",
        all_of(left_out(2), withheld(2)),
        {"map"},
    ),
    Tampering(
        "a statement left out and withheld, that was approved last",
        all_of(left_out(2), withheld(2), decided_before(2, "reject"), decided_before(2, "approve")),
        {"map"},
    ),
    Tampering(
        "a statement left out and withheld, that was approved and is said to wait",
        all_of(
            left_out(2), withheld(2), decided_before(2, "approve"), decided(2, "not_shown")
        ),
        {"map"},
    ),
    Tampering(
        "two left out and withheld, and one deletion told",
        all_of(left_out(2), left_out(3), withheld(2, 3), recorded(
            lambda _, records: [Erasures(LA, 1), *records])),
        {"map"},
    ),
    Tampering(
        "a list of a rejected statement too long",
        all_of(left_out(REJECTED), withheld(REJECTED, lines=UNSHOWN_LINES + 1)),
        {"map"},
    ),
    Tampering("a result withheld", withheld(1, lines=16 + 4), {"map"}),
    Tampering("all results withheld", withheld(1, 2, 3, REJECTED, lines=16 + 4), {"map"}),
    Tampering("a small total opened", opened_although_small, {"map"}),
    Tampering("a withheld list filled up", withheld_list_filled_up, {"map"}),
    Tampering("a withheld list emptied", withheld_list_emptied, {"map"}),
    Tampering("a statement said to be deleted", statement_said_to_be_deleted, {"map"}),
]  # fmt: skip

SETTINGS = [
    Tampering(
        "other settings' minimum", with_settings(settings_of("open", minimum_shown=5)), {"map"}
    ),
    Tampering("settings without a minimum", with_settings(b"{}\n"), {"map"}),
    Tampering("settings that are no JSON", with_settings(b"Settings.\n"), {"closing"}),
    Tampering("settings whose file is kept back", with_settings(None), {"closing"}),
    Tampering("settings whose file is taken away", settings_removed, {"closing"}),
]  # fmt: skip
MAPS = [*CONTRADICTIONS, *SHOWN, *SETTINGS]

# Changes that an honest host makes, too: no check may fail.
HONEST = {
    "nothing": lambda _: None,
    "a statement that was rejected before the map": all_of(left_out(REJECTED), withheld(REJECTED)),
    "a statement that was merged before the map": all_of(
        left_out(2), withheld(2), decided_before(2, "merge")
    ),
    "a statement that nobody decided on": all_of(left_out(2), withheld(2), decided(2, "not_shown")),
    "a statement that was hidden again and waits": all_of(
        left_out(2),
        withheld(2),
        decided_before(2, "approve"),
        decided_before(2, "take_back"),
        decided(2, "not_shown"),
    ),
    "a statement whose author deleted it": all_of(
        left_out(2), withheld(2), recorded(lambda _, records: [Erasures(LA, 1), *records])
    ),
    "a statement that was taken out after the map": all_of(withheld(2), decided(2, "reject")),
    "a statement that was shown after the map": all_of(left_out(2), decided(2, "approve")),
    "counts by tier": by_tier(lambda _: None),
    "answers that no map has read": on_map(lambda data: data.update(shares=[0.5, None])),
}
