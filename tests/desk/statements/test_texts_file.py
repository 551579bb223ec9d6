"""Texts can be taken to another tool; nobody's votes or authorship can, from the desk."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.test import Client

from middleground.polis import InvalidExport, read_about, read_export
from support.cast import make_dialogue, make_member, make_participant, make_statement, make_vote
from support.reading import words

pytestmark = pytest.mark.django_db
FILE = "/desk/harbour/statements.zip"


def test_the_statements_without_authors_votes_and_counts(desk: Client, tmp_path: Path) -> None:
    dialogue = make_dialogue(statements=1, background="Old quay.")
    _, author = make_participant(dialogue)
    make_statement(dialogue, 2, "=1+1", author=author)
    make_statement(dialogue, 3, "No.", status="rejected", reason="off_topic")
    gone = make_statement(dialogue, 4, "Gone.", status="rejected", reason="off_topic")
    type(gone).objects.filter(pk=gone.pk).update(text="")
    make_vote(author, dialogue.statements.get(number=1), 1)
    response = desk.get(FILE)
    assert response["Content-Disposition"] == 'attachment; filename="harbour-statements.zip"'
    with ZipFile(BytesIO(response.content)) as file:
        assert file.namelist() == ["comments.csv", "summary.csv"]
        file.extractall(tmp_path)
    read = read_about(tmp_path, "no votes")
    assert (read.topic, read.description) == ("What should the harbour be?", "Old quay.")
    assert [(item.id, item.text, item.author, item.status) for item in read.statements] == [
        (1, "Statement number 1.", None, "unmoderated"),
        (2, "=1+1", None, "unmoderated"),
        (3, "No.", None, "rejected"),
    ]
    rows = (tmp_path / "comments.csv").read_text("utf-8-sig").splitlines()
    assert rows[1].endswith(',1,"","","",0,"Statement number 1."')
    assert '"voters",""' in (tmp_path / "summary.csv").read_text("utf-8-sig")
    with pytest.raises(InvalidExport, match=r"There is neither votes\.csv nor"):
        read_export(tmp_path)


def test_the_page_says_why_votes_are_not_here_and_what_to_do(desk: Client) -> None:
    make_dialogue()
    page = words(desk, "/desk/harbour/kept/")
    assert "Single votes are not here" in page
    assert "middleground export polis harbour" in page


def test_a_moderator_is_offered_nothing_and_gets_nothing(client: Client) -> None:
    dialogue = make_dialogue()
    client.force_login(make_member(dialogue, "moderator", "m@example.org"))
    assert "Take it to another tool" not in words(client, "/desk/harbour/kept/")
    assert client.get(FILE).status_code == 403


def test_the_overview_leads_to_it_and_to_the_pages_of_the_public(desk: Client) -> None:
    make_dialogue(state="closed")
    overview = desk.get("/desk/harbour/").content.decode()
    assert 'href="/desk/harbour/kept/#another-tool"' in overview
    kept = desk.get("/desk/harbour/kept/").content.decode()
    assert re.search(r'id="another-tool".*?href="/desk/harbour/statements.zip"', kept, re.DOTALL)
    for page in ("", "map/", "results/", "report/", "moderation/", "wall/"):
        assert f'<li><a href="/d/harbour/{page}">' in overview
