"""The verifiers find and name miscounts, double votes, hidden votes and altered texts."""

from __future__ import annotations

from dataclasses import replace

from ledger.checking import check, failing, rewrite
from ledger.town import LA, Town, vote_of, words_of
from middleground.ledger import verdict_of
from middleground.ledger.files.openings import write_openings
from middleground.ledger.files.publishing import publish_file
from middleground.ledger.files.totals import Totals, tally_of, write_totals


def test_a_wrong_total(town: Town) -> None:
    lines = (town.folder / f"totals/{LA}").read_text("utf-8").splitlines(keepends=True)
    right = lines[4].split(" ", 2)[2].strip()
    agree = int(lines[4].split()[3])
    rewrite(town, f"totals/{LA}", f"statement 2 agree {agree}", f"statement 2 agree {agree + 1}")
    found = failing(check(town))
    assert set(found) == {"total"}
    said = right.replace(f"agree {agree}", f"agree {agree + 1}")
    assert found["total"].details == (
        f"totals/{LA}: statement 2: {said} is published, {right} is right.",
    )


def test_a_total_that_counts_a_tag_twice(town: Town) -> None:
    votes = [vote.vote for _, vote in town.opened(1)]
    twice = f"agree {votes.count(1)} pass {votes.count(0)} disagree {votes.count(-1)}"
    lines = (town.folder / f"totals/{LA}").read_text("utf-8").splitlines()
    rewrite(town, f"totals/{LA}", lines[3], f"statement 1 {twice}")
    found = failing(check(town))
    assert set(found) == {"total"}
    assert "statement 1: 10 votes count twice" in found["total"].details[0]


def test_the_last_vote_counts_by_the_log_s_order(town: Town) -> None:
    """The known-bad rule that the first vote counts gives other totals here."""
    opened = sorted(town.opened(1), key=lambda pair: pair[0])
    first = {vote.tag: vote.vote for _, vote in reversed(opened)}
    last = {vote.tag: vote.vote for _, vote in opened}
    assert tally_of(first.values()) != tally_of(last.values())
    line = (town.folder / f"totals/{LA}").read_text("utf-8").splitlines()[3]
    assert line == f"statement 1 {tally_of(last.values())}"


def test_a_tag_on_two_statements(town: Town) -> None:
    """A host logged two votes with the tag of another statement."""
    odd = replace(vote_of(200, 2), tag=vote_of(3, 1).tag)
    town.append(4_000, [odd.entry()])
    opened = [*town.opened(2), (len(town.entries) - 1, odd)]
    publish_file(town.folder, f"openings/{LA}/2", write_openings(LA, 2, opened))
    found = failing(check(town))
    assert found["tag"].details == (f"{odd.tag.hex()}: in openings/{LA}/1 and openings/{LA}/2.",)


def test_a_vote_that_is_opened_as_another(town: Town) -> None:
    opened = town.opened(2)
    index, vote = opened[5]
    opened[5] = (index, replace(vote, vote=-1 if vote.vote == 1 else 1))
    publish_file(town.folder, f"openings/{LA}/2", write_openings(LA, 2, opened))
    found = failing(check(town))
    assert found["opening"].details == (
        f"openings/{LA}/2: leaf {index} of the log is not this vote.",
    )


def test_a_leaf_that_is_opened_twice(town: Town) -> None:
    opened = town.opened(2)
    publish_file(town.folder, f"openings/{LA}/2", write_openings(LA, 2, [*opened, opened[5]]))
    found = failing(check(town))
    assert "stands twice or out of order" in found["opening"].details[0]


def test_a_vote_that_was_never_logged(town: Town) -> None:
    opened = [*town.opened(2), (50_000, vote_of(99, 2))]
    publish_file(town.folder, f"openings/{LA}/2", write_openings(LA, 2, opened))
    found = failing(check(town))
    assert set(found) == {"opening"}
    assert found["opening"].details == (
        f"openings/{LA}/2: leaf 50000 of the log is not this vote.",
    )


def test_votes_that_are_not_opened(town: Town) -> None:
    """The host opens one vote fewer and lowers the total to match; the log still has the leaf."""
    opened = sorted(town.opened(2), key=lambda pair: pair[0])
    *rest, (_, hidden) = opened
    publish_file(town.folder, f"openings/{LA}/2", write_openings(LA, 2, rest))
    word = {1: "agree", 0: "pass", -1: "disagree"}[hidden.vote]
    line = (town.folder / f"totals/{LA}").read_text("utf-8").splitlines()[4]
    cells = line.split(" ")
    cells[cells.index(word) + 1] = str(int(cells[cells.index(word) + 1]) - 1)
    rewrite(town, f"totals/{LA}", line, " ".join(cells))
    found = failing(check(town))
    assert set(found) == {"unopened"}
    assert found["unopened"].sentence.startswith(f"{LA}: votes not opened 4, but by the files 1 ")


def test_a_statement_whose_text_was_altered(town: Town) -> None:
    rewrite(
        town, f"texts/{LA}/statements", "Statement 2, in words.", "Statement 2, in other words."
    )
    found = failing(check(town))
    assert found["text"].details == (f"texts/{LA}/statements: text 2 is not what was logged.",)


def test_a_statement_that_is_logged_again_with_another_text(town: Town) -> None:
    other = replace(words_of(2), text="Other words.").sealed()
    town.batch(4_000, [other], [])
    assert failing(check(town))["text"].details == (
        "Entry 377: text 2 of statements was logged with other words.",
    )


def test_words_that_only_a_second_entry_of_a_statement_allows(town: Town) -> None:
    town.batch(4_000, [replace(words_of(2), text="Other words.").sealed()], [])
    rewrite(town, f"texts/{LA}/statements", "Statement 2, in words.", "Other words.")
    assert failing(check(town))["text"].details == (
        "Entry 377: text 2 of statements was logged with other words.",
        f"texts/{LA}/statements: text 2 is not what was logged.",
    )


def test_votes_on_a_statement_that_was_never_logged(town: Town) -> None:
    town.batch(4_000, [], [vote_of(1, 9)])
    opened = write_openings(LA, 9, [(len(town.entries) - 1, vote_of(1, 9))])
    publish_file(town.folder, f"openings/{LA}/9", opened)
    found = failing(check(town))
    assert found["opening"].details == (f"openings/{LA}/9: this statement was never logged.",)
    assert found["total"].details == (f"totals/{LA}: statement 9 has votes and no total.",)


def test_an_altered_document(town: Town) -> None:
    path = next(p for p in (town.folder / "documents").iterdir() if b"map" in p.read_bytes())
    path.write_bytes(b"Another map.\n")
    found = failing(check(town))
    assert set(found) == {"document"}
    assert "(map of los-angeles, entry 374): it was altered." in found["document"].details[0]


def test_a_withheld_statement_must_not_be_opened(town: Town) -> None:
    """The sum is right without the statement's two votes, so nothing else contradicts the host."""
    publish_file(town.folder, f"openings/{LA}/4", write_openings(LA, 4, town.opened(4)))
    rewrite(town, f"totals/{LA}", "withheld-votes 2\n", "withheld-votes 0\n")
    found = failing(check(town))
    assert set(found) == {"total"}
    assert found["total"].details == (f"totals/{LA}: statement 4 is withheld and opened.",)


def test_the_verdict_claims_only_the_opened_votes(town: Town) -> None:
    whole = verdict_of(check(town))
    assert whole.sentence == (
        "This log is as its host signed it, and every total that is opened follows from its votes."
    )
    assert "Opened: 4 of 5 statements." in " ".join(whole.meaning)


def test_with_all_statements_withheld_nothing_is_called_counted(town: Town) -> None:
    """If a host withholds every statement, only sums were checked and no vote was counted."""
    for path in (town.folder / "openings" / LA).iterdir():
        path.unlink()
    shut = sum(vote.dialogue == LA for vote in town.votes) - 1
    totals = Totals(LA, shut, dict.fromkeys(range(1, 6)))
    publish_file(town.folder, f"totals/{LA}", write_totals(totals))
    report = check(town)
    assert not failing(report)
    assert "total" not in {each.subject for each in report.findings}
    verdict = verdict_of(report)
    assert verdict.sentence == "This log is as its host signed it. Its results stay shut."
    assert "Opened: 0 of 5 statements." in " ".join(verdict.meaning)
