"""The vote's own ASGI route, in front of Django: parse, hand to the vote writer, answer.

It does what a Django view would at a tenth of the cost; no other route may bypass Django
(docs/decisions/0005). It reads the address, the body, the participant's cookie, Accept-Language,
HX-Request, and the network header if a proxy is configured to send one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import parse_cookie
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from middleground.core.languages.reader import reader_of, without_language
from middleground.core.page.context import installation
from middleground.core.page.errors import too_often
from middleground.core.page.middleware import page_headers
from middleground.core.rate_limits import address_in, seconds_to_wait
from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.tokens import read_token
from middleground.dialogues.voting.card import LastVote, card_html
from middleground.dialogues.voting.paused import paused_title_and_advice
from middleground.dialogues.voting.store import VALUES, Ballot, Refusal, StoredVote
from middleground.dialogues.voting.writer import NotStored, VoteWriter

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = re.compile(r"/d/[-\w]+/vote", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,9}")
NONCE = re.compile(r"[0-9a-f]{32}")
LONGEST_BODY = 2_000
SOURCES = ("card", "mine", "statement")


@dataclass
class VoteError(Exception):
    """A vote that was not taken: the status, what happened, and what the participant can do."""

    status: int
    title: str
    advice: str
    retry_after: int = 0
    closes: bool = False  # a body is left in the connection


@dataclass(frozen=True, slots=True)
class VoteRequest:
    """A vote as the browser sent it."""

    ballot: Ballot
    source: str


def is_vote(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and PATH.fullmatch(without_language(scope["path"])) is not None
    )


async def answer_vote(scope: Scope, receive: Receive, send: Send, writer: VoteWriter) -> None:
    """Store the vote, then answer: a fragment for htmx, a redirect for a plain form."""
    headers = {name: value for name, value in scope["headers"] if name in _READ}
    inside = {**scope, "path": without_language(scope["path"])}
    with reader_of(headers, scope["path"]).spoken():
        await _answer(inside, receive, send, writer, headers)


async def _answer(
    scope: Scope, receive: Receive, send: Send, writer: VoteWriter, headers: dict[bytes, bytes]
) -> None:
    with_htmx = headers.get(b"hx-request") == b"true"
    slug = scope["path"].split("/")[2]
    try:
        body = await _body_in_time(receive)
        request = _read(slug, headers, body)
        _limit_rate(request.ballot.token, scope, headers)
        outcome = await writer.submit(request.ballot)
        if isinstance(outcome, Refusal):
            raise VOTE_ERRORS[outcome]()
    except NotStored:
        await _send_error(send, slug, _not_stored(), with_htmx)
    except VoteError as error:
        await _send_error(send, slug, error, with_htmx)
    else:
        if with_htmx:
            await _send(send, 200, _fragment(request, outcome))
        else:
            await _send(send, 303, "", location=_next_page(request))


# The last is the truncated network that a proxy may send, for rate limits; see docs/hosting.md.
_READ = {b"cookie", b"hx-request", b"accept-language", settings.NETWORK_HEADER.encode()}


def _cookies(headers: dict[bytes, bytes]) -> dict[str, str]:
    return parse_cookie(headers.get(b"cookie", b"").decode("latin-1"))


def _limit_rate(token: bytes, scope: Scope, headers: dict[bytes, bytes]) -> None:
    """Raises ``VoteError`` if one token, or new tokens of one network, vote far too fast."""
    peer = scope["client"][0] if scope.get("client") else None
    named = {
        settings.NETWORK_HEADER: headers.get(settings.NETWORK_HEADER.encode(), b"").decode(
            "latin-1"
        )
    }
    wait = seconds_to_wait("vote", token, address_in(named, peer))
    if wait:
        title, advice = too_often(wait)
        raise VoteError(429, title, advice, retry_after=wait)


async def _body_in_time(receive: Receive) -> bytes:
    try:
        async with asyncio.timeout(settings.PATIENCE_SECONDS):
            return await _body(receive)
    except TimeoutError:
        raise VoteError(
            408,
            _("This vote took too long to arrive"),
            _("Nothing was stored. Go back and vote again, with a better connection."),
            closes=True,
        ) from None


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise VoteError(400, _("The connection broke"), _("Send the vote again."))
        body += bytes(message.get("body", b""))
        if len(body) > LONGEST_BODY:
            raise VoteError(
                413,
                _("That is too much for one vote"),
                _("Reload the page and vote again."),
                closes=True,
            )
        if not message.get("more_body"):
            return body


def _read(slug: str, headers: dict[bytes, bytes], body: bytes) -> VoteRequest:
    """The vote in a form body. Raises ``VoteError``."""
    token = read_token(_cookies(headers).get(COOKIE, ""))
    if token is None:
        raise VoteError(
            403,
            _("Your browser did not keep our cookie"),
            _("Allow cookies for this site, open the dialogue again and vote. Nothing was stored."),
        )
    try:
        fields = _fields(body)
        ballot = Ballot(
            slug=slug,
            token=token,
            number=_number(fields["statement"]),
            value=VALUES[fields["vote"]],
            proof=fields["proof"],
            nonce=_nonce(fields.get("nonce", "")),
            read=fields.get("read"),
        )
    except (KeyError, ValueError):
        raise VoteError(
            400,
            _("We could not understand this vote"),
            _("Reload the page and vote again. Nothing was stored."),
        ) from None
    source = fields.get("from", "card")
    return VoteRequest(ballot, source if source in SOURCES else "card")


def _fields(body: bytes) -> dict[str, str]:
    """The form's fields. Raises ``ValueError``, also for a repeated field, which is ambiguous."""
    pairs = parse_qsl(
        body.decode("ascii"), keep_blank_values=True, max_num_fields=8, errors="strict"
    )
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a field stands twice")
    return fields


def _number(text: str) -> int:
    if not NUMBER.fullmatch(text):  # int() would also take "1_0" and " +3"
        raise ValueError("not a number of a statement")
    return int(text)


def _nonce(text: str) -> bytes | None:
    """The device's nonce; plain forms have none."""
    if text and not NONCE.fullmatch(text):
        raise ValueError("not a nonce")
    return bytes.fromhex(text) or None


def _fragment(request: VoteRequest, stored: StoredVote) -> str:
    if request.source == "card":
        ballot = request.ballot
        last = LastVote(ballot.number, ballot.value, ballot.proof, stored.dealt)
        return card_html(stored.dialogue, stored.card, last)
    page = {
        "dialogue": stored.dialogue,
        "statement_number": request.ballot.number,
        "proof": request.ballot.proof,
        "value": stored.value,
        "dealt": stored.dealt,
        "source": request.source,
    }
    return render_to_string("dialogues/_own_vote.html", page)


def _next_page(request: VoteRequest) -> str:
    slug, number = request.ballot.slug, request.ballot.number
    if request.source == "mine":
        return f"{reverse('my-votes', args=[slug])}?at={number}#s{number}"
    if request.source == "statement":
        return reverse("statement", args=[slug, number])
    which = "again" if request.ballot.value is None else "after"
    return f"{reverse('take-part', args=[slug])}?{which}={number}&proof={request.ballot.proof}"


def _not_stored() -> VoteError:
    return VoteError(
        503,
        _("Your vote is not stored"),
        _("The server could not save it just now. Please send it again in a moment."),
    )


VOTE_ERRORS: dict[Refusal, Callable[[], VoteError]] = {
    Refusal.NO_DIALOGUE: lambda: VoteError(
        404, _("There is no such dialogue"), _("The address may be mistyped.")
    ),
    Refusal.NOT_OPEN: lambda: VoteError(
        409, _("This dialogue is not open"), _("You can vote only while it is open.")
    ),
    Refusal.NO_STATEMENT: lambda: VoteError(
        409,
        _("This statement is no longer open to votes"),
        _("Staff may have merged it or taken it down. Your other votes are safe."),
    ),
    Refusal.BAD_PROOF: lambda: VoteError(
        403,
        _("This vote did not come from our page"),
        _("Open the dialogue again and vote there. Nothing was stored."),
    ),
    Refusal.WRONG_KEY: lambda: VoteError(503, *paused_title_and_advice(), retry_after=600),
}


async def _send_error(send: Send, slug: str, error: VoteError, with_htmx: bool) -> None:
    page = {
        "title": error.title,
        "advice": error.advice,
        "status": error.status,
        **installation(),
    }
    if error.status != 404:
        page["back"] = reverse("take-part", args=[slug])
        page["back_label"] = _("Back to the dialogue")
    template = "dialogues/_trouble.html" if with_htmx else "error.html"
    extra = (b"connection", b"close") if error.closes else None
    if error.retry_after:
        extra = (b"retry-after", str(error.retry_after).encode())
    await _send(send, error.status, render_to_string(template, page), extra=extra)


async def _send(
    send: Send,
    status: int,
    text: str,
    location: str | None = None,
    extra: tuple[bytes, bytes] | None = None,
) -> None:
    body = text.encode()
    headers = [(b"content-length", str(len(body)).encode()), *_HEADERS]
    if extra:
        headers.append(extra)
    if location:
        headers.append((b"location", location.encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


_HEADERS = [
    (name.lower().encode(), value.encode())
    for name, value in {
        **page_headers(),
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
    }.items()
]
