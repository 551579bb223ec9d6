"""Pasted lists lose their marks, and nothing that only looks like one."""

import pytest
from django.test import Client

from middleground.dialogues.statements.list_marks import without_list_marks
from support.cast import make_dialogue

PAGE = "/desk/harbour/statements/"


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (["• One", "  - Two", "–\tThree"], ["One", "Two", "Three"]),
        (["1. One", "2. Two", "3. Three"], ["One", "Two", "Three"]),
        (["7) One", "8) Two"], ["One", "Two"]),
        (["(a) One", "(b) Two"], ["One", "Two"]),
        (["* One", "Two"], ["One", "Two"]),
    ],
)
def test_marks_of_a_list_are_left_out(lines: list[str], kept: list[str]) -> None:
    marked = sum(line not in kept for line in lines)
    assert without_list_marks(lines) == (kept, marked)


@pytest.mark.parametrize(
    "lines",
    [
        ["-5 degrees is too cold for a classroom.", "*Free* buses help."],
        ["1. One alone may be a name."],
        ["1. One", "3. Three"],
        ["1. One", "Two"],
        ["2030. By then buses are electric.", "2031. Then trams are."],
        ["I. am a line", "And another"],
        ["- "],
        [],
    ],
)
def test_what_only_looks_like_a_mark_stays(lines: list[str]) -> None:
    assert without_list_marks(lines) == (lines, 0)


@pytest.mark.django_db
def test_the_page_says_so_and_who_types_a_mark_back_keeps_it(desk: Client) -> None:
    dialogue = make_dialogue(statements=0)
    pasted = {"lines": "1. Fish come first.\r\n2. Boats come first."}
    page = desk.post(PAGE, pasted).content.decode()
    assert "The list marks before 2 lines, such as “•” or “1.”, were left out." in page
    assert "\nFish come first.\nBoats come first.</textarea>" in page.replace("\r", "")
    desk.post(PAGE, {"lines": "- Fish come first.", "add": "1"})
    assert list(dialogue.statements.values_list("text", flat=True)) == ["- Fish come first."]
