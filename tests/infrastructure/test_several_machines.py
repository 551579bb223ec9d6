"""Two servers with separate data folders on one PostgreSQL, with the same keys and log files.

As two machines behind a proxy are: a participant's requests reach either of them.
"""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from middleground.ledger import verify
from middleground.publiclog.log_key import signing_key
from on_postgres import postgres
from support.serving.processes import ask, elected, wait_until
from support.serving.server_process import ServerProcess
from support.serving.servers import free_port, give_static_files, make_site, run
from torture.tools.voting_load import CARD, COOKIE, vote_request
from torture.tools.voting_load import ask as request

pytestmark = [pytest.mark.sqlite, pytest.mark.slow]

PARTICIPANTS, STATEMENTS = 24, 12
EVERYBODY_CONFIRMS = """
CREATE FUNCTION confirm() RETURNS trigger AS $$ BEGIN NEW.tier := 'open'; RETURN NEW; END $$
LANGUAGE plpgsql;
CREATE TRIGGER everybody_confirms BEFORE INSERT ON dialogues_participant
FOR EACH ROW EXECUTE FUNCTION confirm();
"""
PROPOSE = """
import django; django.setup()
from middleground.dialogues.models import Dialogue
from support.cast import make_statement
make_statement(Dialogue.objects.get(slug="harbour"), 13, "Swim in the harbour.", status="pending")
"""
APPROVE = """
import django; django.setup()
from middleground.dialogues.models import Statement
from middleground.dialogues.texts.decisions import approve
from middleground.people.models import User
statement = Statement.objects.get(number=13)
approve(User.objects.first(), statement, "waiting")
"""
SETTINGS = {"DJANGO_SETTINGS_MODULE": "middleground.config.settings"}


@dataclass
class Machines:
    database: str
    shared: Path
    settings: dict[str, str]
    servers: list[ServerProcess]

    def run(self, machine: int, program: str) -> None:
        run(["-c", program], self.servers[machine].data, **self.settings, **SETTINGS)

    def page(self, machine: int, path: str) -> str:
        address = f"{self.servers[machine].address}{path}"
        with urllib.request.urlopen(address, timeout=60) as answer:
            return str(answer.read().decode())


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    folder: Path = tmp_path_factory.mktemp("machines")
    shared, ports = folder / "shared", [free_port(), free_port()]
    with ExitStack() as stack:
        database = stack.enter_context(postgres(tables=True))
        settings = {
            "MIDDLEGROUND_DATABASE_URL": database,
            "MIDDLEGROUND_ORIGIN": f"http://127.0.0.1:{ports[0]}",
            "MIDDLEGROUND_KEYS": str(shared / "keys"),
            "MIDDLEGROUND_LEDGER": str(shared / "ledger"),
            "MIDDLEGROUND_SEALED": str(shared / "sealed"),
            "MIDDLEGROUND_LEDGER_SECONDS": "1",
            "MIDDLEGROUND_MAP_SECONDS": "1",
            "MIDDLEGROUND_MAP_BEAT_SECONDS": "1",
        }
        make_site("example_site", folder / "first", **settings)
        give_static_files(folder / "second")
        ask(database, EVERYBODY_CONFIRMS)  # a map counts only confirmed participants
        servers = [
            ServerProcess(folder / name, folder / f"{name}.log", port, settings=settings)
            for name, port in zip(("first", "second"), ports, strict=True)
        ]
        for server in servers:
            stack.callback(server.kill)
            server.launch()
        for server in servers:
            wait_until(lambda server=server: answers(server), "a server does not start")
        yield Machines(database, shared, settings, servers)


def answers(server: ServerProcess) -> bool:
    assert server.process
    assert server.process.poll() is None, server.log.read_text()
    try:
        with urllib.request.urlopen(server.address, timeout=30) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


async def take_part(machines: Machines, participants: int) -> list[int]:
    """Participants vote on every statement, each vote through the other machine."""
    ends = [await asyncio.open_connection("127.0.0.1", server.port) for server in machines.servers]
    counts = []
    for number in range(participants):
        page = b"GET /d/harbour/take-part/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
        status, head, body = await request(*ends[number % 2], page)
        cookie, card, votes = COOKIE.search(head), CARD.search(body), 0
        assert status == 200
        assert cookie
        while card is not None:
            word = (b"agree", b"disagree", b"pass")[(number + int(card[1])) % 3]
            vote = vote_request("harbour", cookie[1], card[1], card[2], word)
            status, _, body = await request(*ends[(number + votes + 1) % 2], vote)
            assert status == 200, body
            card, votes = CARD.search(body), votes + 1
        counts.append(votes)
    for _, writer in ends:
        writer.close()
    return counts


def test_a_participant_may_vote_through_either(machines: Machines) -> None:
    assert asyncio.run(take_part(machines, PARTICIPANTS)) == [STATEMENTS] * PARTICIPANTS
    stored = ask(
        machines.database,
        "SELECT count(*), count(DISTINCT participant_id) FROM dialogues_vote",
    )
    assert stored == [(PARTICIPANTS * STATEMENTS, PARTICIPANTS)]
    days = "SELECT sum(votes)::int, sum(participants)::int FROM dialogues_dailycount"
    assert ask(machines.database, days) == stored


def test_the_map_is_shown_by_both(machines: Machines) -> None:
    for machine in (0, 1):
        wait_until(
            lambda machine=machine: shows_map(machines.page(machine, "/d/harbour/map/")),
            "there is no map",
        )
        assert not shows_map(machines.page(machine, "/d/market/map/"))  # the control
    assert ask(machines.database, "SELECT count(*) FROM dialogues_storedmap")[0][0] >= 1
    assert not (machines.servers[0].data / "ledger").exists()


def shows_map(page: str) -> bool:
    return "map-as-of" in page


def test_a_statement_approved_on_one_is_votable_on_the_other(machines: Machines) -> None:
    machines.run(0, PROPOSE)
    machines.run(1, APPROVE)
    assert asyncio.run(take_part(machines, 2)) == [STATEMENTS + 1] * 2


def test_the_log_is_the_same_on_both_and_goes_on_without_one(
    machines: Machines, settings: Any
) -> None:
    settings.KEYS = machines.shared / "keys"
    key, ledger = signing_key().verifier, machines.shared / "ledger"
    size = signed(machines)
    assert size > STATEMENTS
    wait_until(lambda: signed(machines) > size, "the log does not grow")
    report = verify(ledger, key)
    assert report.holds, report
    one, other = (machines.page(machine, "/ledger/keys") for machine in (0, 1))
    assert one == other
    first = elected(machines.database)
    leaving = next(each for each in machines.servers if each.process and each.process.pid == first)
    staying = 1 - machines.servers.index(leaving)
    leaving.kill()
    before = signed(machines)
    wait_until(lambda: elected(machines.database) not in (None, first), "nobody follows")
    machines.run(staying, "import django; django.setup()\n" + GROW)
    wait_until(lambda: signed(machines) > before, "the log does not go on")
    assert verify(ledger, key).holds
    assert machines.page(staying, "/ledger/checkpoint")


GROW = """
from middleground.ledger.records.entries import Erasures
from middleground.publiclog.append import append
append(Erasures("harbour", 0))
"""


def signed(machines: Machines) -> int:
    return sum(number for (number,) in ask(machines.database, _SIGNED))


_SIGNED = "SELECT signed::int FROM publiclog_logstate"
