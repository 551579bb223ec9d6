"""The verifiers find and name altered, dropped, forked and forged parts of a log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.checking import check, check_with, failing
from ledger.keyring import log_key, witness_key
from ledger.town import KEY, WITNESS, Town, some
from middleground.ledger.files.publishing import publish, publish_file
from middleground.ledger.merkle.compact_range import root_of
from middleground.ledger.merkle.entry_bundle import read_bundle, write_bundle
from middleground.ledger.merkle.hashing import leaf_hash
from middleground.ledger.merkle.tile_folder import TileFolder
from middleground.ledger.notes.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from middleground.ledger.notes.cosignature import cosign
from middleground.ledger.notes.keys import SigningKey
from middleground.ledger.notes.note import Signature, sign_note
from middleground.ledger.records.entries import LoggedBox
from middleground.ledger.records.kinds import write_entry

OTHER = write_entry(LoggedBox("riverside", some(32, "another box")))


def test_an_altered_tile(town: Town) -> None:
    path = town.folder / "tile/0/000"
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    found = failing(check(town))
    assert set(found) == {"tiles"}
    assert found["tiles"].details == ("tile/0/000: its hashes are not those of the leaves.",)


def test_an_altered_entry_is_named(town: Town) -> None:
    path = town.folder / "tile/entries/000"
    entries = read_bundle(path.read_bytes())
    entries[100] = OTHER
    path.write_bytes(write_bundle(entries))
    found = failing(check(town))
    assert found["tiles"].details == ("tile/entries/000: entry 100 is not what was logged.",)
    assert set(found) == {"tiles"}


def test_a_dropped_entry(town: Town) -> None:
    path = town.folder / "tile/entries/000"
    entries = read_bundle(path.read_bytes())
    path.write_bytes(write_bundle(entries[:50] + entries[51:]))
    found = failing(check(town))
    assert set(found) == {"tiles"}
    assert found["tiles"].details == (
        "tile/entries/000: it holds 255 entries where 256 belong; some were dropped.",
    )


def test_a_missing_file(town: Town) -> None:
    (town.folder / "tile/1/000.p/1").unlink()
    assert failing(check(town))["tiles"].details == ("tile/1/000.p/1: the file is missing.",)


def rebuilt(town: Town, entries: list[bytes]) -> None:
    """Write all tiles anew from these entries, as a dishonest host could."""
    for path in sorted((town.folder / "tile").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    TileFolder(town.folder, 0).append(entries)


def test_a_leaf_dropped_from_entries_and_tiles_alike(town: Town) -> None:
    rebuilt(town, town.entries[:375] + town.entries[376:])
    found = failing(check(town))
    assert found["history"].sentence.endswith("They are as signed up to leaf 371.")
    assert {"history", "tiles"} <= set(found)


def test_leaves_exchanged_in_entries_and_tiles_alike(town: Town) -> None:
    entries = list(town.entries)
    entries[20] = OTHER
    rebuilt(town, entries)
    found = failing(check(town))
    assert found["history"].sentence.endswith("They are as signed up to leaf 14.")


def signed(town: Town, size: int, entries: list[bytes]) -> str:
    root = root_of(leaf_hash(entry) for entry in entries[:size])
    return str(sign_checkpoint(Checkpoint(KEY.name, size, root), KEY))


def test_a_fork_of_the_same_size(town: Town) -> None:
    other = [*town.entries[:-1], OTHER]
    publish_file(town.folder, "checkpoints/from-a-friend", signed(town, len(other), other))
    found = failing(check(town))
    assert set(found) == {"fork"}
    assert [line.split(":")[0] for line in found["fork"].details] == [
        "checkpoint",
        "checkpoints/000000000377",
        "checkpoints/from-a-friend",
    ]


def test_a_fork_after_a_kept_checkpoint(town: Town) -> None:
    """A kept older checkpoint is not consistent with the newest one."""
    other = [OTHER, *town.entries[1:200]]
    publish_file(town.folder, "checkpoints/from-a-friend", signed(town, 200, other))
    found = failing(check(town))
    assert set(found) == {"fork"}
    assert [line.split(":")[0] for line in found["fork"].details] == ["checkpoints/from-a-friend"]
    # A consistent checkpoint between two batches is no fork.
    publish_file(town.folder, "checkpoints/from-a-friend", signed(town, 200, town.entries))
    assert check(town).holds


def test_a_log_that_was_set_back(town: Town) -> None:
    older = (town.folder / "checkpoints/000000000371").read_bytes()
    (town.folder / "checkpoint").write_bytes(older)
    found = failing(check(town))
    assert found["history"].sentence == (
        "The log was set back to 371 leaves; checkpoints/000000000377 is newer."
    )


def test_a_checkpoint_of_impossible_size(town: Town) -> None:
    huge = sign_checkpoint(Checkpoint(KEY.name, 10**18, bytes(32)), KEY)
    publish_file(town.folder, "checkpoints/huge", str(huge))
    assert failing(check(town))["history"].sentence == (
        "The newest checkpoint has 1000000000000000000 leaves; most of their files are missing."
    )


def test_a_bundle_that_is_missing_is_named(town: Town) -> None:
    (town.folder / "tile/entries/000").unlink()
    found = failing(check(town))
    assert found["tiles"].details == ("tile/entries/000: the file is missing.",)
    assert "history" not in found


def test_a_forged_signature(town: Town) -> None:
    text = (town.folder / "checkpoint").read_text("utf-8")
    place = text.index(" ", text.index("— host.example")) + 50
    changed = "A" if text[place] != "A" else "B"
    (town.folder / "checkpoint").write_text(text[:place] + changed + text[place + 1 :], "utf-8")
    found = failing(check(town))
    assert set(found) == {"signature", "history"}
    assert found["signature"].details == (
        "checkpoint: the signature in the name of host.example/ledger is forged.",
    )


def test_a_checkpoint_by_another_key_of_the_same_name(town: Town) -> None:
    impostor = SigningKey(KEY.name, KEY.kind, b"i" * 32)
    checkpoint, _ = open_checkpoint((town.folder / "checkpoint").read_bytes(), KEY.verifier)
    note = sign_checkpoint(checkpoint, impostor)
    publish_file(town.folder, "checkpoint", str(note))
    found = failing(check(town))
    assert found["signature"].details == ("checkpoint: host.example/ledger did not sign it.",)


def test_a_whole_folder_by_another_key_fails_with_the_reader_s_key(town: Town) -> None:
    assert check_with(town.folder, log_key("other.example").verifier).holds is False
    assert (
        check_with(town.folder, SigningKey(KEY.name, KEY.kind, b"i" * 32).verifier).holds is False
    )


def test_a_forged_cosignature(town: Town) -> None:
    _, note = open_checkpoint((town.folder / "checkpoint").read_bytes(), KEY.verifier)
    signature = cosign(note, WITNESS, 9_999)
    forged = replace(signature, data=(1).to_bytes(8, "big") + signature.data[8:])
    publish_file(town.folder, "checkpoint", str(note.with_signatures([forged])))
    found = failing(check(town))
    assert found["witness"].details == (
        "checkpoint: the cosignature in the name of newsroom.example is forged.",
    )


@pytest.mark.parametrize("time", [0, 2**63])
def test_a_cosignature_of_a_time_that_cannot_be(town: Town, time: int) -> None:
    """The witness's own key signed it."""
    _, note = open_checkpoint((town.folder / "checkpoint").read_bytes(), KEY.verifier)
    data = WITNESS.sign(f"cosignature/v1\ntime {time}\n{note.text}".encode())
    public = WITNESS.verifier
    signature = Signature(public.name, public.id, time.to_bytes(8, "big") + data)
    publish_file(town.folder, "checkpoint", str(note.with_signatures([signature])))
    assert failing(check(town))["witness"].details == (
        "checkpoint: the cosignature in the name of newsroom.example is forged.",
    )


def test_a_checkpoint_of_another_log_by_the_same_key(town: Town) -> None:
    note = sign_note(str(Checkpoint("other.example", 1, bytes(32))), KEY)
    publish_file(town.folder, "checkpoints/strange", str(note))
    found = failing(check(town))
    assert set(found) == {"signature"}
    assert found["signature"].details == (
        "checkpoints/strange: it is of another log, other.example.",
    )


def test_an_unknown_witness_counts_for_nothing(town: Town) -> None:
    report = check_with(town.folder, KEY.verifier, [witness_key("critic.example").verifier])
    assert [each.sentence for each in report.findings if each.subject == "witness"] == [
        "No known witness has signed the newest checkpoint."
    ]


def test_an_entry_that_is_no_record_and_one_of_an_unknown_kind(town: Town) -> None:
    town.append(4_000, [b"merge/v1\ndialogue a\n", b"vote/v9\n"])
    report = check(town)
    assert failing(report)["record"].details[0].startswith("Entry 377: this is not a record")
    assert "Entries of kinds that this program does not know: 1." in [
        each.sentence for each in report.findings
    ]


def test_tiles_beyond_the_checkpoint_are_named(town: Town) -> None:
    (town.folder / "tile/0/009").write_bytes(b"x" * 8192)
    found = [each for each in check(town).findings if each.subject == "tiles"]
    assert [(each.state, each.details) for each in found] == [
        ("holds", ()),
        ("open", ("tile/0/009.",)),
    ]


def test_a_host_signs_nothing_on_a_damaged_folder(town: Town) -> None:
    rebuilt(town, [b"merge/v1\n", *town.entries[1:]])
    before = (town.folder / "checkpoint").read_bytes()
    with pytest.raises(Exception, match="the tiles do not give the newest checkpoint's root"):
        publish(town.folder, KEY, len(town.entries), [b"new"])
    assert (town.folder / "checkpoint").read_bytes() == before


def test_a_listed_checkpoint_that_is_missing(town: Town) -> None:
    (town.folder / "checkpoints/000000000371").unlink()
    found = failing(check(town))
    assert found["history"].details == ("checkpoints/000000000371.",)
    (town.folder / "sizes").unlink()  # without a list of sizes nothing is missing
    assert check(town).holds


@pytest.mark.parametrize("text", ["371", "377\n371\n", "371\n371\n", "0371\n", "\n"])
def test_an_unreadable_list_of_checkpoints(town: Town, text: str) -> None:
    (town.folder / "sizes").write_text(text, "utf-8")
    assert failing(check(town))["history"].sentence == "The list of checkpoints cannot be read."
