"""An auditor recomputes the final map from the sealed votes, byte for byte."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from middleground.cli.app import app
from middleground.dialogues.maps.log_record import matrix_path
from middleground.dialogues.maps.publish import refresh_map
from middleground.dialogues.models import StoredMap
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.matrix import read_matrix, write_matrix
from middleground.ledger.records.entries import LoggedMap
from middleground.publiclog.publisher import publish_log
from support.camps import add_voters
from support.cast import make_dialogue
from support.logged import closed, entries

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def matrix(keys: Path, folder: Path, tmp_path: Path, settings: Any) -> Path:
    """The sealed votes of a dialogue that had a map before its final one."""
    settings.SEALED = tmp_path / "sealed"
    dialogue = make_dialogue(statements=12)
    add_voters(dialogue, 40)
    refresh_map(dialogue.pk)
    add_voters(dialogue, 20, first=101)
    closed(dialogue)
    publish_log()
    return matrix_path(dialogue)


def analyse(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["analyse", *arguments])


def test_the_recomputed_map_is_identical_and_both_hashes_are_published(
    matrix: Path, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "facts.json"
    done = analyse("--sealed", str(matrix), "--json", str(out))
    assert done.exit_code == 0, done.output
    stored = StoredMap.objects.get(final=True)
    facts = json.dumps(stored.data, sort_keys=True, separators=(",", ":"))
    assert out.read_text() == facts + "\n"
    record = [entry for entry in entries(folder) if isinstance(entry, LoggedMap)][-1]
    assert record.votes == hashlib.sha256(matrix.read_bytes()).digest()
    document = json.loads((folder / "documents" / record.document.hex()).read_bytes())
    assert document["facts_sha256"] in done.output
    assert document["votes_sha256"] == record.votes.hex()
    assert record.votes.hex() in done.output


def test_one_altered_vote_gives_other_hashes(matrix: Path, tmp_path: Path) -> None:
    """The control: the published hashes fix the file and its figures."""
    stored = StoredMap.objects.get(final=True)
    altered = tmp_path / "altered.votes"
    text = matrix.read_text()
    place = text.index("+", text.index("participant open"))
    altered.write_text(text[:place] + "-" + text[place + 1 :])
    done = analyse("--sealed", str(altered))
    assert done.exit_code == 0
    assert stored.votes_seal not in done.output
    assert stored.facts_seal not in done.output


def test_published_files_have_no_pseudonym_and_allow_no_guess(matrix: Path, folder: Path) -> None:
    stored = StoredMap.objects.get(final=True)
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert stored.data["input_hash"].encode() not in everything
    assert bytes.fromhex(stored.data["input_hash"]) not in everything
    participants = stored.dialogue.participants.values_list("pk", flat=True)
    assert not any(str(person) in matrix.read_text() for person in participants)
    assert matrix.stat().st_mode & 0o077 == 0


def test_an_invalid_file_and_another_engine_are_refused(matrix: Path, tmp_path: Path) -> None:
    for content in (b"", b"sealed-votes/v1\n", b"\xff", matrix.read_bytes()[:-30]):
        bad = tmp_path / "bad.votes"
        bad.write_bytes(content)
        done = analyse("--sealed", str(bad))
        assert done.exit_code == 2
        assert "cannot be used" in done.output
    text = matrix.read_text()
    engine = next(line for line in text.split("\n") if line.startswith("engine "))
    (tmp_path / "old.votes").write_text(text.replace(engine, "engine 0.0.1", 1))
    done = analyse("--sealed", str(tmp_path / "old.votes"))
    assert done.exit_code == 2
    assert "0.0.1" in done.output
    (tmp_path / "other.votes").write_text(text.replace("double_votes", "doubled", 1))
    done = analyse("--sealed", str(tmp_path / "other.votes"))
    assert done.exit_code == 2
    assert "with other options" in done.output


def test_a_folder_or_a_file_but_not_both(matrix: Path, tmp_path: Path) -> None:
    for arguments in ((), (str(tmp_path), "--sealed", str(matrix))):
        done = analyse(*arguments)
        assert done.exit_code == 2
        assert "either a folder or" in done.output


def test_only_one_encoding_is_accepted(matrix: Path) -> None:
    data = matrix.read_bytes()
    assert write_matrix(read_matrix(data)) == data
    for other in (data.replace(b"\n", b"\r\n"), data + b"\n", data.replace(b"+ ", b"+  ", 1)):
        with pytest.raises(BadRecord):
            read_matrix(other)
