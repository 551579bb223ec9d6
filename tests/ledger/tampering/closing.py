"""Records of the close that are wrong, and files that are missing or altered afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ledger.tampering.kinds import BOTH, Change, Records, Tampering, map_of
from ledger.town import LA, MAP, Close, Town, final_map, line_of, some, total_of, words_of
from ledger.town_map import map_bytes
from middleground.ledger.files.totals import Totals, write_totals
from middleground.ledger.files.vote_list import write_vote_list
from middleground.ledger.records.entries import ClosedDialogue, Erasures, LoggedBox, LoggedList
from middleground.ledger.records.kinds import LoggedRecord


def recorded(change: Callable[[Close, Records], Records]) -> Change:
    """Change the records: the lists, and the end of the dialogue as the last."""
    return lambda close: setattr(close, "records", lambda records: change(close, records))


def ending(**fields: object) -> Change:
    return recorded(lambda _, records: [*records[:-1], replace(records[-1], **fields)])


def then(*more: LoggedRecord) -> Change:
    return recorded(lambda _, records: [*records, *more])


def list_and_total_left_out(close: Close) -> None:
    del close.lists[2], close.opened[2]


def an_older_map_named(close: Close) -> None:
    """One more map is logged before the lists, and the end names the one before it."""
    more = map_of(LA, close.town.document(b"A later map.\n"))
    close.records = lambda records: [more, *records]


def anothers_map_named(close: Close) -> None:
    document = close.town.document(b"The map of riverside.\n")
    close.records = lambda records: [
        map_of("riverside", document),
        *records[:-1],
        replace(records[-1], map=document),
    ]


def closed_before_its_lists(close: Close) -> None:
    close.records = lambda records: [records[-1], *records[:-1]]


def listed_before_the_map(close: Close) -> None:
    later = close.town.document(map_bytes({**final_map(), "made_at": "later"}))
    close.records = lambda records: [
        *records[:-1],
        map_of(LA, later),
        replace(records[-1], map=later),
    ]


def closed_again_with_other_totals(close: Close) -> None:
    def change(records: Records) -> Records:
        end = records[-1]
        others = write_totals(Totals(LA, dict.fromkeys(close.opened)))
        return [*records, replace(end, document=close.town.document(others))]

    close.records = change


def listed_twice(close: Close) -> None:
    close.records = lambda records: [records[0], *records[:-1], replace(records[-1], lists=6)]


def listed_again_with_another_list(close: Close) -> None:
    fewer = write_vote_list(LA, 1, close.lists[1][1:])
    close.records = lambda records: [
        LoggedList(LA, 1, close.town.document(fewer)),
        *records[:-1],
        replace(records[-1], lists=6),
    ]


def list_of_a_statement_that_was_never_logged(close: Close) -> None:
    close.lists[9], close.opened[9] = [line_of(some(32, "nine"), 9, 1)], None
    close.opened[9] = total_of({some(32, "nine"): 1})


def a_dialogue_without_a_map_closed(close: Close) -> None:
    data = write_vote_list("riverside", 1, [])
    other = LoggedList("riverside", 1, close.town.document(data))
    totals = close.town.document(write_totals(Totals("riverside", {1: None})))
    close.records = lambda records: [
        *records, other, ClosedDialogue("riverside", bytes(32), 1, totals),
    ]  # fmt: skip


def an_unheard_of_dialogue_closed(close: Close) -> None:
    totals = close.town.document(write_totals(Totals("nowhere", {})))
    final = close.town.document(MAP)
    close.records = lambda records: [*records, ClosedDialogue("nowhere", final, 0, totals)]


def list_left_out_and_deletion_told_later(close: Close) -> None:
    list_and_total_left_out(close)
    close.records = lambda records: [*records, Erasures(LA, 1)]


OTHER_WORDS = replace(words_of(2), text="Other words.").sealed()
RECORDS = [
    Tampering("a list left out", list_and_total_left_out, {"closing", "map"}),
    Tampering(
        "a list left out, and a deletion told after the end",
        list_left_out_and_deletion_told_later,
        {"closing", "map"},
    ),
    Tampering(
        "a list's record left out",
        recorded(lambda _, records: records[1:]),
        {"closing", "map", "total"},
    ),
    Tampering(
        "no lists", recorded(lambda _, records: records[-1:]), {"closing", "map", "total"}
    ),
    Tampering("a list too many named", ending(lists=6), {"closing"}),
    Tampering("a list too few named", ending(lists=4), {"closing"}),
    Tampering("a map named that was never logged", ending(map=some(32, "no map")), {"closing"}),
    Tampering("an older map named", an_older_map_named, {"closing"}),
    Tampering("another dialogue's map named", anothers_map_named, {"closing", "map"}),
    Tampering("no map at all", a_dialogue_without_a_map_closed, {"closing"}),
    Tampering("an unheard-of dialogue closed", an_unheard_of_dialogue_closed, {"closing", "map"}),
    Tampering("closed before its lists", closed_before_its_lists, {"closing"}),
    Tampering("listed before the final map", listed_before_the_map, {"closing"}),
    Tampering("closed twice", recorded(lambda _, records: [*records, records[-1]]), {"closing"}),
    Tampering(
        "closed again with other totals", closed_again_with_other_totals, {"closing", "total"}
    ),
    Tampering("a map after the end", then(map_of(LA, some(32, "map"))), {"closing"}),
    Tampering("a box after the end", then(LoggedBox(LA, some(32, "box"))), {"closing"}),
    Tampering("a statement after the end", then(words_of(6).sealed()), {"closing"}),
    Tampering(
        "a statement after the end, said to be deleted",
        then(words_of(6).sealed(), Erasures(LA, 1)),
        {"closing"},
    ),
    Tampering("a statement sealed again after the end", then(words_of(1).sealed()), {"closing"}),
    Tampering("a list after the end", recorded(
        lambda _, records: [*records, records[0]]), {"closing", "list"},
    ),
    Tampering("a statement listed twice", listed_twice, {"list"}),
    Tampering("a statement listed with two lists", listed_again_with_another_list, BOTH),
    Tampering(
        "votes on a statement that was never logged",
        list_of_a_statement_that_was_never_logged,
        {"list", "map"},
    ),
    Tampering(
        "a statement logged again with other words",
        recorded(lambda _, records: [OTHER_WORDS, *records]),
        {"text"},
    ),
    Tampering("a record misspelled", lambda close: close.town.append(
        3_900, [b"closed/v1\ndialogue los-angeles\n"]), {"record"},
    ),
]  # fmt: skip


def afterwards(change: Callable[[Town, Records], object]) -> Change:
    """Change the folder after the close; ``change`` gets the records, too."""
    return lambda close: setattr(close, "afterwards", lambda records: change(close.town, records))


def gone(place: int, name: str = "document") -> Change:
    return afterwards(lambda town, records: path_of(town, getattr(records[place], name)).unlink())


def altered(place: int, old: bytes, new: bytes, name: str = "document") -> Change:
    def change(town: Town, records: Records) -> None:
        path = path_of(town, getattr(records[place], name))
        before = path.read_bytes()
        path.write_bytes(before.replace(old, new, 1))
        assert path.read_bytes() != before

    return afterwards(change)


def path_of(town: Town, digest: bytes) -> Path:
    return town.folder / "documents" / digest.hex()


def text_of_another(town: Town, _: Records) -> None:
    path = town.folder / f"texts/{LA}/statements"
    text = path.read_text("utf-8")
    path.write_text(text.replace("Statement 2; -in words.", "Statement 1; -in words."), "utf-8")


LAST = -1
FILES = [
    Tampering("a list's file missing", gone(0), BOTH),
    Tampering("the withheld list's file missing", gone(3), BOTH),
    Tampering("the totals' file missing", gone(LAST), {"closing"}),
    Tampering("the final map's file missing", gone(LAST, "map"), {"closing"}),
    Tampering("a list's file altered", altered(
        0, b" counted ", b" counted  "), {*BOTH, "document"}),
    Tampering("the withheld list's file altered", altered(
        3, b" withheld\n", b" beside\n"), {*BOTH, "document"},
    ),
    Tampering("the totals' file altered", altered(
        LAST, b"agree", b"agree 1"), {"document", "total"},
    ),
    Tampering("the final map's file altered", altered(
        LAST, b"counts", b"Counts", "map"), {"document", "map"},
    ),
    Tampering("a statement's words altered", afterwards(text_of_another), {"text"}),
]  # fmt: skip
