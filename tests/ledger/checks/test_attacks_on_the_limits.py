"""A verifier must not accept an old signature or a huge size.

On each of these folders a verifier without the rule, in Python or JavaScript, would pass.
"""

from __future__ import annotations

import pytest

from ledger.checking import check, failing
from ledger.town import KEY, Town, some
from middleground.ledger import Report, verdict_of
from middleground.ledger.checks.log import MOST_MISSING
from middleground.ledger.files.publishing import publish
from middleground.ledger.merkle.tiles import WIDTH
from middleground.ledger.notes.checkpoint import Checkpoint, sign_checkpoint
from middleground.ledger.records.entries import LoggedBox
from middleground.ledger.records.kinds import write_entry


def sentences(report: Report, subject: str) -> list[tuple[str, str]]:
    return [(each.state, each.sentence) for each in report.findings if each.subject == subject]


def test_a_witness_that_signed_only_an_older_checkpoint_did_not_see_the_newest(town: Town) -> None:
    seen = "1 of 1 known witnesses saw the same log: newsroom.example (1970-01-01 01:06 UTC)."
    assert sentences(check(town), "witness") == [("holds", seen)]
    publish(
        town.folder,
        KEY,
        len(town.entries),
        [write_entry(LoggedBox("riverside", some(32, "another box")))],
    )
    report = check(town)
    assert report.holds
    assert sentences(report, "witness") == [
        ("open", "No known witness has signed the newest checkpoint.")
    ]
    assert verdict_of(report).meaning[0].startswith("Nobody else is known to have signed")


def sign_size(town: Town, size: int) -> None:
    note = sign_checkpoint(Checkpoint(KEY.name, size, bytes(32)), KEY)
    (town.folder / "checkpoint").write_text(str(note), "utf-8")


def test_one_missing_bundle_below_the_limit_is_read_on(town: Town) -> None:
    present = sum(path.is_file() for path in (town.folder / "tile/entries").rglob("*"))
    sign_size(town, (present + MOST_MISSING) * WIDTH)
    assert set(failing(check(town))) >= {"history", "tiles"}


@pytest.mark.parametrize("beyond", [1, 2**54])
def test_missing_files_of_a_huge_signed_size_are_not_counted(town: Town, beyond: int) -> None:
    present = sum(path.is_file() for path in (town.folder / "tile/entries").rglob("*"))
    size = (present + MOST_MISSING + beyond) * WIDTH
    sign_size(town, size)
    report = check(town)
    assert [each.subject for each in report.findings] == ["key", "signature", "history"]
    assert report.findings[-1].sentence == (
        f"The newest checkpoint has {size} leaves; most of their files are missing."
    )
