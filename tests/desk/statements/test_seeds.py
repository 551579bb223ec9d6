"""The host's own statements are previewed before they are added, and no input is lost."""

import io
import re
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from middleground.dialogues.models import Dialogue, StaffAction, Statement
from middleground.dialogues.statements.seed_import import (
    MOST_BYTES,
    TableRefused,
    look_at,
    read_lines,
    read_table,
)
from middleground.dialogues.statements.seeds import SeedsRefused, remove_statement
from middleground.people.models import User
from support.cast import make_dialogue, make_statement
from texts.spreadsheets import ods, xlsx

pytestmark = pytest.mark.django_db
PAGE = "/desk/harbour/statements/"


@pytest.fixture
def dialogue(db: None) -> Dialogue:
    return make_dialogue(statements=1, statement_limit=60)


def kept(page: str) -> list[str]:
    """The lines in the text area."""
    found = re.search(r"<textarea[^>]*>\r?\n?(.*?)</textarea>", page, re.DOTALL)
    return found[1].splitlines()


def test_the_preview_adds_nothing_and_marks_errors(desk: Client, dialogue: Dialogue) -> None:
    lines = [
        "Fish come first.",
        "statement number 1!",
        "fish come first!",
        "x" * 61,
        "Call 213-555-0142 now.",
        "Fish should come first here.",
    ]
    page = desk.post(PAGE, {"lines": "\r\n".join([*lines, "", "   "])}).content.decode()
    assert "3 statements can be added." in page
    assert re.findall(r'flag-stop">(.*?)</span>', page) == [
        "Already there, as number 1.",
        "Same as line 1 of this list.",
        "61 characters; the limit is 60. Shorten it.",
    ]
    assert "May contain a phone number." in page
    assert kept(page) == lines
    assert Statement.objects.count() == 1


def test_similar_lines_are_flagged(desk: Client, dialogue: Dialogue) -> None:
    make_statement(dialogue, 2, "Trees should line the old quay.")
    lines = [
        "Fish come first.",
        "The market needs a roof.",
        "Fish should come first here.",
        "Old quay: trees should line it.",
        "x" * 61,
    ]
    page = desk.post(PAGE, {"lines": "\n".join(lines)}).content.decode()
    assert "4 statements can be added." in page
    items = re.findall(r"<li>(.*?)</li>", page.split('class="candidates"')[1], re.DOTALL)[:5]
    flags = [re.findall(r'class="flag[^"]*">(.*?)</span>', item, re.DOTALL) for item in items]
    assert flags == [
        [],
        [],
        ["Says nearly the same as line 1 of this list: “<bdi>Fish come first.</bdi>”"],
        ["Says nearly the same as number 2: “<bdi>Trees should line the old quay.</bdi>”"],
        ["61 characters; the limit is 60. Shorten it."],
    ]


def test_five_hundred_lines_are_previewed_within_three_seconds(dialogue: Dialogue) -> None:
    lines = [f"The city should do thing {n} about street {n * 7} soon." for n in range(500)]
    for number in range(2, 502):
        make_statement(dialogue, number, f"Nobody should ask {number} what bench {number} is for.")
    began = time.process_time()
    found = look_at(dialogue, [line[:60] for line in lines])
    assert time.process_time() - began < 3
    assert len(found) == 500


def test_lines_that_cannot_be_added_stay_in_the_form(desk: Client, dialogue: Dialogue) -> None:
    fields = {"lines": "Fish come first.\nStatement number 1.\nShips, too.", "add": "1"}
    page = desk.post(PAGE, fields).content.decode()
    assert "2 statements were added." in page
    assert kept(page) == ["Statement number 1."]
    added = Statement.objects.filter(number__gt=1)
    assert list(added.values_list("number", "text", "origin", "status", "reviewed")) == [
        (2, "Fish come first.", "seed", "approved", True),
        (3, "Ships, too.", "seed", "approved", True),
    ]
    dialogue.refresh_from_db()
    assert dialogue.revision == 1
    action = StaffAction.objects.get()
    assert (action.verb, action.details) == ("add_statements", {"count": 2, "first": 2})


def test_adding_redirects_so_that_a_reload_adds_nothing(desk: Client, dialogue: Dialogue) -> None:
    response = desk.post(PAGE, {"lines": "Fish.", "add": "1"})
    assert (response.status_code, response["Location"]) == (302, PAGE)


def test_an_empty_form_is_explained(desk: Client, dialogue: Dialogue) -> None:
    assert "Write at least one statement" in desk.post(PAGE, {"lines": " \n "}).content.decode()


def test_a_file_is_previewed_with_the_lines(desk: Client, dialogue: Dialogue) -> None:
    file = SimpleUploadedFile("s.csv", '\ufefftext;n\n"Two\nlines";1\nFish;2\n'.encode())
    # “add” only previews here, because the host has not seen the file's texts yet.
    page = desk.post(PAGE, {"lines": "Typed.", "file": file, "add": "1"}).content.decode()
    assert kept(page) == ["Typed.", "Two lines", "Fish"]
    assert Statement.objects.count() == 1


def test_a_spreadsheet_is_previewed_as_a_csv_file_is(desk: Client, dialogue: Dialogue) -> None:
    file = SimpleUploadedFile("s.xlsx", xlsx([["text"], ["=1+1"], ["Fish"]]))
    page = desk.post(PAGE, {"lines": "Typed.", "file": file}).content.decode()
    assert kept(page) == ["Typed.", "=1+1", "Fish"]


def test_a_bad_file_keeps_the_typed_lines(desk: Client, dialogue: Dialogue) -> None:
    file = SimpleUploadedFile("s.csv", b"text,n\nFish\n")
    page = desk.post(PAGE, {"lines": "Typed.", "file": file}).content.decode()
    assert "Line 2 has 1 column instead of 2." in page
    assert kept(page) == ["Typed."]


def test_more_than_500_statements_are_refused(desk: Client, dialogue: Dialogue) -> None:
    lines = [f"Line {number}." for number in range(501)]
    page = desk.post(PAGE, {"lines": "\n".join(lines), "add": "1"}).content.decode()
    assert "These are 501 statements. Add at most 500 at a time." in page
    assert kept(page) == lines
    assert Statement.objects.count() == 1


def test_hostile_lines_are_shown_as_text(desk: Client, dialogue: Dialogue) -> None:
    page = desk.post(PAGE, {"lines": "</textarea><script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (b"text\nA\nB\n", ["A", "B"]),
        (b'id,comment-body\r\n1,A\r\n2,"B, too"\r\n', ["A", "B, too"]),
        ("\ufeffText;id\nÄ;1\n".encode(), ["Ä"]),
        (b"id\ttext\n1\tA\n\n", ["A"]),
        (b"text,id\n,1\n", []),
        # As Excel saves it: “Unicode text”, and a spreadsheet with empty rows and rows of numbers.
        ("id\tText\r\n1\tÄ;b\r\n".encode("utf-16"), ["Ä;b"]),
        ("\ufeffid\ttext\r\n1\tA\r\n".encode("utf-16-be"), ["A"]),
        (
            xlsx([["", ""], ["n", "Comment body"], ["1", " A\u202e "], ["", ""], ["2", "B"]]),
            ["A\u202e", "B"],
        ),
        (ods([["statement"], ["A"], [""], ["B, too"]]), ["A", "B, too"]),
        # What Agora gives out has no votes, but its statements can be used.
        (b"comment-id,author-id,agrees,comment_text\n0,1,4,A\n", ["A"]),
    ],
)
def test_supported_tables_are_read(content: bytes, texts: list[str]) -> None:
    assert read_table(content) == texts


def packed(name: str) -> bytes:
    """A zip with one file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "text")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The first line must name the columns"),
        (b"A\nB\n", "The first line must name the columns"),
        (b"text\nfine\n\xff\n", "Line 3 is not UTF-8 text."),
        (b"text\n\0\n", "This is not a text file or a spreadsheet."),
        (b"\xff\xfe\0", "This is not a text file or a spreadsheet."),
        (xlsx([["n"], ["Fish"]]), "one of them “text” or “comment-body”"),
        (b"PK\x03\x04", "This spreadsheet cannot be read. It may be damaged"),
        (b"a\0\xff\xfe\xe9\n", "This is not a text file or a spreadsheet."),
        (b"\x89PNG\r\n\x1a\n\0\0", "This is a picture,"),
        (b"\xff\xd8\xff\xe0", "This is a picture,"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "This is a PDF,"),
        (packed("photos/a.txt"), "This is a zip or another packed file,"),
        (packed("word/document.xml"), "This is a text document or slides"),
        (b"text\nx" + b" " * MOST_BYTES, "The file is larger than 1 MB."),
        (b'text,n\n"A"x,1\n', "Line 2: a quotation mark is wrong."),
        (b'text,n\n"A,1\n', "quotation mark is wrong."),
    ],
)
def test_unreadable_tables_are_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(TableRefused) as refused:
        read_table(content)
    assert reason in refused.value.reasons[0].message


def test_a_text_that_is_named_like_a_spreadsheet_is_called_so() -> None:
    with pytest.raises(TableRefused) as refused:
        read_table(b"A\nB\n", "Statements.XLSX")
    assert "plain text with a spreadsheet’s name" in refused.value.reasons[0].message
    assert read_table(b"text\nA\n", "statements.xlsx") == ["A"]


def test_control_characters_and_spaces_are_removed(dialogue: Dialogue) -> None:
    assert [each.text for each in look_at(dialogue, read_lines(" a\u202eb \r\n\n\tc\u2028d"))] == [
        "ab", "c", "d"
    ]  # fmt: skip


def test_statements_are_removed_from_drafts_only(desk: Client) -> None:
    dialogue = make_dialogue(state="draft")
    desk.post(f"{PAGE}2/remove/")
    assert list(dialogue.statements.values_list("number", flat=True)) == [1, 3]
    Dialogue.objects.update(state="open")
    page = desk.post(f"{PAGE}3/remove/", follow=True).content.decode()
    assert "only remove the host’s own statements from a draft" in page
    assert list(dialogue.statements.values_list("number", flat=True)) == [1, 3]


def test_only_a_drafts_own_statements_are_removable(facilitator: User) -> None:
    dialogue = make_dialogue(state="draft")
    one, two, _three = dialogue.statements.order_by("number")
    Statement.objects.filter(pk=one.pk).update(origin="participant")
    with pytest.raises(SeedsRefused) as refused:
        remove_statement(facilitator, one)
    assert (refused.value.code, dialogue.statements.count()) == ("not_removable", 3)
    remove_statement(facilitator, two)
    assert list(dialogue.statements.values_list("number", flat=True)) == [1, 3]


def test_a_table_tells_each_bad_line_up_to_twenty() -> None:
    table = "text,n\nfine,1\n" + "one,2,3\n" * 30
    with pytest.raises(TableRefused) as refused:
        read_table(table.encode())
    found = [(each.code, each.values["line"]) for each in refused.value.reasons]
    assert found == [("row_length", line) for line in range(3, 23)]


def test_the_page_takes_nine_queries(
    desk: Client, dialogue: Dialogue, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(9):
        desk.get(PAGE)
    make_more = {"lines": "Second.\nThird.", "add": "1"}
    desk.post(PAGE, make_more)
    desk.get(PAGE)  # shows the message once
    with django_assert_num_queries(9):
        desk.get(PAGE)
