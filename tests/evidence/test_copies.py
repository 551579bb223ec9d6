"""Archived copies: found by content, served to be saved only, kept, checked and cleared away."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evidence.entered import make_source
from middleground.config.doctor.folders import check_copies
from middleground.config.doctor.messages import listing_all
from middleground.dialogues.models import Dialogue, StaffAction
from middleground.evidence.actions.copies import CopyRefused, remove_copy, store_copy
from middleground.evidence.actions.sources import withdraw_source
from middleground.evidence.copies import MOST_BYTES, type_of
from middleground.evidence.jobs import delete_unused_copies
from middleground.evidence.models import Source
from middleground.people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PAGE = b"\xef\xbb\xbf <!-- x --><!DOCTYPE HTML><script>alert(1)</script>"
COPY = "/d/harbour/sources/1/copy/"


@pytest.fixture(autouse=True)
def copies(tmp_path: Path, settings: Any) -> Path:
    settings.COPIES = tmp_path / "copies"
    return settings.COPIES


@pytest.fixture
def source(dialogue: Dialogue, moderator: User) -> Source:
    return make_source(moderator, dialogue)


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PDF, "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"\xff\xd8\xff\xe0....", "jpg"),
        ("Grüße\r\n\tund mehr".encode(), "txt"),
        (PAGE, "html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "html"),
        (b"MZ\x90\x00\x03", None),
        (b"PK\x03\x04", None),
        (b"GIF89a\x01\x00", None),
        ("Grüße".encode("cp1252"), None),
        (b"text with \x00 in it", None),
        (b" \n", None),
    ],
)
def test_the_type_is_found_by_the_content(content: bytes, ending: str | None) -> None:
    found = type_of(content)
    assert (found.ending if found else None) == ending


def test_a_copy_is_served_to_be_saved_and_its_hash_is_shown(
    desk: Client, client: Client, source: Source, copies: Path
) -> None:
    file = SimpleUploadedFile("../../evil.pdf", PAGE, "application/pdf")  # a lie in name and type
    assert desk.post("/desk/harbour/sources/1/copy/", {"file": file}).status_code == 302
    answer = client.get(COPY)
    assert answer.getvalue() == PAGE
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == ('attachment; filename="harbour-source-1.html"')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    digest = hashlib.sha256(PAGE).hexdigest()
    assert digest in client.get("/d/harbour/sources/1/").content.decode()
    assert [path.name for path in copies.iterdir()] == [digest]
    assert (copies / digest).stat().st_mode & 0o077 == 0
    action = StaffAction.objects.first()
    assert (action.verb, action.details) == ("store_copy", {"number": 1, "sha256": digest})


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"a" * (MOST_BYTES + 1), "too_large"), (b"\x7fELF\x00", "unknown_type")],
)
def test_what_cannot_be_archived_is_refused_and_the_copy_stays(
    desk: Client, source: Source, moderator: User, content: bytes, code: str, copies: Path
) -> None:
    store_copy(moderator, source, PDF)
    with pytest.raises(CopyRefused) as refused:
        store_copy(moderator, source, content)
    assert refused.value.code == code
    sent = {"file": SimpleUploadedFile("a.pdf", content)}
    page = desk.post("/desk/harbour/sources/1/copy/", sent, follow=True)
    assert refused.value.message in page.content.decode()
    assert Source.objects.get().copy_type == "pdf"
    assert len(list(copies.iterdir())) == 1


def test_no_file_is_told(desk: Client, source: Source) -> None:
    page = desk.post("/desk/harbour/sources/1/copy/", {"file": "typed"}, follow=True)
    assert "Choose a file first." in page.content.decode()


def test_copies_of_drafts_and_withdrawn_sources_are_not_found(
    client: Client, source: Source, moderator: User
) -> None:
    assert client.get(COPY).status_code == 404
    store_copy(moderator, source, PDF)
    answer = client.get(COPY)
    assert (answer.status_code, answer.getvalue()) == (200, PDF)
    withdraw_source(moderator, source, "Not ours to pass on.")
    assert client.get(COPY).status_code == 404


def test_a_removed_copy_is_deleted_unless_another_source_has_the_same(
    client: Client, dialogue: Dialogue, source: Source, moderator: User, copies: Path
) -> None:
    other = make_source(moderator, dialogue, title="Another")
    for each in (source, other):
        store_copy(moderator, each, PDF)
    (file,) = copies.iterdir()
    an_hour_ago = time.time() - 3_700
    os.utime(file, (an_hour_ago, an_hour_ago))
    remove_copy(moderator, source)
    remove_copy(moderator, source)  # the second tab
    assert client.get(COPY).status_code == 404
    delete_unused_copies()
    assert file.exists()
    remove_copy(moderator, other)
    delete_unused_copies()
    assert not file.exists()
    verbs = list(StaffAction.objects.values_list("verb", flat=True))
    assert verbs.count("remove_copy") == 2


def test_a_file_that_was_just_stored_is_not_deleted(
    source: Source, moderator: User, copies: Path
) -> None:
    store_copy(moderator, source, PDF)
    Source.objects.update(copy_hash="")  # as before the row that names it
    delete_unused_copies()
    assert len(list(copies.iterdir())) == 1


def test_the_doctor_names_damaged_and_missing_copies(
    source: Source, moderator: User, copies: Path
) -> None:
    def told() -> list[tuple[str, str]]:
        with listing_all():
            return [(str(each.id), each.msg) for each in check_copies()]

    assert told() == []
    store_copy(moderator, source, PDF)
    (file,) = copies.iterdir()
    assert told() == [("middleground.I084", "1, all as they were archived.")]
    file.write_bytes(b"other")
    assert told() == [("middleground.E083", f"{file} is not what was archived.")]
    store_copy(moderator, source, PDF)  # uploading it again mends it
    assert told() == [("middleground.I084", "1, all as they were archived.")]
    file.unlink()
    assert told() == [("middleground.E083", f"{file} is missing.")]
