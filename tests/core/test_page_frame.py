"""Apps add links, notices and style sheet parts to the frame of every page."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles.finders import find
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client

from middleground.core.page import frame
from middleground.core.page.frame import (
    PageLink,
    Place,
    add_links,
    add_notice,
    page_links,
    style_folders,
)
from middleground.core.page.style_sheet import NAME, style_sheet
from support.cast import make_dialogue, make_staff
from support.house import ROOT

PACKAGE = ROOT / "src/middleground"


def links(page: str, mark: str) -> list[tuple[str, str]]:
    """The address and text of each link in the element that starts with the mark."""
    part = page[page.index(mark) :]
    part = part[: re.search(r"</(?:nav|footer)>", part).start()]  # type: ignore[union-attr]
    return re.findall(r'<a href="([^"]+)">([^<]+)</a>', part)


SITE, FOOT = '<nav aria-label="Site">', '<footer class="site">'


@pytest.mark.django_db
def test_a_visitor_sees_the_links_of_the_apps(client: Client) -> None:
    page = client.get("/").content.decode()
    assert links(page, SITE) == [("/you/", "You and your data")]
    assert links(page, FOOT) == [
        ("/what-we-know/", "What we know about you"),
        ("/bodies/", "Who answers"),
        ("/ledger/", "The public log"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "superuser", "expected"),
    [
        ("moderator", False, ["Desk", "Your account", "Sign out"]),
        ("facilitator", False, ["Desk", "Bodies", "Staff", "Look", "Your account", "Sign out"]),
        (
            "facilitator",
            True,
            ["Desk", "Bodies", "Staff", "Look", "Administration", "Your account", "Sign out"],
        ),
    ],
)
def test_staff_see_the_links_of_their_pages(
    client: Client, role: str, superuser: bool, expected: list[str]
) -> None:
    staff = make_staff(role=role)
    staff.is_superuser = staff.is_staff = superuser
    staff.save()
    client.force_login(staff)
    assert [text for _, text in links(client.get("/desk/").content.decode(), SITE)] == expected
    page = client.get("/").content.decode()
    assert links(page, SITE) == [("/desk/", "Desk"), ("/you/", "You and your data")]


@pytest.mark.django_db
def test_only_an_example_has_the_notice_of_examples(client: Client) -> None:
    make_dialogue("example", simulated=True)
    make_dialogue("real")
    notice = "All participants and votes here are simulated."
    page = " ".join(client.get("/d/example/").content.decode().split())
    assert notice in page
    # On a phone one line says it, and opens to the rest.
    line = "<strong>Example.</strong> Simulated people and votes.</summary>"
    assert (f"<summary>{line}" in page, page.count("made up too")) == (True, 2)
    assert notice not in client.get("/d/real/").content.decode()


@pytest.mark.django_db
def test_an_app_adds_a_link_and_a_notice_without_a_change_to_others(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    client.get("/")  # the apps' own links are back
    (tmp_path / "notice.html").write_text("<p>Closed at noon.</p>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    monkeypatch.setattr(frame, "_links", list(frame._links))
    monkeypatch.setattr(frame, "_notices", list(frame._notices))
    add_links(
        PageLink(Place.SITE, "method", "Method", order=1),
        PageLink(Place.SITE, "ledger", "Hidden", shown=lambda _visitor: False),
    )
    add_notice("notice.html")
    page = client.get("/").content.decode()
    assert links(page, SITE) == [("/method/", "Method"), ("/you/", "You and your data")]
    assert "<p>Closed at noon.</p>" in page


def test_the_style_sheet_has_every_part_in_order() -> None:
    parts = [
        *sorted((PACKAGE / "core/styles").glob("*.css")),
        PACKAGE / "pictures/pictures.css",
        *sorted((PACKAGE / "dialogues/styles").glob("*.css")),
        *sorted((PACKAGE / "threads/styles").glob("*.css")),
        *sorted((PACKAGE / "evidence/styles").glob("*.css")),
        *sorted((PACKAGE / "answers/styles").glob("*.css")),
        *sorted((PACKAGE / "notices/styles").glob("*.css")),
        *sorted((PACKAGE / "outreach/styles").glob("*.css")),
    ]
    assert len(parts) > 8
    assert style_sheet() == b"\n".join(part.read_bytes() for part in parts)
    assert len(style_folders()) == 8


def test_no_style_sheet_part_of_an_app_is_missing() -> None:
    ours = {path for path in PACKAGE.rglob("*.css") if not {"static", "cli"} & set(path.parts)}
    assert ours == {path for folder in style_folders() for path in folder.glob("*.css")}


@pytest.mark.django_db
def test_the_style_sheets_address_has_its_hash_and_is_cached_for_ever(client: Client) -> None:
    page = client.get("/").content.decode()
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page)
    assert re.fullmatch(r"/static/middleground/style\.[0-9a-f]{12}\.css", address)
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(b"".join(answer.streaming_content)) == style_sheet()  # type: ignore[attr-defined]


def test_a_changed_style_sheet_has_another_address(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles/90.css").write_text(".pier { color: navy }\n")
    names = []
    for root, extra in (("one", []), ("two", [tmp_path / "styles"])):
        monkeypatch.setattr(frame, "_style_folders", [*style_folders()[:5], *extra])
        settings.STATIC_ROOT = tmp_path / root
        # Compressing the files of Django's administration takes most of the time.
        call_command("collectstatic", "-iadmin", interactive=False, verbosity=0)
        names.append({path.name for path in (tmp_path / root / "middleground").glob("style.*.css")})
    assert [len(found) for found in names] == [1, 1]
    assert names[0] != names[1]


def test_the_development_server_finds_the_style_sheet_as_a_file(
    settings: Any, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    assert Path(find(NAME)).read_bytes() == style_sheet()
    assert find("middleground/other.css") is None


def test_pages_of_the_vote_route_have_the_links_too() -> None:
    page = render_to_string("error.html", {"title": "Too fast", "advice": "Wait."})
    assert links(page, SITE) == [("/you/", "You and your data")]
    assert page_links(AnonymousUser(), Place.DESK) == []
