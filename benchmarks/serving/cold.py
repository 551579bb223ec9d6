"""The time of public pages that are asked for the first time after a new map.

Serves in a thread of this process, so that maps can be published by the product's own functions
one after the other, and so that requests that reach Django can be counted. Every page was asked for
before, so templates are loaded. Then new maps are published and each page is asked for once, in an
order that begins elsewhere in every run, since pages may share what the first of them computes.
"""

from __future__ import annotations

import asyncio
import http.client
import itertools
import os
import random
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from serving.requests import connect, page_request
from serving.server import free_port

Publish = Callable[[], None]

# A map of everybody is due after so many newcomers.
NEW_PARTICIPANTS = 105
VOTES_OF_EACH = 40
FAITHFUL = 0.85
AT_ONCE = 32
LONGEST_WAIT = 120.0  # seconds, for a map and for an answer
OPEN_PAGES = (
    "", "take-part/", "map/", "map/middle-ground/", "map/divisive/", "map/undecided/",
    "map/group/A/", "s/1/", "embed/", "moderation/", "results/", "write/", "code/",
    "mine/",
)  # fmt: skip
CLOSED_PAGES = (
    "", "map/", "results/", "results/statements.csv", "results/statements.parquet",
    "results/map.json", "results/data-card.md", "s/1/", "moderation/",
)  # fmt: skip
SITE_PAGES = ("/", "/method/", "/ledger/", "/what-we-know/")
OWN_PAGES = ("take-part/", "map/", "mine/")


@dataclass(frozen=True, slots=True)
class Page:
    """An address, the headers of the request, and what to call it."""

    name: str
    address: str
    headers: dict[str, str]


def measure_cold(open_slug: str, closed_slug: str, runs: int) -> dict[str, Any]:
    """Measure all pages of two dialogues; Django is set up, and no other server runs."""
    from middleground.config import server

    port = free_port()
    server.prepare()
    address = server.reserve("127.0.0.1", port)
    threading.Thread(target=server.serve, args=(address,), daemon=True).start()
    _wait(port)
    pages = _pages(open_slug, closed_slug)
    sizes = {page.name: _sizes(port, page) for page in pages}
    publish = _publisher(open_slug), _final_publisher(closed_slug)
    times: dict[str, list[float]] = {page.name: [] for page in pages}
    for run in range(runs):
        publish[0]()
        publish[1]()
        first = len(pages) * run // runs
        for page in pages[first:] + pages[:first]:
            times[page.name].append(_milliseconds(port, page))
    publish[0]()
    renderings = _renderings(port, [page for page in pages if page.name in _kept(open_slug)])
    return {
        "pages": {
            name: {"ms": round(statistics.median(taken), 1), "worst_ms": round(max(taken), 1)}
            | sizes[name]
            for name, taken in times.items()
        },
        "asked_at_once": AT_ONCE,
        "renderings_after_a_new_map": renderings,
    }


def _kept(slug: str) -> set[str]:
    return {f"/d/{slug}/{page}" for page in ("", "map/", "map/middle-ground/", "s/1/")} | {"/"}


def _pages(open_slug: str, closed_slug: str) -> list[Page]:
    accepts = {"Accept-Encoding": "gzip, br"}
    cookie = {**accepts, "Cookie": _participant_who_answered_all(open_slug)}
    addresses = [
        *SITE_PAGES,
        *(f"/d/{open_slug}/{page}" for page in OPEN_PAGES),
        *(f"/d/{closed_slug}/{page}" for page in CLOSED_PAGES),
    ]
    own = [f"/d/{open_slug}/{page}" for page in OWN_PAGES]
    return [
        *(Page(address, address, accepts) for address in addresses),
        *(Page(f"{address} of who answered all", address, cookie) for address in own),
    ]


def _publisher(slug: str) -> Publish:
    """What publishes a new map of an open dialogue, in which enough more people have voted.

    Each newcomer votes much like one of those before, so that the groups stay.
    """
    from middleground.dialogues.maps.publish import refresh_map
    from middleground.dialogues.models import Dialogue, Participant, Vote

    dialogue = Dialogue.objects.get(slug=slug)
    rng, newcomers = random.Random(slug), itertools.count(dialogue.pk * 10**6)
    before = list(Participant.objects.filter(dialogue=dialogue).values_list("pk", flat=True))

    def publish() -> None:
        for like in rng.sample(before, NEW_PARTICIPANTS):
            theirs = list(Vote.objects.filter(participant=like).values_list("statement", "value"))
            voted = rng.sample(theirs, min(VOTES_OF_EACH, len(theirs)))
            _vote(
                dialogue.pk,
                next(newcomers),
                {
                    statement: value if rng.random() < FAITHFUL else rng.choice((-1, 0, 1))
                    for statement, value in voted
                },
            )
        # Newcomers bring a map about at the second look, and the clock may look at the same time.
        _until_made(lambda: refresh_map(dialogue.pk), slug)

    return publish


def _final_publisher(slug: str) -> Publish:
    """What replaces the final map of a closed dialogue by a new one."""
    from middleground.dialogues.maps.publish import finalise, reopen
    from middleground.dialogues.models import Dialogue

    key = Dialogue.objects.get(slug=slug).pk

    def publish() -> None:
        reopen(key)
        _until_made(lambda: finalise(key), slug)

    return publish


def _until_made(make: Callable[[], object], slug: str) -> None:
    end = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < end:
        if make() is not None:
            return
        time.sleep(0.3)
    raise SystemExit(f"no new map of {slug} was made in {LONGEST_WAIT:.0f} s")


def _participant_who_answered_all(slug: str) -> str:
    """Store a participant who has voted on every statement; return the cookie."""
    from middleground.dialogues.identity.cookie import COOKIE
    from middleground.dialogues.identity.pseudonyms import pseudonym
    from middleground.dialogues.identity.tokens import new_token, write_token
    from middleground.dialogues.models import Dialogue

    dialogue, token = Dialogue.objects.get(slug=slug), new_token()
    statements = list(dialogue.statements.order_by("number").values_list("pk", flat=True))
    votes = {statement: (statement % 3) - 1 for statement in statements}
    _vote(dialogue.pk, pseudonym(dialogue.pk, token), votes)
    return f"{COOKIE}={write_token(token)}"


def _vote(dialogue: int, participant: int, values: Mapping[int, int]) -> None:
    from middleground.dialogues.models import Participant, Vote

    Participant.objects.create(id=participant, dialogue_id=dialogue)
    Vote.objects.bulk_create(
        Vote(participant_id=participant, statement_id=statement, value=value)
        for statement, value in values.items()
    )


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            _ask(port, "/method/", {})
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server did not start")


def _ask(port: int, address: str, headers: dict[str, str]) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_WAIT)
    connection.request("GET", address, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    if response.status not in (200, 302):
        raise SystemExit(f"{address} answered {response.status}")
    return body


def _milliseconds(port: int, page: Page) -> float:
    began = time.perf_counter()
    _ask(port, page.address, page.headers)
    return 1000 * (time.perf_counter() - began)


def _sizes(port: int, page: Page) -> dict[str, int]:
    plain = {**page.headers, "Accept-Encoding": "identity"}
    sent, whole = _ask(port, page.address, page.headers), _ask(port, page.address, plain)
    return {"bytes": len(sent), "bytes_before_compression": len(whole)}


def _renderings(port: int, pages: list[Page]) -> dict[str, int]:
    """How many requests reach Django when many ask for a page at once after a new map."""
    from django.core.signals import request_started

    count = 0

    def count_request(**_: Any) -> None:
        nonlocal count
        count += 1

    request_started.connect(count_request)
    found = {}
    for page in pages:
        count = 0
        try:
            asyncio.run(asyncio.wait_for(_ask_at_once(port, page.address), LONGEST_WAIT))
        except TimeoutError:
            raise SystemExit(f"{page.address} did not answer {AT_ONCE} at once") from None
        found[page.name] = count
    request_started.disconnect(count_request)
    return found


async def _ask_at_once(port: int, address: str) -> None:
    connections = [await connect(port) for _ in range(AT_ONCE)]
    request = page_request(address, "Accept-Encoding: gzip, br")
    await asyncio.gather(*(connection.ask(request) for connection in connections))
    for connection in connections:
        connection.writer.close()


def cold_in_this_process(data: str, open_slug: str, closed_slug: str, runs: int) -> dict[str, Any]:
    """Set Django up on the data folder, and measure. The clock makes no maps meanwhile."""
    os.environ["MIDDLEGROUND_DATA"] = data
    os.environ["MIDDLEGROUND_MAP_SECONDS"] = "86400"
    os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
    import django

    django.setup()
    from middleground.dialogues.maps import worker

    try:
        return measure_cold(open_slug, closed_slug, runs)
    finally:
        worker.close()
