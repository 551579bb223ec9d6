"""What others show beside a shared link: words, and a picture with no figure that is withheld."""

from __future__ import annotations

import re
import struct
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client

from dialogues.pages.results.test_map_page import store, with_map
from disclosure.made_facts import Counts, made_facts
from middleground.dialogues.models import Statement
from middleground.dialogues.results import picture_files
from support.cast import make_dialogue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
ORIGIN = "https://dialogue.example.org"
SAID = "Agree or disagree with short statements, and see what all groups share."


@pytest.fixture(autouse=True)
def _origin(settings: Any) -> None:
    settings.ORIGIN = ORIGIN


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is drawn as PNG, without drawing it."""
    svgs: list[str] = []

    def draw(svg: str, width: int, left_out: str) -> bytes:
        svgs.append(svg)
        return b"\x89PNG"

    monkeypatch.setattr(picture_files, "png", draw)
    return svgs


def tags(client: Client, path: str) -> dict[str, str]:
    html = client.get(path).content.decode()
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', html)
    assert len(found) == len(dict(found))
    return {name: unescape(value) for name, value in found}


def words(svg: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<text [^>]*>([^<]*)</text>", svg)]


def bars(svg: str) -> int:
    return svg.count('class="pic-track"')


def test_a_shared_dialogue_tells_its_question_state_and_picture(client: Client) -> None:
    make_dialogue(question='Who "owns" <the> quay?')
    assert tags(client, "/d/harbour/") == {
        "og:type": "website",
        "og:site_name": "middleground",
        "og:title": 'Who "owns" <the> quay?',
        "og:description": SAID,
        "og:url": f"{ORIGIN}/d/harbour/",
        "og:image": f"{ORIGIN}/d/harbour/preview.png",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": f'Who "owns" <the> quay? – {SAID}',
        "twitter:card": "summary_large_image",
    }


def test_each_page_has_its_own_words_and_each_map_another_picture(client: Client) -> None:
    dialogue = with_map(state="closed")
    dialogue.maps.update(final=True)
    version = f"?map={dialogue.maps.get().pk}"
    question = "What should the harbour be?"
    assert tags(client, "/")["og:image"] == f"{ORIGIN}/preview.png"
    for path in ("map/", "results/"):
        found = tags(client, f"/d/harbour/{path}")
        assert found["og:title"] == question
        assert found["og:image"] == f"{ORIGIN}/d/harbour/preview.png{version}"
    found = tags(client, "/d/harbour/s/1/")
    assert (found["og:title"], found["og:description"]) == ("Statement number 1.", question)
    assert found["og:image"] == f"{ORIGIN}/d/harbour/s/1/preview.png{version}"


def test_pages_of_a_person_and_errors_are_not_for_sharing(client: Client) -> None:
    make_dialogue()
    for path in ("/you/", "/d/harbour/take-part/", "/d/harbour/mine/", "/d/nowhere/"):
        assert tags(client, path) == {}, path


def test_before_a_map_there_is_the_question_alone(client: Client, drawn: list[str]) -> None:
    make_dialogue(question="Before any map?")
    answer = client.get("/d/harbour/preview.png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "Content-Disposition" not in answer
    (svg,) = drawn
    assert words(svg) == ["Port City asks", "Before any map?", "dialogue.example.org · open"]
    assert bars(svg) == 0


def test_a_map_adds_what_every_group_agrees_with(client: Client, drawn: list[str]) -> None:
    with_map(question="With a map?", simulated=True)
    client.get("/d/harbour/preview.png")
    (svg,) = drawn
    assert "Every group agrees: Statement number 1." in words(svg)
    assert "dialogue.example.org · open · example, all simulated" in words(svg)
    assert bars(svg) == 2


def test_the_figures_beside_the_bars_are_those_of_the_page(
    client: Client, drawn: list[str]
) -> None:
    """Also where only a range is told: a bar alone would look as if the bound were the share."""
    dialogue = make_dialogue(statements=1)
    counts: dict[str, Counts] = {"A": (30, 0, 0), "B": (20, 5, 20)}
    store(dialogue, made_facts({dialogue.statements.get().pk: counts}, shrinkage=5.0))
    client.get("/d/harbour/s/1/preview.png")
    page = unescape(client.get("/d/harbour/s/1/").content.decode())
    told = re.findall(r'class="pic-figure"[^>]*>([^<]+)<', page)
    (drawing,) = drawn
    figures = [each for each in words(drawing) if "%" in each]
    assert figures[0].replace("\u00a0", " ") == "at least 73%"
    assert len(figures) == 2
    assert set(figures) <= set(told)
    assert drawing.count('class="pic-whisker"') == 2


def test_a_withheld_share_is_in_no_preview(client: Client, drawn: list[str]) -> None:
    few: dict[str, Counts] = {"A": (40, 3, 7), "B": (2, 0, 0)}
    enough: dict[str, Counts] = {"A": (2, 41, 7), "B": (3, 33, 6)}
    with_map({1: few, 2: enough}, question="With few votes?")
    client.get("/d/harbour/s/1/preview.png")
    client.get("/d/harbour/preview.png")
    client.get("/d/harbour/s/2/preview.png")
    assert [bars(svg) for svg in drawn] == [0, 0, 2]  # the last is the control


def test_a_statement_has_its_own_picture(client: Client, drawn: list[str]) -> None:
    dialogue = with_map(question="With a statement?")
    client.get("/d/harbour/s/2/preview.png")
    (svg,) = drawn
    assert words(svg)[:2] == ["With a statement?", "Statement number 2."]
    assert bars(svg) == 2
    assert client.get("/d/harbour/s/9/preview.png").status_code == 404
    removed = dialogue.statements.filter(number=2)
    removed.update(status=Statement.Status.REJECTED, reviewed=True, reason="spam")
    assert client.get("/d/harbour/s/2/preview.png").status_code == 404


def test_the_words_above_the_shares_name_groups_only_where_there_are_some(
    client: Client, drawn: list[str]
) -> None:
    dialogue = with_map(question="By group?")
    client.get("/d/harbour/s/1/preview.png")
    stored = dialogue.maps.get()
    everyone = tuple(replace(each, groups=()) for each in stored.facts.statements)
    alone = replace(
        stored.facts, status="one_group", groups=stored.facts.groups[:1], statements=everyone,
        middle_ground=(), divisive=(),
    )  # fmt: skip
    stored.delete()
    store(dialogue, alone)
    client.get("/d/harbour/s/1/preview.png")
    by_group, of_all = map(words, drawn)
    assert "Share that agrees, by group" in by_group  # the control
    assert "Share that agrees" in of_all
    assert "Share that agrees, by group" not in of_all
    assert bars(drawn[1]) == 1


def test_a_draft_has_no_preview(client: Client, drawn: list[str]) -> None:
    make_dialogue(state="draft")
    assert client.get("/d/harbour/preview.png").status_code == 404
    assert client.get("/d/harbour/s/1/preview.png").status_code == 404
    assert drawn == []


def test_programs_that_look_for_an_icon_find_our_mark(client: Client) -> None:
    icon = client.get("/favicon.ico")
    assert icon["Content-Type"] == "image/vnd.microsoft.icon"
    size, place = struct.unpack("<II", icon.content[14:22])
    assert icon.content[:6] == b"\0\0\1\0\1\0"
    assert (place, len(icon.content)) == (22, 22 + size)
    assert icon.content[22:30] == b"\x89PNG\r\n\x1a\n"
    touch = client.get("/apple-touch-icon.png").content
    assert struct.unpack(">II", touch[16:24]) == (180, 180)


def test_a_page_in_another_language_shares_a_picture_in_it(
    client: Client, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host's translated question stands in it, and in the title."""
    monkeypatch.setattr(picture_files, "has_a_font", lambda _language: True)
    dialogue = make_dialogue(other_languages=["es"])
    dialogue.translations.create(
        part="question", language="es", words="¿Qué debe ser el puerto?", state="shown",
        source="staff", of_digest="",
    )  # fmt: skip
    shared = tags(client, "/es/d/harbour/")
    assert shared["og:title"] == "¿Qué debe ser el puerto?"
    assert shared["og:image"] == f"{ORIGIN}/es/d/harbour/preview.png"
    assert client.get("/es/d/harbour/preview.png").status_code == 200
    assert "¿Qué debe ser el puerto?" in words(drawn[0])
    # The control: the page that names no language shares the original.
    assert tags(client, "/d/harbour/")["og:image"] == f"{ORIGIN}/d/harbour/preview.png"
    assert client.get("/d/harbour/preview.png").status_code == 200
    assert "What should the harbour be?" in words(drawn[1])
