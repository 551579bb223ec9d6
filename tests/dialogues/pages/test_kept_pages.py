"""Pages that are kept in memory always show what Django would show now, to everyone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_started
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from middleground.core import changes
from middleground.core.page_cache.marks import caching_of
from middleground.dialogues import queries
from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.tokens import new_token, write_token
from middleground.dialogues.models import Dialogue
from middleground.dialogues.participation import admission, waiting_line
from support.cast import make_dialogue
from support.kept_pages import CHANGES, Front, Site, finish, publish_new_map
from support.serving.asgi_client import Answer

# On PostgreSQL tests/core/processes/test_table_changes.py tests what is different there.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sqlite,
    pytest.mark.usefixtures("keys"),
]

ADDRESSES = [
    "/", "/d/harbour/", "/d/harbour/embed/", "/d/harbour/embed/statements/",
    "/d/harbour/embed/s/1/",
    "/d/harbour/map/", "/d/harbour/map/middle-ground/",
    "/d/harbour/map/group/A/", "/d/harbour/map/newer/", "/d/harbour/s/1/", "/d/harbour/s/2/",
    "/d/harbour/s/3/", "/d/harbour/wall/", "/d/old/wall/",
    "/d/harbour/s/9/", "/d/harbour/s/10/", "/d/harbour/results/", "/d/harbour/moderation/",
    "/d/harbour/topics/", "/d/harbour/topics/1/", "/d/harbour/topics/other/",
    "/d/harbour/results/statements.csv", "/d/harbour/results/map.json", "/d/old/results/",
    "/d/harbour/report/", "/d/old/report/",
    "/d/old/map/", "/d/old/", "/d/draft/", "/ledger/", "/what-we-know/", "/method/",
    "/method/formulas/", "/could-the-host-cheat/",
]  # fmt: skip


@pytest.fixture
def front() -> Iterator[Front]:
    front = Front()
    yield front
    front.stop()


@contextmanager
def renderings() -> Iterator[list[str]]:
    """The addresses that Django answers meanwhile."""
    answered: list[str] = []

    def note(environ: dict[str, Any], **_: Any) -> None:
        answered.append(environ["PATH_INFO"])

    request_started.connect(note)
    try:
        yield answered
    finally:
        request_started.disconnect(note)


# What Django answers at another moment differs in these.
_VARYING = re.compile(r"csrfmiddlewaretoken\" value=\"[^\"]*")


def shown(answer: Answer | None) -> tuple[int, str] | None:
    return None if answer is None else (answer.status, _VARYING.sub("", answer.text))


def from_django(path: str, cookie: str = "") -> tuple[int, str]:
    client = Client()
    if cookie:
        client.cookies[COOKIE] = cookie
    response = client.get(path)
    return response.status_code, _VARYING.sub("", response.content.decode())


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def harbour() -> Dialogue:
    return make_dialogue()


def differing(front: Front) -> dict[str, tuple[object, object]]:
    """The addresses at which the front and Django differ."""
    compared = {path: (shown(front.get(path)), from_django(path)) for path in ADDRESSES}
    return {path: both for path, both in compared.items() if both[0] != both[1]}


def test_after_every_kind_of_change_every_page_is_what_django_shows(
    front: Front, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The log's page is kept for some seconds, since no table says when its files change.
    monkeypatch.setattr("middleground.dialogues.pages.trust.ledger.KEPT", timedelta(0))
    assert differing(front) == {}
    for change, make in CHANGES.items():
        make(site)
        assert (change, differing(front)) == (change, {})


def test_without_a_look_at_what_is_written_pages_get_stale(
    front: Front, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shows that the test above can fail."""
    assert differing(front) == {}
    monkeypatch.setattr(changes, "note_written", len)
    finish(site)
    assert {"/", "/d/harbour/", "/d/harbour/map/", "/d/harbour/results/"} <= differing(front).keys()


def test_a_phase_that_ends_by_the_clock_ends_on_the_kept_page_too(
    front: Front, harbour: Dialogue
) -> None:
    soon = timezone.now() + timedelta(seconds=1.5)
    Dialogue.objects.filter(slug="harbour").update(closes_at=soon)
    before = shown(front.get("/d/harbour/"))
    while timezone.now() < soon:
        pass
    after = shown(front.get("/d/harbour/"))
    assert before is not None
    assert after is not None
    assert "Take part" in before[1]
    assert "This dialogue is closed" in after[1]
    assert after == from_django("/d/harbour/")


def test_each_page_is_rendered_once_after_a_new_map_however_many_ask(
    front: Front, site: Site
) -> None:
    paths = [path for path in ADDRESSES if path.startswith("/d/harbour/map/")]

    async def crowd() -> None:
        answers = await asyncio.gather(*(front.ask(path) for path in paths for _ in range(30)))
        assert all(answer is not None for answer in answers)

    asyncio.run(crowd())
    publish_new_map(site)
    with renderings() as rendered:
        asyncio.run(crowd())
        asyncio.run(crowd())
    assert sorted(rendered) == sorted(paths)


def take_part(site: Site) -> None:
    """All that somebody does who takes part and writes nothing."""
    by_code, by_work, by_waiting = new_token(), new_token(), new_token()
    admission.admit_with_code(site.dialogue, by_code, site.code)
    for token in (by_code, by_work, by_waiting):
        site.vote(token)
    assert admission.confirm(site.dialogue, by_work, "work")
    waiting_line.join_line(site.dialogue, by_waiting, timezone.now())


def made_anew(front: Front, site: Site) -> set[str]:
    """The kept pages that are rendered again because somebody took part."""
    differing(front)
    kept = {path for path in ADDRESSES if from_django(path)[0] in (200, 204)}
    with renderings() as rendered:
        take_part(site)
        for path in ADDRESSES:
            if not path.startswith("/ledger"):
                front.get(path)
    return kept & set(rendered)


def test_who_takes_part_makes_no_page_anew(front: Front, site: Site) -> None:
    """Otherwise the time that a page takes would tell an outsider when somebody took part."""
    assert made_anew(front, site) == set()
    pages = front.front._store._pages.values()
    assert len(pages) > 10
    assert all(page.tables.isdisjoint(changes.untold_tables()) for page in pages)


def test_control_pages_that_note_the_table_of_codes_tell_of_a_code_used(
    front: Front, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "noted_as", nullcontext)
    assert made_anew(front, site) == {"/d/harbour/", "/d/harbour/moderation/", "/d/old/"}


@pytest.mark.parametrize("camp", [0, 1])
def test_a_participant_sees_what_django_would_show_them(
    front: Front, site: Site, camp: int
) -> None:
    token = new_token()
    site.vote(token, camp)
    cookie = write_token(token)
    header = (b"cookie", f"other=1; {COOKIE}={cookie}".encode())
    for encoding in (b"identity", b"gzip, br"):
        for path in ADDRESSES:
            answer = front.get(path, header, (b"accept-encoding", encoding))
            if answer is not None:
                assert shown(answer) == from_django(path, cookie)
    own = front.get("/d/harbour/map/", header)
    assert own is not None
    assert "Your votes are clearly in group" in own.text
    assert "You are here" in own.text
    assert own.header("cache-control") == "private, no-store"
    assert own.header("etag") is None
    assert "You are here" not in str(shown(front.get("/d/harbour/map/")))
    # The page of a statement has one's own vote, which only Django can show.
    assert front.get("/d/harbour/s/1/", header) is None
    for page in front.front._store._pages.values():
        assert b"You are here" not in b"".join(piece.html for piece in page.pieces)


def test_participants_who_ask_together_each_see_what_django_would_show_them(
    front: Front, site: Site
) -> None:
    tokens = [new_token() for _ in range(6)]
    for number, token in enumerate(tokens[:-1]):  # the last has not voted
        site.vote(token, camp=number % 2)
    cookies = [*map(write_token, tokens), "damaged"]

    async def ask() -> list[Answer | None]:
        await front.ask("/d/harbour/map/")
        return await asyncio.gather(
            *(
                front.ask("/d/harbour/map/", (b"cookie", f"{COOKIE}={each}".encode()))
                for each in cookies
            )
        )

    found = asyncio.run(ask())
    assert [*map(shown, found)] == [from_django("/d/harbour/map/", each) for each in cookies]
    assert ["You are here" in str(shown(each)) for each in found] == [True] * 5 + [False] * 2
    assert shown(found[0]) != shown(found[1])  # they are in different groups


def test_own_places_are_shown_only_while_the_dialogue_is_open(front: Front, site: Site) -> None:
    token = new_token()
    site.vote(token)
    header = (b"cookie", f"{COOKIE}={write_token(token)}".encode())
    finish(site)
    answer = front.get("/d/harbour/map/", header)
    assert answer is None or "You are here" not in answer.text


@pytest.mark.parametrize(
    "header",
    [
        (b"cookie", f"{settings.SESSION_COOKIE_NAME}=abc".encode()),
        (b"cookie", b"messages=abc"),
        (b"host", b"evil.example"),
        (b"host", b""),
    ],
)
def test_staff_and_other_hosts_are_left_to_django(
    front: Front, harbour: Dialogue, header: tuple[bytes, bytes]
) -> None:
    front.get("/")
    assert front.get("/", header) is None


def test_what_the_visitor_sends_beside_the_address_changes_nothing(
    front: Front, harbour: Dialogue
) -> None:
    plain = shown(front.get("/d/harbour/"))
    with renderings() as rendered:
        for query in (b"", b"utm_source=tv", b"a=%ff", b"\xff"):
            for cookie in (b"_ga=1", b"csrf=x", f"{COOKIE}=damaged".encode()):
                assert shown(front.get("/d/harbour/", (b"cookie", cookie), query=query)) == plain
    assert rendered == []


def test_a_page_that_is_known_is_not_sent_again(front: Front, site: Site) -> None:
    first = front.get("/d/harbour/map/")
    assert first is not None
    tag = first.header("etag") or ""
    again = front.get("/d/harbour/map/", (b"if-none-match", f'"x", {tag}'.encode()))
    assert again is not None
    assert (again.status, again.text, again.header("etag")) == (304, "", tag)
    assert again.header("content-length") is None
    publish_new_map(site)
    changed = front.get("/d/harbour/map/", (b"if-none-match", tag.encode()))
    assert changed is not None
    assert changed.status == 200


def test_htmx_gets_the_new_content_alone(front: Front, harbour: Dialogue) -> None:
    whole = front.get("/d/harbour/map/")
    part = front.get("/d/harbour/map/", (b"hx-target", b"map-body"))
    other = front.get("/d/harbour/map/", (b"hx-target", b"anything"))
    assert whole is not None
    assert part is not None
    assert part.text.lstrip().startswith('<div id="map-body"')
    assert shown(other) == shown(whole)


def test_an_open_page_learns_of_a_newer_map(front: Front, site: Site) -> None:
    newest = site.dialogue.maps.values_list("pk", flat=True)[0]
    same = front.get("/d/harbour/map/newer/", query=f"shown={newest}".encode())
    assert same is not None
    assert (same.status, same.header("hx-trigger")) == (204, None)
    publish_new_map(site)
    newer = front.get("/d/harbour/map/newer/", query=f"shown={newest}".encode())
    assert newer is not None
    assert (newer.status, newer.header("hx-trigger")) == (204, "newer-map")


def test_the_head_of_a_page_has_its_length_and_no_body(front: Front, harbour: Dialogue) -> None:
    whole = front.get("/")
    head = asyncio.run(front.ask("/", method="HEAD"))
    assert whole is not None
    assert head is not None
    assert head.text == ""
    assert head.header("content-length") == whole.header("content-length")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_left_to_django(front: Front, harbour: Dialogue, method: str) -> None:
    assert asyncio.run(front.ask("/", method=method)) is None


def test_the_headers_are_those_of_django(front: Front, site: Site) -> None:
    for path in ("/", "/d/harbour/map/", "/d/harbour/embed/", "/d/old/results/statements.csv"):
        ours, theirs = front.get(path), Client().get(path)
        assert ours is not None
        changed = {"cache-control", "etag", "vary", "content-length"}
        assert {k: v for k, v in ours.headers if k not in changed} == {
            name.lower(): value for name, value in theirs.items() if name.lower() not in changed
        }
        assert ours.header("cache-control") == "no-cache"
        assert {"Accept-Encoding", "Cookie"} <= set(str(ours.header("vary")).split(", "))


# Addresses of the public that are not kept, each with its reason.
NOT_KEPT = {
    "take-part": "gives each newcomer a token of their own",
    "code": "has a form",
    "entered": "has a form, and shows what was entered for one person",
    "confirm": "is about the participant",
    "hand-on": "forgets the participant",
    "vote": "answers a form",
    "receipt": "has a form, and shows the participant's own votes",
    "doubt-translation": "has a form",
    "ledger-file": "sends files",
    "ledger-picture-png": "takes long the first time, and is kept elsewhere",
    "map-picture-png": "takes long the first time, and is kept elsewhere",
    "statement-picture-png": "takes long the first time, and is kept elsewhere",
    "site-preview": "takes long the first time, and is kept elsewhere",
    "dialogue-preview": "takes long the first time, and is kept elsewhere",
    "statement-preview": "takes long the first time, and is kept elsewhere",
    "icon": "takes long the first time, and is kept elsewhere",
    "touch-icon": "takes long the first time, and is kept elsewhere",
    "my-votes": "is about the participant",
    "delete-my-votes": "is about the participant",
    "take-back-statement": "is about the participant",
    "take-back-text": "is about the participant",
    "take-marks-away": "is about the participant",
    "appeal": "is about the participant",
    "appeal-text": "is about the participant",
    "write": "has a form",
    "correct": "has a form",
    "preview": "asks for a password, and is of a draft",
    "preview-part": "is of a draft",
    "remembering": "answers a form",
    "search-dialogues": "differs by what is typed, and nothing of it is kept",
    "you": "is about the participant",
    "phrase": "is about the participant",
    "carry-on": "is about the participant",
    "forget-me": "is about the participant",
}


def test_every_public_page_is_kept_or_has_a_reason() -> None:
    from middleground.dialogues.urls import urlpatterns

    patterns = [each for each in urlpatterns if isinstance(each, URLPattern)]
    assert {p.name for p in patterns if caching_of(p.callback) is None} == set(NOT_KEPT)


def test_no_page_of_staff_is_kept() -> None:
    def views(resolver: URLResolver) -> Iterator[URLPattern]:
        for each in resolver.url_patterns:
            yield from [each] if isinstance(each, URLPattern) else views(each)

    kept = [str(each.pattern) for each in views(get_resolver()) if caching_of(each.callback)]
    assert not [route for route in kept if "desk" in route or "account" in route]
    assert len(kept) >= 28  # the walk finds pages
