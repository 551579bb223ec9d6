"""A thousand visitors who send all that a browser and a proxy can send, and use every page."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from altcha import Challenge, Payload, solve_challenge

from middleground.dialogues.identity.cookie import COOKIE
from middleground.dialogues.identity.tokens import new_token, phrase, write_token
from support.cast import PASSWORD

Form = dict[str, str] | list[tuple[str, str]]
CARD = re.compile(
    rb'data-vote-form>\s*<input type="hidden" name="statement" value="(\d+)">'
    rb'\s*<input type="hidden" name="proof" value="([^"]+)"'
)
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
CHALLENGE = re.compile(rb'data-challenge="([^"]+)"')
CONFIRMED = (0, 20)  # visitors
SET_COOKIE = re.compile(rb"set-cookie: ([^=]+)=([^;\r]*)", re.IGNORECASE)
REACT = "/d/harbour/c/10000001/react/"  # a comment of the example site


@dataclass
class Visitor:
    """A browser that sends every kind of identifying data, each unique so that it can be found."""

    number: int
    token: bytes = field(default_factory=new_token)
    mark: str = field(default_factory=lambda: secrets.token_hex(6))
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"Canary{self.mark}"

    @property
    def address(self) -> str:
        return f"2001:db8:{self.mark[:4]}:{self.mark[4:8]}::{self.mark[8:]}"

    @property
    def agent(self) -> str:
        return f"Canary-Browser/{self.mark}"

    @property
    def referrer(self) -> str:
        return f"https://canary-{self.mark}.example/page"

    @property
    def text(self) -> str:
        return f"Whoever lives at {self.mark} Canary Row should leave town."

    @property
    def comment(self) -> str:
        return f"Why does nobody at {self.mark} Canary Row say so?"

    @property
    def proposal(self) -> str:
        return f"It shows who lives at {self.mark} Canary Row."

    @property
    def why(self) -> str:
        return f"Nothing changed at {self.mark} Canary Row."

    def traces(self) -> dict[str, list[bytes]]:
        """Everything that must not be found, by the codes of ``NeverStored``."""
        words = phrase(self.token)
        return {
            "name": [self.name.encode()],
            "address": [self.address.encode()],
            "device": [self.agent.encode(), f"x-c{self.mark}".encode()],
            "referrer": [f"canary-{self.mark}.example".encode()],
            "token": [self.token, write_token(self.token).encode(), self.token.hex().encode(),
                      words.encode(), "".join(words.split()).encode(),
                      words.replace(" ", "+").encode()],
        }  # fmt: skip

    def head(self) -> Iterator[str]:
        yield f"X-Forwarded-For: {self.address}"
        yield f'Forwarded: for="[{self.address}]"'
        yield f"X-Real-IP: {self.address}"
        yield f"User-Agent: {self.agent}"
        yield f"Sec-CH-UA: {self.agent}"
        yield f"Accept-Language: x-c{self.mark}, en"
        yield f"Referer: {self.referrer}"
        yield f"From: {self.name}@example.org"
        cookies = {COOKIE: write_token(self.token), **self.cookies}
        yield "Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items())


@dataclass
class Line:
    """A connection that several visitors use one after the other."""

    port: int
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, visitor: Visitor, path: str, form: Form | None = None, more: str = ""
    ) -> tuple[int, bytes]:
        """Send a request, a POST if there is a form, and give its status and body."""
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        reader, writer = self.streams
        body = urlencode(form).encode() if form is not None else b""
        method = "POST" if form is not None else "GET"
        head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *visitor.head()]
        if form is not None:
            head.append("Content-Type: application/x-www-form-urlencoded")
            head.append(f"Content-Length: {len(body)}")
        head += [more] if more else []
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        for name, value in SET_COOKIE.findall(answer):
            if name.decode() in {"csrf", "staff"}:
                visitor.cookies[name.decode()] = value.decode()
        length = LENGTH.search(answer)
        return int(answer[9:12]), await reader.readexactly(int(length[1])) if length else b""

    async def fill_in(
        self, visitor: Visitor, path: str, fields: dict[str, str], to: str = ""
    ) -> tuple[int, bytes]:
        """Open a page with a form, and send the form with its token."""
        _, page = await self.ask(visitor, path)
        token = CSRF.search(page)
        assert token, (path, page[:200])
        form = {**fields, "csrfmiddlewaretoken": token[1].decode()}
        return await self.ask(visitor, to or path, form, f"Origin: http://127.0.0.1:{self.port}")

    async def __aenter__(self) -> Line:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.streams:
            self.streams[1].close()
            await self.streams[1].wait_closed()


async def vote(line: Line, visitor: Visitor, slug: str) -> str:
    """Open the card as a page, answer it, and give the statement's number."""
    _, page = await line.ask(visitor, f"/d/{slug}/take-part/?from={visitor.mark}")
    card = CARD.search(page)
    assert card, page[:300]
    form = {"statement": card[1].decode(), "proof": card[2].decode(), "vote": "agree"}
    status, _ = await line.ask(visitor, f"/d/{slug}/vote", form, "HX-Request: true")
    assert status == 200
    return form["statement"]


async def take_receipt(line: Line, visitor: Visitor, number: str) -> None:
    """Confirm by work, which takes a second, and download promise and receipt; most do not."""
    page = f"/d/harbour/s/{number}/receipt/"
    if visitor.number in CONFIRMED:
        _, card = await line.ask(visitor, "/d/harbour/take-part/")
        challenge = json.loads(unescape(CHALLENGE.search(card)[1].decode()))  # type: ignore[index]
        solved = await asyncio.to_thread(solve_challenge, Challenge.from_dict(challenge))
        assert solved
        payload = Payload(Challenge.from_dict(challenge), solved).to_base64()
        status, _ = await line.ask(visitor, "/d/harbour/confirm/", {"solution": payload})
        assert status == 204
        status, body = await line.fill_in(visitor, page, {"file": "promise"})
        assert (status, body.startswith(b"promise/v1\n")) == (200, True)
        status, body = await line.fill_in(visitor, page, {"file": "receipt"})
        assert (status, bool(body)) == (200, True)
        await say_why(line, visitor)
    else:
        _, body = await line.ask(visitor, page)
        assert b"Confirm first" in body


async def use_every_page(line: Line, visitor: Visitor, pages: list[str]) -> None:
    """Read every page, write a statement, show and enter the phrase, and make every mistake."""
    for path in pages:
        status, _ = await line.ask(visitor, path)
        assert status < 500, path
    write = "/d/harbour/write/"
    for checked in (False, True):
        _, page = await line.ask(visitor, write)
        mark = re.search(rb'name="checked" value="([^"]*)"', page)
        fields = {"text": visitor.text, "mark": "1"}
        if checked:
            _, advice = await line.fill_in(visitor, write, fields)
            mark = re.search(rb'name="checked" value="([^"]*)"', advice)
            fields["checked"] = mark[1].decode() if mark else ""
        status, _ = await line.fill_in(visitor, write, fields)
        if status == 302:
            break
    await comment(line, visitor)
    await propose(line, visitor)
    status, words = await line.fill_in(visitor, "/you/", {}, "/you/phrase/")
    assert status == 200
    assert phrase(visitor.token).split()[0].encode() in words
    await line.fill_in(visitor, "/you/", {"phrase": phrase(visitor.token)}, "/you/carry-on/")
    # Mistakes and attacks are all refused, and some of them are logged.
    refused = [
        await line.ask(visitor, write, {"text": visitor.name}, f"Origin: {visitor.referrer[:-5]}"),
        await line.ask(visitor, write, {"text": visitor.name}),
        await line.ask(visitor, "/d/harbour/vote", {"vote": visitor.name}),
        await line.ask(visitor, f"/nowhere/{visitor.name}?q={visitor.address}"),
    ]
    assert [status for status, _ in refused] == [403, 403, 400, 404]


async def comment(line: Line, visitor: Visitor) -> None:
    """Send a comment, past the advice that it may tell where somebody lives."""
    where, fields = (
        "/d/harbour/s/1/comment/",
        {"text": visitor.comment, "stance": "against", "mark": "1"},
    )
    status, advice = await line.fill_in(visitor, where, fields)
    mark = re.search(rb'name="checked" value="([^"]*)"', advice)
    if mark:
        status, _ = await line.fill_in(visitor, where, {**fields, "checked": mark[1].decode()})
    assert status == 302
    status, _ = await line.fill_in(visitor, "/d/harbour/s/1/", {"reaction": "worth"}, REACT)
    assert status == 302


async def propose(line: Line, visitor: Visitor) -> None:
    """Propose a source, past the same advice."""
    where = "/d/harbour/sources/propose/"
    fields = {"kind": "news", "title": f"Number {visitor.number}", "shows": visitor.proposal}
    status, advice = await line.fill_in(visitor, where, fields)
    mark = re.search(rb'name="checked" value="([^"]*)"', advice)
    if mark:
        status, _ = await line.fill_in(visitor, where, {**fields, "checked": mark[1].decode()})
    assert status == 302


async def say_why(line: Line, visitor: Visitor) -> None:
    """Answer a resident check with a sentence, past the advice that it may tell where they live."""
    where, fields = "/d/harbour/answers/1/check/", {"said": "no", "why": visitor.why}
    status, advice = await line.fill_in(visitor, where, fields)
    mark = re.search(rb'name="checked" value="([^"]*)"', advice)
    if mark:
        status, _ = await line.fill_in(visitor, where, {**fields, "checked": mark[1].decode()})
    assert status == 302


def said_why(participants: Sequence[Visitor]) -> list[Visitor]:
    """Who wrote a sentence and did not delete it."""
    return [each for each in participants if each.number in CONFIRMED and each.number % 40]


async def delete_everything(line: Line, visitor: Visitor) -> None:
    status, _ = await line.fill_in(visitor, "/d/harbour/mine/delete/", {"statements": "1"})
    assert status == 302


async def sign_in(line: Line, staff: Visitor) -> None:
    fields = {"login": "staff@example.org", "password": "not this one"}
    status, _ = await line.fill_in(staff, "/accounts/login/", fields)
    assert status == 200
    status, _ = await line.fill_in(staff, "/accounts/login/", {**fields, "password": PASSWORD})
    assert status == 302


async def reject_all(line: Line, staff: Visitor, queue: str) -> int:
    """Reject all texts of a queue, twenty at a time as a moderator does, and count them."""
    count = 0
    while True:
        _, page = await line.ask(staff, queue)
        waiting = re.findall(rb'name="seen-(\d+)"\s+value="([^"]+)"', page)
        if not waiting:
            return count
        token = CSRF.search(page)
        assert token
        pairs = [("csrfmiddlewaretoken", token[1].decode()), ("decide", "reject")]
        pairs += [("reason", "attack")]
        for number, state in waiting:
            pairs += [("chosen", number.decode()), (f"seen-{number.decode()}", state.decode())]
        status, _ = await line.ask(staff, queue, pairs, f"Origin: http://127.0.0.1:{line.port}")
        assert status == 302
        count += len(waiting)


async def use_the_site(
    port: int,
    participants: list[Visitor],
    staff: Visitor,
    pages: list[str],
    end_checks: Callable[[], None],
) -> int:
    """All vote in two dialogues, some use all pages, staff reject; gives the rejections' number.

    ``end_checks`` ends what residents are asked: before that staff see no sentence.
    """
    waiting = asyncio.Queue[Visitor]()
    for visitor in participants:
        waiting.put_nowait(visitor)

    async def visits() -> None:
        async with Line(port) as line:
            while not waiting.empty():
                visitor = waiting.get_nowait()
                number = await vote(line, visitor, "harbour")
                await vote(line, visitor, "second")
                if visitor.number % 20 == 0:
                    await take_receipt(line, visitor, number)
                    await use_every_page(line, visitor, pages)
                if visitor.number % 40 == 0:
                    await delete_everything(line, visitor)

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(visits())
    async with Line(port) as line:
        await sign_in(line, staff)
        for path in pages:
            await line.ask(staff, path)
        rejected = await reject_all(line, staff, "/desk/harbour/moderation/")
        comments = await reject_all(line, staff, "/desk/harbour/moderation/comments/")
        proposals = await reject_all(line, staff, "/desk/harbour/moderation/proposed-sources/")
        # Who wrote one wrote the others, and one proposal is the example's.
        assert (comments, proposals) == (rejected, rejected + 1)
        assert await reject_all(line, staff, "/desk/harbour/moderation/sentences/") == 0
        await asyncio.to_thread(end_checks)
        sentences = await reject_all(line, staff, "/desk/harbour/moderation/sentences/")
        assert sentences == len(said_why(participants))
        return rejected


async def vote_once_more(port: int, participants: list[Visitor]) -> None:
    async with Line(port) as line:
        for visitor in participants:
            await vote(line, visitor, "harbour")
