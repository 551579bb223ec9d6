"""An untouched folder passes, and any changed byte in it is reported."""

from __future__ import annotations

import base64
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.checking import check, check_with, failing
from ledger.town import DELETED, KEY, LOOKED_UP, WITHHELD, WITNESS, Town, some, vote_of
from middleground.ledger import Report, verdict_of
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.records.entries import LoggedMap
from middleground.ledger.records.kinds import write_entry

UNTOUCHED = [
    ("signature", "holds", "The log's key signed all 7 checkpoints."),
    ("history", "holds", "The log only grew: its 377 leaves give all 6 signed checkpoints."),
    ("tiles", "holds", "All 15 files of the log are what was signed."),
    ("record", "holds", "All 377 entries are records that can be read."),
    (
        "witness",
        "holds",
        "1 of 1 known witnesses saw the same log: newsroom.example (1970-01-01 01:06 UTC).",
    ),
    ("text", "holds", "The words of 4 of 6 statements are published, and as logged."),
    ("document", "holds", "Published documents that are as logged: 10."),
    ("document", "open", "Logged documents that are not in this copy: 1."),
    (
        "closing",
        "holds",
        "Closed dialogues with map, vote lists and totals, and unchanged: 1.",
    ),
    ("closing", "open", "Dialogues whose votes are sealed until their result: 1."),
    (
        "list",
        "holds",
        "All 14 counted lines of 5 vote lists are proved to hold one answer.",
    ),
    ("total", "holds", "All 4 opened totals are the sums of their lists."),
    (
        "withheld",
        "open",
        "Opened: 4 of 5 statements. The others stay shut, because too few people gave one of "
        "their answers, or because they were taken out or merged.",
    ),
    (
        "map",
        "holds",
        "Final maps whose counts are those that the sums of the votes give: 1.",
    ),
    ("promise", "holds", "Promises that were kept: 1."),
    (
        "unchecked",
        "open",
        "Not checked: receipts, for none is here; groups, places and shares on maps, which follow "
        "from single votes; whether a dialogue should have been closed by now; files that "
        "the site offers for download; the pages of the site and its Parquet "
        "files; whether participants are people.",
    ),
]


def test_an_untouched_folder_passes(town: Town) -> None:
    report = check(town)
    assert report.holds
    assert report.sentence == "Everything that could be checked holds. Left open: 4."
    assert [(each.subject, each.state, each.sentence) for each in report.findings[1:]] == UNTOUCHED


def test_keys_from_the_folder_itself_are_used_and_reported(town: Town) -> None:
    report = check_with(town.folder)
    assert report.holds
    assert report.findings[0].state == "open"
    assert report.findings[0].details == (str(KEY.verifier),)


def test_keys_of_the_wrong_kind_are_refused(town: Town) -> None:
    for log, witness in ((WITNESS, WITNESS), (KEY, KEY)):
        report = check_with(town.folder, log.verifier, [witness.verifier])
        assert set(failing(report)) == {"key"}


def test_no_vote_can_be_found_in_the_folder(town: Town) -> None:
    """Its tag is listed, also of one taken back; neither nonces nor salt nor seal are anywhere."""
    everything = b"".join(p.read_bytes() for p in town.folder.rglob("*") if p.is_file())
    for vote in (DELETED, LOOKED_UP, vote_of(2, 2), vote_of(0, WITHHELD)):
        assert everything.count(vote.tag.hex().encode()) == 1
        for part in (vote.client, vote.server, vote.salt, vote.seal(), leaf_hash(vote.seal())):
            assert part.hex().encode() not in everything
            assert base64.b64encode(part) not in everything
            assert part not in everything


def test_an_empty_and_a_missing_folder(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        assert set(failing(check_with(folder))) == {"key"}
        assert set(failing(check_with(folder, KEY.verifier))) == {"history"}


def cosignature_lines(data: bytes) -> range:
    """A checkpoint's bytes that hold a cosignature; without them one witness fewer is counted."""
    place = data.find("— newsroom".encode())
    return range(place, len(data)) if place >= 0 else range(0)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_changed_byte_in_any_file_is_reported(original: Town, data: st.DataObject) -> None:
    """No content of a file makes the verifier fail with an exception."""
    names = sorted(path for path in original.folder.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from([p for p in names if p.name != "keys"]))
    before = path.read_bytes()
    place = data.draw(st.integers(0, len(before) - 1))
    changed = bytearray(before)
    changed[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(changed)
    try:
        report = check(original)
    finally:
        path.write_bytes(before)
    if place in cosignature_lines(before):
        return
    if path.parent.name == "promises":  # the reader's own file; the log is not accused
        assert report.holds
        assert "foreign" in {each.subject for each in report.findings}
        return
    assert not report.holds


def test_a_map_that_was_replaced_before_the_log_grew_is_no_missing_file(town: Town) -> None:
    """It is the first of two maps in one batch. A map with its own checkpoint must have a file."""
    alone, first, second = (
        write_entry(
            LoggedMap("riverside", some(32, "document", name), some(32, "votes"), "1", 7, "{}")
        )
        for name in range(3)
    )
    town.append(4_000, [alone])
    town.append(5_000, [first, second])
    report = check(town)
    assert report.holds
    told = {each.subject: each.details for each in report.findings if each.state == "open"}
    assert [line.split(":")[0] for line in told["replaced"]] == ["map of riverside, entry 378"]
    assert [line.split(":")[0] for line in told["document"]] == [
        "settings of riverside, entry 369",
        "map of riverside, entry 377",
        "map of riverside, entry 379",
    ]
    assert "replaced before the log grew: 1." in " ".join(verdict_of(report).meaning)


def test_a_log_whose_tiles_nobody_checked_is_not_green(town: Town) -> None:
    whole = check(town)
    assert verdict_of(whole).green
    for subject in ("signature", "history", "tiles"):
        rest = Report(tuple(each for each in whole.findings if each.subject != subject))
        verdict = verdict_of(rest)
        assert (verdict.green, verdict.sentence) == (False, "This log could not be checked.")
