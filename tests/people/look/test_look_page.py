"""The desk's page of the look: who may, what is seen before it is stored, and what pages show."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from middleground.core.look.accent import file_name, style_sheet
from middleground.core.models import SiteLook
from middleground.people.models import SiteChange
from people.look.test_logo import SECRET, png_of
from support.cast import make_dialogue, make_staff

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("keys")]

LOOK, LOGO = "/desk/staff/look/", "/desk/staff/look/logo/"
NAMES = {"site_name": "Port City talks", "host_name": "Port City"}


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make_staff(email="fay@example.org"))
    return client


def saved(desk: Client, **sent: str) -> None:
    colour = sent.get("accent", "")
    answer = desk.post(LOOK, {"save": "1", "seen": colour, **sent})
    assert answer.status_code == 302, answer.content.decode()


def test_names_stand_on_pages_and_the_setting_comes_after(desk: Client, settings: object) -> None:
    settings.HOST_NAME = "By the setting"  # type: ignore[attr-defined]
    client = Client()
    page = client.get("/").content.decode()
    assert "Hosted by <bdi>By the setting</bdi>" in page
    assert re.search(r'<span dir="auto">By the setting</span>', page)
    saved(desk, **NAMES)
    page = client.get("/").content.decode()
    assert "Hosted by <bdi>Port City</bdi>" in page
    assert '<span dir="auto">Port City talks</span>' in page
    assert '<meta property="og:site_name" content="Port City talks">' in page
    saved(desk, site_name="", host_name="")
    assert "Hosted by <bdi>By the setting</bdi>" in client.get("/").content.decode()
    kinds = SiteChange.objects.values_list("kind", "facts", "by__email")
    assert list(kinds) == [
        ("named", {"site_name": "", "host_name": ""}, "fay@example.org"),
        ("named", NAMES, "fay@example.org"),
    ]
    told = "named the site “<bdi>Port City talks</bdi>”, and the host “<bdi>Port City</bdi>”"
    assert told in desk.get(LOOK).content.decode()


def test_an_outsider_and_a_moderator_may_not() -> None:
    moderator, nobody = Client(), Client()
    moderator.force_login(make_staff("moderator", "mo@example.org"))
    for address, sent in ((LOOK, {"save": "1", **NAMES}), (LOGO, {"logo_plate": "none"})):
        assert moderator.post(address, sent).status_code == 403
        assert nobody.post(address, sent).status_code in {302, 403}
    assert moderator.get(LOOK).status_code == 403
    assert nobody.get(LOOK).status_code == 302
    assert not SiteLook.objects.exists()


def test_a_colour_that_cannot_be_read_is_told_and_shown_before_it_is_stored(desk: Client) -> None:
    page = desk.post(LOOK, {"save": "1", "accent": "#FF0", "site_name": "Ours"}).content.decode()
    assert not SiteLook.objects.filter(accent="#ffff00").exists()
    assert "Nothing is saved yet." in page
    told = (
        "On light pages #ffff00 has a contrast of only 1.00\u00a0:\u00a01;"
        " text needs 4.5\u00a0:\u00a01."
        " The nearest that can be read is taken: #676700, with 4.5"
    )
    assert told in page
    assert "On dark pages #ffff00 is taken as it is" in page
    assert 'value="Ours"' in page
    assert f"/look/{file_name('preview', '#ffff00')}.css" in page
    saved(desk, accent="#ffff00", site_name="Ours")
    sheet = f"/look/{file_name('accent', '#ffff00')}.css"
    client = Client()
    assert f'<link rel="stylesheet" href="{sheet}">' in client.get("/").content.decode()
    answer = client.get(sheet)
    assert answer.content.decode() == style_sheet("#ffff00")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer["Cache-Control"] == "public, immutable, max-age=31536000"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(sheet.replace("ffff00", "ffff01")).status_code == 404


def test_without_an_accent_there_is_one_style_sheet(desk: Client) -> None:
    page = Client().get("/").content.decode()
    assert page.count('rel="stylesheet"') == 1
    saved(desk, accent="#922222")
    assert Client().get("/").content.decode().count('rel="stylesheet"') == 2  # the control


def test_a_colour_near_that_of_a_vote_or_a_group_is_told(desk: Client) -> None:
    page = desk.post(LOOK, {"show": "1", "accent": "#1d5f96"}).content.decode()
    assert "#1d5f96 is close to the color of “agree”" in page
    page = desk.post(LOOK, {"show": "1", "accent": "#a94600"}).content.decode()
    assert "is close to the color of “disagree”, group F" in page
    page = desk.post(LOOK, {"show": "1", "accent": "#7a1f5c"}).content.decode()
    assert "is close to the color of" not in page


def test_the_built_in_accent_is_no_choice(desk: Client) -> None:
    saved(desk, accent="#4a4a8f", site_name="Ours")
    assert SiteLook.objects.values_list("accent", "site_name").get() == ("", "Ours")


def test_no_colour_is_told_and_kept(desk: Client) -> None:
    page = desk.post(LOOK, {"save": "1", "accent": "reddish", **NAMES}).content.decode()
    assert "This is no color. Write it like #4a4a8f" in page
    assert 'value="reddish"' in page
    assert 'value="Port City talks"' in page
    assert not SiteLook.objects.exists()


def test_without_scripts_the_pickers_colour_is_taken_by_a_button(desk: Client) -> None:
    sent = {"take": "1", "picked": "#922222", "accent": "#000"}
    page = desk.post(LOOK, sent).content.decode()
    assert re.search(r'name="accent" value="#922222"', page)
    assert 'name="seen" value="#922222"' in page


def test_a_logo_stands_at_the_head_and_keeps_no_metadata(desk: Client) -> None:
    saved(desk, **NAMES)
    data = png_of(400, 100, (b"eXIf", b"MM\0*" + SECRET))
    file = SimpleUploadedFile("from-smith.png", data)
    assert desk.post(LOGO, {"logo": file, "logo_plate": "light"}).status_code == 302
    page = Client().get("/").content.decode()
    shown = re.search(
        r'<img class="brand-logo brand-on-light" src="(/look/[0-9a-f]{16}\.png)" (.*?)>', page
    )
    assert shown
    assert shown[2] == 'width="160" height="40" alt="Port City talks"'
    assert "brand-mark" not in page
    answer = Client().get(shown[1])
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "public, immutable, max-age=31536000"
    assert (
        answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert SECRET not in answer.content
    assert len(answer.content) <= 20_000
    # Without a new file only the ground and the name beside it change.
    desk.post(LOGO, {"logo_plate": "none", "name_beside": "on"})
    page = Client().get("/").content.decode()
    assert 'class="brand-logo brand-on-none"' in page
    assert 'alt=""' in page
    desk.post(LOGO, {"remove": "1"})
    assert "brand-mark" in Client().get("/").content.decode()
    assert Client().get(shown[1]).status_code == 404


def test_a_file_that_is_no_picture_is_told(desk: Client) -> None:
    for data, told in (
        (b"GIF89a", "This is no picture that can be read."),
        (b"", "Choose a file first."),
        (b"x" * 200_001, "The file is larger than 200 kB."),
    ):
        file = SimpleUploadedFile("a.png", data)
        page = desk.post(LOGO, {"logo": file, "logo_plate": "dark"}).content.decode()
        assert told in page
        assert re.search(r'value="dark"[^>]*checked', page)
    assert not SiteLook.objects.exclude(logo_hash="").exists()


def test_the_built_in_look_comes_back(desk: Client) -> None:
    saved(desk, accent="#922222", **NAMES)
    desk.post(LOOK, {"reset": "1"})
    assert not SiteLook.objects.exists()
    assert Client().get("/").content.decode().count('rel="stylesheet"') == 1
    assert SiteChange.objects.first().kind == "reset"  # type: ignore[union-attr]


def test_a_dialogues_own_host_stays(desk: Client) -> None:
    make_dialogue(host_name="The library")
    saved(desk, **NAMES)
    page = Client().get("/d/harbour/").content.decode()
    assert "Hosted by <bdi>The library</bdi>" in page
    assert "Hosted by <bdi>Port City</bdi>" in page
