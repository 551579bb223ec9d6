"""Sources as BibTeX, RIS and CSL-JSON: round trips, bad entries, encodings, size."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evidence.entered import STUDY, make_source, source_values
from middleground.dialogues.models import Dialogue, StaffAction
from middleground.evidence.actions.sources import edit_source, withdraw_source
from middleground.evidence.cleaning import FIELDS
from middleground.evidence.exchange.entries import FileFormat, FileRefused
from middleground.evidence.exchange.files import import_sources, read_file, write_file
from middleground.evidence.jobs import format_references
from middleground.evidence.models import Source
from middleground.people.models import User
from support.cast import make_dialogue
from support.reading import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

HARD = {
    **STUDY,
    "title": "A {Ü} \\ & %_$# ~^ “q” -- x",
    "authors": "Müller, Jörg\n{Office of Ports, Statistics}\nPort & Institute",
    "pages": "1–20",
    "doi": "10.1/a_b",
    "address": "https://example.org/a_b?x=1&y=%20#z~",
    "funding": "F & Co",
}


def stored(dialogue: Dialogue) -> list[dict[str, str]]:
    return list(dialogue.sources.order_by("number").values(*FIELDS))


@pytest.mark.parametrize("format_", FileFormat)
def test_what_is_exported_is_imported_the_same_and_once(
    dialogue: Dialogue, moderator: User, format_: FileFormat
) -> None:
    make_source(moderator, dialogue, **HARD)
    for kind in Source.Kind.values:
        make_source(moderator, dialogue, kind=kind, title=f"A {kind}", published="2020-02-29")
    withdraw_source(moderator, make_source(moderator, dialogue, title="Gone"), "Retracted.")
    content = write_file(dialogue, format_).encode()
    other = make_dialogue("airport")
    first = import_sources(moderator, other, read_file(content), strict=True)
    assert (first.added, first.known, first.problems) == (8, 0, [])
    assert stored(other) == stored(dialogue)[:-1]
    again = import_sources(moderator, other, read_file(content), strict=True)
    assert (again.added, again.known) == (0, 8)
    own = import_sources(moderator, dialogue, read_file(content))
    assert (own.added, own.known) == (0, 8)
    (action,) = StaffAction.objects.filter(verb="import_sources")
    assert (action.dialogue, action.details) == (other, {"count": 8, "first": 1})


def test_a_source_that_was_mended_after_its_import_is_not_imported_again(
    dialogue: Dialogue, moderator: User
) -> None:
    content = json.dumps([{"title": "Fgures of the port"}]).encode()
    import_sources(moderator, dialogue, read_file(content))
    edit_source(moderator, Source.objects.get(), source_values(), 0)
    assert import_sources(moderator, dialogue, read_file(content)).known == 1
    assert Source.objects.get().title == "Figures of the port"


BIBTEX = rb"""
@string{press = "Example Press"}
@comment{of the library}
@article{one, title={A {\"u}ber caf{\'e} Stra{\ss}e}, author={M{\"u}ller, J{\"o}rg and
  {Port and Sons} and Jane Doe}, year=2019, month=may, pages={1--20}, publisher=press}
@article{one, title={The same key}}
@misc{two, title={No end
@book{three, title={Three}, url={javascript:alert(1)}, year={20x9}}
@book{four, author={Doe, J}}
@book{five, title={Five}, date={2019-13}}
"""
RIS = b"""junk
TY  - JOUR
AU  - Doe, Jane
T2  - A Journal
TI  - One
PY  - 2019/05/03/spring
SP  - 1
EP  - 9
ER  -

TY  - RPRT
TI  - No end
TY  - NEWS
T1  - Two
ER  - \n"""
CSL = json.dumps(
    [
        {"type": "book", "title": "One", "author": [{"family": "Doe", "given": "J"}], "volume": 3},
        "text",
        {"title": ["a", "list"]},
        {"title": "Two", "issued": {"date-parts": [["2019", 5]]}, "URL": "ftp://example.org"},
        {"title": "Three", "author": [3]},
        {"title": "x" * 501},
    ]
).encode()


@pytest.mark.parametrize(
    ("content", "titles", "problems"),
    [
        (
            BIBTEX,
            ["A über café Straße", "The same key"],
            [
                "Line 7: A brace, comma or quotation mark is missing.",
                "Line 8: address: Write an address that starts with http:// or https://.",
                "Line 9: title: Write its title.",
                "Line 10: date: Write a year, a month or a day: 2019, 2019-05 or 2019-05-03.",
            ],
        ),
        (
            RIS,
            ["One", "Two"],
            [
                "Line 1: This line is outside of a record, which begins with “TY”.",
                "Line 11: The record has no last line “ER  - ”.",
            ],
        ),
        (
            CSL,
            ["One"],
            [
                "Entry 2: It is not a CSL-JSON entry.",
                "Entry 3: It is not a CSL-JSON entry.",
                "Entry 4: address: Write an address that starts with http:// or https://.",
                "Entry 5: It is not a CSL-JSON entry.",
                "Entry 6: title: Ensure this value has at most 500 characters (it has 501).",
            ],
        ),
    ],
    ids=["bibtex", "ris", "csl"],
)
def test_bad_entries_are_told_and_the_rest_is_imported(
    dialogue: Dialogue, moderator: User, content: bytes, titles: list[str], problems: list[str]
) -> None:
    with pytest.raises(FileRefused) as refused:
        import_sources(moderator, dialogue, read_file(content), strict=True)
    assert refused.value.message == f"{len(problems)} entries are bad, so nothing was imported."
    assert import_sources(moderator, dialogue, read_file(content), dry_run=True).added == len(
        titles
    )
    assert not Source.objects.exists()
    report = import_sources(moderator, dialogue, read_file(content))
    assert [source["title"] for source in stored(dialogue)] == titles
    assert report.problems == problems


def test_bibtex_names_dates_and_strings_are_understood(dialogue: Dialogue, moderator: User) -> None:
    import_sources(moderator, dialogue, read_file(BIBTEX))
    source = dialogue.sources.get(number=1)
    assert source.authors == "Müller, Jörg\nPort and Sons\nDoe, Jane"
    assert (source.published, source.pages, source.publisher, source.kind) == (
        "2019-05",
        "1–20",
        "Example Press",
        "study",
    )


@pytest.mark.parametrize(
    "content",
    [
        "@misc{a, title={Grüße – Straße}}".encode("utf-8-sig"),
        "@misc{a, title={Grüße – Straße}}".encode("utf-16"),
        "@misc{a, title={Grüße – Straße}}\r\n".encode("cp1252"),
        '\n\n[{"title": "Grüße – Straße"}]'.encode(),
        "\ufeffTY  - RPRT\r\nTI  - Grüße – Straße\r\nER  - \r\n".encode(),
    ],
)
def test_files_of_old_programs_are_read(content: bytes) -> None:
    (entry,) = read_file(content)
    assert (entry.values["title"], entry.problem) == ("Grüße – Straße", "")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unknown_format"),
        (b"title,year\nA,2019\n", "unknown_format"),
        (b"%PDF-1.7\x00\x01", "not_text"),
        (b"[{]", "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"items": 3}', "no_list"),
    ],
)
def test_a_file_that_is_none_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_file(content)
    assert refused.value.code == code
    assert refused.value.message


def test_ten_thousand_entries_are_imported_in_seconds(
    dialogue: Dialogue, moderator: User, django_assert_max_num_queries: Any
) -> None:
    entries = [{"title": f"Title {n}", "DOI": f"10.1/{n}", "type": "report"} for n in range(10_000)]
    content = json.dumps(entries).encode()
    began = time.process_time()
    with django_assert_max_num_queries(300):
        assert import_sources(moderator, dialogue, read_file(content)).added == 10_000
    assert time.process_time() - began < 20  # about 2 on an idle machine


def test_references_of_an_import_are_formatted_by_the_job(
    dialogue: Dialogue, moderator: User
) -> None:
    import_sources(moderator, dialogue, read_file(CSL))
    source = Source.objects.get()
    assert (source.reference, source.shown_reference) == ("", "Doe, J One.")
    format_references()
    assert Source.objects.get().reference == "Doe, J. (no date) One."


def test_staff_look_at_a_file_before_they_import_it(
    desk: Client, dialogue: Dialogue, outsider: Client
) -> None:
    path = "/desk/harbour/sources/import/"

    def send(client: Client, **fields: str) -> Any:
        return client.post(path, {"file": SimpleUploadedFile("a.ris", RIS), **fields})

    page = words_of(send(desk, look="1"))
    assert "What an import would do 2 sources are new, 0 were there already." in page
    assert "Line 11: The record has no last line" in page
    assert not Source.objects.exists()
    assert "2 entries are bad, so nothing was imported." in words_of(
        send(desk, **{"import": "1", "strict": "on"})
    )
    assert send(outsider, **{"import": "1"}).status_code == 403
    assert not Source.objects.exists()
    assert "Imported 2 sources are new" in words_of(send(desk, **{"import": "1"}))
    assert Source.objects.count() == 2
    answer = desk.get("/desk/harbour/sources/export/ris/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="harbour-sources.ris"'
    assert len(read_file(answer.content)) == 2
    assert "Choose" not in words_of(desk.post(path, {}))
    assert desk.post(path, {"file": SimpleUploadedFile("a.bib", b"")}).status_code == 200
