"""What the verifiers say of miscounts, lists and texts: the words, beside the table of kinds."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from ledger.checking import check, failing, rewrite
from ledger.tampering.kinds import map_of, said, total
from ledger.tampering.lists import first_line
from ledger.town import (
    CHANGED,
    FILLERS,
    LA,
    LAST_MAP,
    MAP,
    MINIMUM,
    PEOPLE,
    WITHHELD,
    Close,
    Town,
    line_of,
    some,
    vote_of,
    words_of,
)
from ledger.town_map import map_data
from middleground.ledger import verdict_of
from middleground.ledger.commitments.commitment import VoteTotals, tally_of
from middleground.ledger.files.vote_list import ListedVote
from middleground.ledger.records.entries import Erasures, LoggedBox

FIRST_LIST = LAST_MAP + 1


def details(town: Town, subject: str) -> tuple[str, ...]:
    return failing(check(town))[subject].details


def test_a_wrong_total(open_town: Town) -> None:
    close = Close(open_town)
    said(2, agree=1)(close)
    close.publish()
    assert details(open_town, "total") == (
        f"{LA}: statement 2: {total(close, 2).votes} is published, and is not the sum.",
    )


def test_a_total_of_a_withheld_list(open_town: Town) -> None:
    close = Close(open_town)
    close.opened[1], close.opened[WITHHELD] = None, total(close, 1)
    close.publish()
    assert details(open_town, "total") == (
        f"{LA}: statement 1 is withheld, and its list opened.",
        f"{LA}: statement 4 is opened, and its list withheld.",
    )


def test_more_lines_than_votes(open_town: Town) -> None:
    """A line of no answer adds nothing to the sum; the number of lines shows it."""
    close = Close(open_town)
    line = close.lists[1][0]
    nothing = bytes(32)
    close.lists[1].append(replace(line, tag=some(32, "more"), commitment=nothing))
    close.publish()
    found = failing(check(open_town))
    assert found["total"].details == (f"{LA}: statement 1: 4 votes on 5 counted lines.",)
    assert found["list"].details == (
        f"Statement 1 of {LA}, entry {FIRST_LIST}: nothing proves that {some(32, 'more').hex()} "
        "holds one answer.",
    )


def test_the_last_vote_counts(town: Town) -> None:
    """The known-bad rule that the first vote counts gives another sum here."""
    final = [vote_of(person, 1, change=person in CHANGED).vote for person in PEOPLE]
    first = [vote_of(person, 1).vote for person in PEOPLE]
    assert (tally_of(final), tally_of(first)) == (VoteTotals(1, 1, 2), VoteTotals(2, 0, 2))
    published = b"".join(p.read_bytes() for p in (town.folder / "documents").iterdir())
    assert f"statement 1 {tally_of(final)} blinding ".encode() in published


def test_a_tag_on_two_statements(open_town: Town) -> None:
    close = Close(open_town)
    tag = close.lists[1][0].tag
    close.lists[WITHHELD].append(ListedVote(tag, "withheld"))
    close.publish()
    assert details(open_town, "tag") == (f"{tag.hex()}: in the lists of {LA} 1 and {LA} 4.",)


def test_a_line_that_nothing_proves(open_town: Town) -> None:
    close = Close(open_town)
    first_line(proof=lambda _: bytes(192))(close)
    close.publish()
    assert details(open_town, "list") == (
        f"Statement 1 of {LA}, entry {FIRST_LIST}: nothing proves that "
        f"{close.lists[1][0].tag.hex()} holds one answer.",
    )


def test_a_line_that_cannot_be_read_is_named(open_town: Town) -> None:
    close = Close(open_town)
    close.list_bytes[2] = lambda data: data.replace(b" beside", b" aside")
    close.publish()
    number = 4 + [line.mark for line in close.lists[2]].index("beside")
    assert details(open_town, "list")[0].startswith(
        f"Statement 2 of {LA}, entry {FIRST_LIST + 1}: line {number}: "
    )


def test_votes_on_a_statement_that_was_never_logged(open_town: Town) -> None:
    close = Close(open_town)
    close.lists[9], close.opened[9] = [], None
    close.publish()
    assert details(open_town, "list") == (
        f"Statement 9 of {LA}, entry {FIRST_LIST + 5}: this statement was never logged.",
    )


def test_lists_that_are_left_out(open_town: Town) -> None:
    """One text was deleted, so that one list may be missing, and not two."""
    close = Close(open_town)
    for statement in (2, 3):
        del close.lists[statement], close.opened[statement]
    close.records = lambda records: [Erasures(LA, 1), *records]
    close.publish()
    assert details(open_town, "closing") == (
        f"{LA}: no votes are listed of statements 2, 3, and 1 texts were deleted.",
    )


def test_what_comes_after_the_end(town: Town) -> None:
    box, picture = LoggedBox(LA, bytes(32)), map_of(LA, hashlib.sha256(MAP).digest())
    town.log(5_000, box, picture, LoggedBox("riverside", bytes(32)))
    assert details(town, "closing") == (
        f"{LA}: entry 377, box, came after its end.",
        f"{LA}: entry 378, map, came after its end.",
    )


def test_an_end_that_names_other_records(open_town: Town) -> None:
    close = Close(open_town)
    later = open_town.document(b"A later map.\n")
    close.records = lambda records: [
        *records[:-1],
        map_of(LA, later),
        replace(records[-1], lists=7),
        records[-1],
    ]
    close.publish()
    assert details(open_town, "closing") == (
        f"{LA}: the map that it names as the final one is not its last.",
        f"{LA}: it names 7 vote lists, and 5 are logged.",
        f"{LA}: entry {FIRST_LIST} lists votes before the final map.",
        f"{LA}: entry {FIRST_LIST + 7} closes it a second time.",
    )


def test_files_of_the_close_that_are_missing(town: Town) -> None:
    for path in (town.folder / "documents").iterdir():
        path.unlink()
    found = failing(check(town))
    assert set(found) == {"closing", "list", "promise"}
    assert [line.split(":")[1] for line in found["closing"].details] == [
        " the file of its final map is missing",
        " the file of its totals is missing",
        " its settings",
    ]
    assert len(found["list"].details) == 5


def test_a_statement_whose_text_was_altered(town: Town) -> None:
    rewrite(
        town, f"texts/{LA}/statements", "Statement 2; -in words.", "Statement 2; -in other words."
    )
    found = failing(check(town))
    assert found["text"].details == (f"texts/{LA}/statements: text 2 is not what was logged.",)


def test_words_that_only_a_second_entry_of_a_statement_allows(open_town: Town) -> None:
    open_town.log(3_500, replace(words_of(2), text="Other words.").sealed())
    Close(open_town).publish()
    again = f"Entry {FIRST_LIST}: text 2 of statements was logged with other words."
    assert details(open_town, "text") == (again,)
    rewrite(open_town, f"texts/{LA}/statements", "Statement 2; -in words.", "Other words.")
    assert details(open_town, "text") == (
        again,
        f"texts/{LA}/statements: text 2 is not what was logged.",
    )


def test_an_altered_document(town: Town) -> None:
    path = next(p for p in (town.folder / "documents").iterdir() if p.read_bytes() == MAP)
    path.write_bytes(b"Another map.\n")
    found = failing(check(town))
    assert set(found) == {"document", "map"}
    assert found["map"].details == (f"{LA}: the final map: the file is not JSON.",)
    assert f"(map of {LA}, entry {LAST_MAP}): it was altered." in found["document"].details[0]


def test_the_verdict_claims_only_the_opened_votes(town: Town) -> None:
    whole = verdict_of(check(town))
    assert whole.sentence == (
        "This log is as its host signed it, and every total that is opened is the sum of its votes."
    )
    assert "Opened: 4 of 5 statements." in " ".join(whole.meaning)


def test_with_all_statements_withheld_nothing_is_called_counted(open_town: Town) -> None:
    """If no statement is opened, no vote was counted by anybody else."""
    close = Close(open_town)
    nobody_voted(close)
    close.publish()
    report = check(open_town)
    assert not failing(report)
    assert "total" not in {each.subject for each in report.findings}
    verdict = verdict_of(report)
    assert verdict.sentence == "This log is as its host signed it. Its results stay shut."
    assert "Opened: 0 of 5 statements." in " ".join(verdict.meaning)


def test_before_the_close_there_is_no_result(open_town: Town) -> None:
    report = check(open_town)
    assert not failing(report)
    verdict = verdict_of(report)
    assert verdict.sentence == "This log is as its host signed it. It has no result yet."
    open_ones = [each for each in report.findings if each.subject == "closing"]
    assert [each.details for each in open_ones] == [(f"{LA}.", "riverside.")]


def test_a_dialogue_without_votes_closes(open_town: Town) -> None:
    """Every list holds nothing but tags of nobody; the map has counts of nobody, or none."""
    close = Close(open_town)
    nobody_voted(close)
    for item in close.map["statements"][:2]:
        item["counts"] = {}
    close.publish()
    assert not failing(check(open_town))


def nobody_voted(close: Close) -> None:
    for statement in close.lists:
        tags = [some(32, "nobody", statement, n) for n in range(FILLERS)]
        close.lists[statement] = [ListedVote(tag, "withheld") for tag in tags]
        close.opened[statement] = None
    nobody = {"A": (0, 0, 0), "none": (0, 0, 0)}
    close.map = map_data(dict.fromkeys(close.lists, nobody), MINIMUM)


def test_a_list_of_one_line_beside_opens_as_nothing(open_town: Town) -> None:
    """By its form such a list is opened; its sum is nothing, with no factor. The map fails."""
    close = Close(open_town)
    close.lists[3] = [ListedVote(line_of(some(32, "x"), 3, 1).tag, "beside")]
    said(3, **{name: -getattr(total(close, 3).votes, name) for name in NUMBERS})(close)
    close.opened[3] = replace(total(close, 3), blinding=0)
    close.publish()
    assert set(failing(check(open_town))) == {"map"}


NUMBERS = ("agree", "passed", "disagree")
