"""A bit that flips in the stored log is noticed by the server, on the desk and by the doctor."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from ledger.keyring import log_key
from middleground.config.doctor import ledger as doctor
from middleground.ledger.checks.pieces import bundles_of, check_bundles, check_root
from middleground.ledger.files.publishing import publish, publish_document
from middleground.ledger.records.entries import Erasures
from middleground.publiclog.append import append
from middleground.publiclog.publisher import publish_log
from middleground.publiclog.upkeep import soundness
from middleground.publiclog.upkeep.soundness import damage_found, look_through_log

KEY = log_key()


def flip(file: Path, place: int = 40) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 1
    file.write_bytes(data)


def found(folder: Path, checkpoint: object) -> list[str]:
    numbers = range(bundles_of(checkpoint.size))  # type: ignore[attr-defined]
    problems = [
        check_root(folder, checkpoint),  # type: ignore[arg-type]
        *check_bundles(folder, checkpoint, numbers),  # type: ignore[arg-type]
    ]
    return [each for each in problems if each]


@pytest.mark.parametrize("size", [1, 256, 300, 70_000])
def test_each_file_that_is_covered_is_compared(size: int, tmp_path: Path) -> None:
    checkpoint = publish(tmp_path, KEY, 0, [f"entry {n}".encode() for n in range(size)])
    assert found(tmp_path, checkpoint) == []
    files = sorted(tmp_path.glob("tile/**/*"))
    files = [file for file in files if file.is_file()]
    for file in [*files[:1], *files[-2:]] if size > 1_000 else files:
        before = file.read_bytes()
        flip(file, len(before) // 2)
        assert found(tmp_path, checkpoint), file
        file.unlink()
        assert found(tmp_path, checkpoint), file
        file.write_bytes(before)
    assert found(tmp_path, checkpoint) == []


@pytest.fixture
def bundle(folder: Path, db: None) -> Path:
    soundness._Round.next_bundle = 0
    for number in range(3):
        append(Erasures(f"dialogue-{number}", 1))
    publish_log()
    return folder / "tile" / "entries" / "000.p" / "3"


def test_the_server_tells_and_forgets_it_once_it_is_mended(bundle: Path) -> None:
    assert (look_through_log(), damage_found()) == ("", "")
    before = bundle.read_bytes()
    flip(bundle)
    assert look_through_log() == damage_found() == "tile/entries/000 is not what was signed"
    bundle.write_bytes(before)
    assert (look_through_log(), damage_found()) == ("", "")


def ids() -> list[str]:
    return [str(each.id) for each in doctor.check_log()]


@pytest.mark.parametrize("most", [doctor.MOST_VERIFIED, 2])
def test_the_doctor_tells(bundle: Path, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "MOST_VERIFIED", most)
    monkeypatch.setattr(doctor.random.SystemRandom, "sample", lambda _, numbers, __: list(numbers))
    assert settings.LEDGER in bundle.parents
    assert "middleground.I069" in ids()
    flip(bundle)
    assert "middleground.E068" in ids()


def test_of_a_large_log_the_doctor_reads_the_documents(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "MOST_VERIFIED", 2)
    document = Path(settings.LEDGER) / "documents" / publish_document(settings.LEDGER, b"{}").hex()
    (well,) = [each.msg for each in doctor.check_log() if each.id == "middleground.I069"]
    assert "“middleground verify” also reads its texts, and finds what is missing." in well
    flip(document, 0)
    (found,) = [each.msg for each in doctor.check_log() if each.id == "middleground.E068"]
    assert f"documents/{document.name} is not what was signed" in found
