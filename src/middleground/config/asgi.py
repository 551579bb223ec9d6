"""The application that the server runs: votes and kept pages in front, Django behind."""

from __future__ import annotations

import asyncio
import os
import sys
from urllib.parse import quote

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "middleground.config.settings")

from django.core.wsgi import get_wsgi_application

wsgi_application = get_wsgi_application()

from a2wsgi import WSGIMiddleware  # noqa: E402 -- after Django's set-up
from django.conf import settings  # noqa: E402
from django.template.loader import get_template  # noqa: E402
from django.urls import resolve, reverse  # noqa: E402

from middleground.config.election import end_with_parent, jobs_of_this_process  # noqa: E402
from middleground.core.bodies.front import BodyFront, Limits  # noqa: E402
from middleground.core.bodies.signed_in import is_signed_in  # noqa: E402
from middleground.core.connections.answers import WholeAnswers, handing_files_over  # noqa: E402
from middleground.core.connections.watch import Patience, Watch  # noqa: E402
from middleground.core.page.errors.site_address import other_addresses  # noqa: E402
from middleground.core.page_cache.front import PageFront  # noqa: E402
from middleground.core.page_cache.protocol import KeptPagesInTurns  # noqa: E402
from middleground.core.processes.notices import notices  # noqa: E402
from middleground.core.processes.own_connection import on_postgresql  # noqa: E402
from middleground.core.processes.table_changes import hear_of_tables  # noqa: E402
from middleground.core.threads.garbage import collect_rarely  # noqa: E402
from middleground.core.threads.urgent import SWITCH_SECONDS  # noqa: E402
from middleground.dialogues.maps import worker  # noqa: E402
from middleground.dialogues.results.picture_files import DRAWN_OR_WAITING  # noqa: E402
from middleground.dialogues.voting.dealing import statement_pools  # noqa: E402
from middleground.dialogues.voting.route import Receive, Scope, Send, answer_vote, is_vote  # noqa: E402
from middleground.dialogues.voting.store import count_days_in_parts  # noqa: E402
from middleground.dialogues.voting.writer import VoteWriter  # noqa: E402
from middleground.outreach.invitations.desk_paths import has_address_list  # noqa: E402
from middleground.people.sign_in.apart import SERVICES_AT_ONCE, SignInsApart  # noqa: E402

# Django's views are synchronous. A few permanent threads, each with its own database connection,
# are five times as fast as Django's ASGI handler, which creates both for every request.
PAGES_AT_ONCE = 4

# Pictures that are drawn as PNG have threads of their own, so that no page waits for one. Of these
# one is always free for whom the picture is there already (``DRAWN_OR_WAITING``).
PICTURES_AT_ONCE = DRAWN_OR_WAITING + 1
DRAWN = (".png", ".ico")

# So many rows share the daily count on PostgreSQL, where several processes may count at once.
DAY_PARTS = 16

vote_writer = VoteWriter(statement_pools)
connections = Watch(Patience(seconds=settings.PATIENCE_SECONDS))
page_front = PageFront(wsgi_application)
django_app = handing_files_over(wsgi_application)
django_pages = WSGIMiddleware(django_app, workers=PAGES_AT_ONCE)  # type: ignore[arg-type]
django_pictures = WSGIMiddleware(django_app, workers=PICTURES_AT_ONCE)  # type: ignore[arg-type]
django_sign_ins = WSGIMiddleware(django_app, workers=1)  # type: ignore[arg-type]
django_services = (
    WSGIMiddleware(django_app, workers=SERVICES_AT_ONCE)  # type: ignore[arg-type]
    if settings.OPENID_SERVICES
    else None
)


async def pages_or_pictures(scope: Scope, receive: Receive, send: Send) -> None:
    django = django_pictures if scope["path"].endswith(DRAWN) else django_pages
    await django(scope, receive, send)  # type: ignore[arg-type]


pages = BodyFront(
    WholeAnswers(
        SignInsApart(pages_or_pictures, django_sign_ins, django_services),  # type: ignore[arg-type]
        connections,
    ),
    settings.DATA,
    is_signed_in,
    Limits(first_seconds=settings.PATIENCE_SECONDS),
    has_address_list,
)


class Protocol(KeptPagesInTurns):
    """The server's HTTP protocol."""

    front = page_front
    watch = connections


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    scope = without_underscores(scope)
    if is_vote(scope):
        await answer_vote(scope, receive, send, vote_writer)
    elif not await page_front.answered(scope, send):
        await pages(_with_own_host(_with_ascii_query(scope)), receive, send)


def _with_ascii_query(scope: Scope) -> Scope:
    """Quote raw bytes in the query, as a browser would, because a2wsgi answers 500 to them."""
    query = scope.get("query_string", b"")
    if query.isascii():
        return scope
    return {**scope, "query_string": quote(query, safe=bytes(range(128))).encode()}


def without_underscores(scope: Scope) -> Scope:
    """Leave out headers with an underscore, as nginx does and Caddy does not.

    WSGI cannot tell ``X_Network`` of a visitor from ``X-Network`` of the proxy, and joins both.
    """
    headers = scope.get("headers", ())
    if not any(b"_" in name for name, _ in headers):
        return scope
    return {**scope, "headers": [pair for pair in headers if b"_" not in pair[0]]}


def _with_own_host(scope: Scope) -> Scope:
    """Let a probe name any host: it asks by the machine's own address, which Django refuses."""
    if scope["path"] != reverse("health"):
        return scope
    headers = [pair for pair in scope["headers"] if pair[0] != b"host"]
    return {**scope, "headers": [(b"host", settings.ALLOWED_HOSTS[0].encode()), *headers]}


async def _live(receive: Receive, send: Send) -> None:
    """Start background work with the server, and stop it with the server."""
    jobs = jobs_of_this_process()
    end_with_parent()
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            get_template("dialogues/_card.html")  # loads the template engine early
            resolve("/")  # loads all views early, or the first visitor would wait for them
            collect_rarely()
            sys.setswitchinterval(SWITCH_SECONDS)
            other_addresses.forget()
            hear_of_tables(notices)
            notices.start()
            await asyncio.to_thread(jobs.start)
            count_days_in_parts(DAY_PARTS if on_postgresql() else 1)
            vote_writer.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            jobs.stop_threads()
            worker.close()
            vote_writer.stop()
            page_front.stop()
            await asyncio.to_thread(jobs.stop)
            notices.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
