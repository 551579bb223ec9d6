"""robots.txt, sitemap.xml, security.txt and the canonical address of each public page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from answers.entered import make_answered_case
from middleground.config.environment import Misconfigured, security_contact
from middleground.core.languages.offered import LANGUAGES
from middleground.core.page_cache.marks import caching_of
from middleground.core.site_files import security_txt
from middleground.core.site_files.robots import NOT_PUBLIC
from middleground.dialogues.models import Dialogue, StoredMap
from middleground.dialogues.statements.topics import add_topic
from middleground.people.models import User
from support.cast import make_dialogue, make_official, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
ORIGIN = "https://dialogue.example.org"


@pytest.fixture(autouse=True)
def _origin(settings: Any) -> None:
    settings.ORIGIN = ORIGIN


def canonical(client: Client, path: str) -> list[str]:
    page = client.get(path).content.decode()
    return re.findall(r'<link rel="canonical" href="([^"]*)">', page)


def listed(client: Client) -> dict[str, str]:
    """The addresses in the sitemap, each with its day."""
    page = client.get("/sitemap.xml").content.decode()
    found = re.findall(r"<loc>([^<]*)</loc>(?:<lastmod>([^<]*)</lastmod>)?", page)
    assert all(address.startswith(ORIGIN) for address, _ in found)
    return {address.removeprefix(ORIGIN): day for address, day in found}


# robots.txt


def may_be_read(path: str) -> bool:
    return not any(fnmatchcase(path, f"{rule}*") for rule in NOT_PUBLIC)


def test_robots_may_read_kept_pages_and_not_those_of_a_person(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert text.startswith("User-agent: *\nDisallow: /accounts/\n")
    assert text.endswith(f"\n\nSitemap: {ORIGIN}/sitemap.xml\n")
    rules = re.findall(r"Disallow: (.*)", text)
    languages = {rule.split("/")[1] for rule in rules if rule.endswith("/mine/")}
    assert languages == {"d", *LANGUAGES}
    assert [rule for rule in rules if rule.endswith("/desk/")] == [
        "/desk/",
        "/en/desk/",
        "/es/desk/",
    ]
    pages = {f"/{route}": pattern for route, pattern in public_patterns()}
    closed = {route for route, kept in pages.items() if kept and not may_be_read(sample(route))}
    assert closed == {
        "/d/<slug:slug>/embed/",
        "/d/<slug:slug>/embed/<slug:name>/",
        "/d/<slug:slug>/embed/s/<int:number>/",
        "/d/<slug:slug>/map/newer/",
        "/d/<slug:slug>/wall/",
    }
    opened = {route for route, kept in pages.items() if not kept and may_be_read(sample(route))}
    pictures = {route for route in opened if route.endswith((".png", ".ico"))}
    assert opened - pictures == {"/bodies/", "/ledger/<path:path>"}


def sample(route: str) -> str:
    return re.sub(r"<\w+:\w+>|<\w+>", "x", route)


def public_patterns(entries: Any = None, before: str = "") -> Iterator[tuple[str, bool]]:
    """Each route that is not Django's or allauth's own, and whether its pages are kept."""
    for entry in entries or get_resolver().url_patterns:
        route = before + str(entry.pattern)
        if route.startswith(("accounts/", "admin/")):
            continue
        if isinstance(entry, URLPattern):
            yield route, caching_of(entry.callback) is not None
        else:
            yield from public_patterns(entry.url_patterns, route)


# The sitemap


def answered() -> Dialogue:
    """A dialogue with a case that a body answered."""
    staff, dialogue = make_staff("facilitator"), make_dialogue()
    make_answered_case(staff, dialogue, make_official(staff, "Police", "Chief"))
    return dialogue


def test_the_sitemap_lists_public_pages_with_the_day_of_their_map(client: Client) -> None:
    dialogue = make_dialogue("over", state="closed")
    at = timezone.make_aware(datetime(2026, 5, 6, 12))  # noqa: DTZ001
    StoredMap.objects.create(dialogue=dialogue, made_at=at, participants=9, tiers={}, data={})
    add_topic(make_staff(), dialogue, "Fish")
    add_topic(User.objects.get(), make_dialogue("now"), "Fish")  # which has no map yet
    assert listed(client) == {
        "/": "",
        "/ledger/": "",
        "/ledger/verify/": "",
        "/method/": "",
        "/method/formulas/": "",
        "/could-the-host-cheat/": "",
        "/earlier/": "",
        "/what-we-know/": "",
        "/d/now/": "",
        "/d/now/map/": "",
        "/d/now/moderation/": "",
        "/d/over/": "2026-05-06",
        "/d/over/map/": "2026-05-06",
        "/d/over/topics/": "2026-05-06",
        "/d/over/results/": "2026-05-06",
        "/d/over/report/": "2026-05-06",
        "/d/over/moderation/": "2026-05-06",
        "/bodies/": "",
    }


def test_listed_pages_name_their_other_languages(client: Client, settings: Any) -> None:
    make_dialogue()
    kept = r"<loc>([^<]*)</loc>((?:<xhtml:link [^>]*>)*)"
    for asked in ("/sitemap.xml", "/ar/sitemap.xml"):
        page = re.sub(r"\s*\n\s*", "", client.get(asked).content.decode())
        alternates = dict(re.findall(kept, page))[f"{ORIGIN}/d/harbour/"]
        found = dict(re.findall(r'hreflang="([^"]*)" href="([^"]*)"', alternates))
        assert found.pop("x-default") == f"{ORIGIN}/d/harbour/"
        assert found == {code: f"{ORIGIN}/{code}/d/harbour/" for code in LANGUAGES}
        assert client.get("/hy/d/harbour/").status_code == 200
    settings.LANGUAGES = [("en", "English")]
    assert "hreflang" not in client.get("/sitemap.xml").content.decode()


def test_what_is_listed_may_be_read_and_is_its_own_canonical_address(client: Client) -> None:
    answered()
    found = listed(client)
    assert "/d/harbour/answers/1/" in found
    for path in found:
        assert client.get(path).status_code == 200, path
        assert may_be_read(path), path
        # The search among bodies is no kept page.
        assert canonical(client, path) == ([f"{ORIGIN}{path}"] if path != "/bodies/" else []), path


def test_a_draft_is_in_none_of_them(client: Client) -> None:
    dialogue = answered()
    assert [path for path in listed(client) if path.startswith("/d/harbour/")]  # the control
    dialogue.state = "draft"
    dialogue.save()
    assert [path for path in listed(client) if "harbour" in path] == []
    assert canonical(client, "/d/harbour/") == []
    assert "harbour" not in client.get("/robots.txt").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_sitemap_takes_the_same_queries_for_one_dialogue_and_three(
    client: Client, number: int, django_assert_num_queries: Any
) -> None:
    for place in range(number):
        make_dialogue(f"d{place}", statements=0)
    with django_assert_num_queries(8):
        client.get("/sitemap.xml")


# Canonical addresses


def test_the_canonical_address_is_that_of_the_setting_without_what_changes_nothing(
    client: Client,
) -> None:
    make_dialogue()
    assert canonical(client, "/d/harbour/?from=elsewhere") == [f"{ORIGIN}/d/harbour/"]
    assert canonical(client, "/d/harbour/embed/") == [f"{ORIGIN}/d/harbour/"]
    sources = "/d/harbour/sources/"
    assert canonical(client, f"{sources}?page=2&x=1") == [f"{ORIGIN}{sources}?page=2"]
    assert canonical(client, f"{sources}?page=1") == [f"{ORIGIN}{sources}"]
    assert canonical(client, f"{sources}?page=²") == [f"{ORIGIN}{sources}"]


def test_pages_of_a_person_errors_and_the_desk_have_none(client: Client) -> None:
    make_dialogue()
    client.force_login(make_staff("facilitator"))
    for path in ("/you/", "/d/harbour/mine/", "/d/harbour/s/99/", "/desk/", "/nowhere/"):
        assert canonical(client, path) == [], path


# security.txt


def test_security_txt_names_the_contact_and_never_expires(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = "mailto:safe@example.org"
    midnight = datetime.combine(datetime.now(UTC).date(), datetime.min.time(), UTC)
    expires = midnight + timedelta(days=security_txt.DAYS_VALID)
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "Contact: mailto:safe@example.org",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        f"Canonical: {ORIGIN}/.well-known/security.txt",
    ]
    assert expires.date() - date.today() < timedelta(days=365)  # noqa: DTZ011


def test_without_a_contact_there_is_no_security_txt(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404


def test_the_contact_is_an_address_that_programs_understand() -> None:
    assert security_contact("safe@example.org") == "mailto:safe@example.org"
    assert security_contact("https://example.org/report") == "https://example.org/report"
    assert security_contact("") == ""
    for wrong in ("http://example.org", "+49 30 1", "safe", "https://", "https://a b", "a@b.c\nX"):
        with pytest.raises(Misconfigured, match="MIDDLEGROUND_SECURITY_CONTACT"):
            security_contact(wrong)
