"""A real server answers every request to its programmatic addresses, and never with a 5xx.

schemathesis makes the requests from ``described.py``. MIDDLEGROUND_TORTURE_REQUESTS: how many.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from middleground.dialogues.identity.proofs import proof
from middleground.dialogues.identity.tokens import new_token, write_token
from support.serving.server_process import ServerProcess
from support.serving.servers import fill
from torture.tools.described import Known, description, put_known
from torture.tools.progress import figures, tell

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]

# Fewer requests would seldom reach every address with success.
REQUESTS = max(400, int(os.environ.get("MIDDLEGROUND_TORTURE_REQUESTS", "0")))
# The control: a number is used before it is validated.
CARELESS = """
import sys
from middleground.config import asgi, server
from middleground.dialogues.voting import route

read = route._number
route._number = lambda text: read(text) + 0 // (len(text) - 1)
server.serve(server.reserve("127.0.0.1", int(sys.argv[1])))
"""


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> ServerProcess:
    data = tmp_path / "data"
    settings.KEYS = data / "keys"
    fill(data, "mapped_site")
    return ServerProcess(data, tmp_path / "log", settings={"MIDDLEGROUND_LEDGER_SECONDS": "1"})


def known(server: ServerProcess) -> tuple[Known, list[Known]]:
    """Valid values: cookies of two participants, names, and values that belong together.

    One participant votes and withdraws votes all the time; the other voted once and has a receipt.
    """
    token, other, data = new_token(), new_token(), server.data
    with closing(sqlite3.connect(data / "middleground.sqlite3")) as database:
        statements = database.execute(
            "SELECT d.id, slug, s.id, number FROM dialogues_statement s JOIN dialogues_dialogue d"
            " ON d.id = s.dialogue_id WHERE number < 4"
        ).fetchall()
    together: list[Known] = [
        {
            "slug": [slug],
            "statement": [str(number)],
            "number": [str(number)],
            "proof": [proof(dialogue, token, key, dealt=True)],
        }
        for dialogue, slug, key, number in statements
    ]
    town = next(row for row in statements if row[1:] == ("town", row[2], 1))
    vote_once(server, other, town)
    voted: Known = {"slug": ["town"], "number": ["1"], "__Host-participant": [write_token(other)]}
    together += [voted] * len(together)
    return {
        "slug": ["town", "town", "done", "fresh"],
        "name": ["statements.csv", "statements.parquet", "map.json", "data-card.md"],
        "path": log_files(data / "ledger"),
        "tool": ["verify.mjs", "witness.py"],
        "number": ["1", "2", "999999999999999999999"],
        "shown": ["1"],
        "after": ["1", "2"],
        "at": ["1", "2"],
        "__Host-participant": [write_token(token), write_token(other)],
        "HX-Request": ["true"],
        "If-None-Match": ['"map-1"'],
        "statement": ["1", "2", "3"],
        "proof": [proof for each in together for proof in each.get("proof", ())],
        "vote": ["agree", "disagree", "pass", "withdraw"],
        "from": ["card", "mine", "statement"],
        "nonce": ["", "0f" * 16],
    }, together


def vote_once(server: ServerProcess, token: bytes, statement: tuple[int, str, int, int]) -> None:
    dialogue, slug, key, number = statement
    mark = proof(dialogue, token, key, dealt=True)
    answer = requests.post(
        f"{server.address}/d/{slug}/vote",
        {"statement": number, "proof": mark, "vote": "agree"},
        cookies={"__Host-participant": write_token(token)},
        headers={"HX-Request": "true"},
        timeout=30,
    )
    assert answer.status_code == 200


def log_files(folder: Path) -> list[str]:
    """Files of the log, which begins to grow soon after the start."""
    end = time.monotonic() + 30
    while not (folder / "checkpoint").exists() and time.monotonic() < end:
        time.sleep(0.1)
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def answers(server: ServerProcess, count: int) -> Counter[tuple[str, int]]:
    """The number of answers by path and status; at least ``count`` requests in all.

    Values are drawn at random, so it goes on, to four times as many, until each path was reached
    with success.
    """
    schema = schemathesis.openapi.from_dict(description())
    operations = [found.ok() for found in schema.get_all_operations()]
    cases = [(each, each.as_strategy()) for each in operations]
    # Forms also get invalid values; the other descriptions allow any text.
    cases += [
        (each, each.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        for each in operations
        if each.method == "post"
    ]
    counted: Counter[tuple[str, int]] = Counter()
    doors = known(server)
    with requests.Session() as session:
        while counted.total() < count or (not_reached(counted) and counted.total() < 4 * count):
            share = max(4, (count - counted.total()) // len(cases) + 1)
            for operation, strategy in cases:
                send_many(put_known(strategy, *doors), server, session, counted, share)
                tell(f"{counted.total():,} requests, {operation.path}")
    return counted


def not_reached(counted: Counter[tuple[str, int]]) -> set[str]:
    """The paths that were never answered with success."""
    return {path for path, _ in counted} - {path for path, status in counted if status < 400}


def send_many(
    strategy: st.SearchStrategy[Any],
    server: ServerProcess,
    session: requests.Session,
    counted: Counter[tuple[str, int]],
    share: int,
) -> None:
    @seed(counted.total())  # the same requests each time
    @hypothesis_settings(
        max_examples=share,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # no shrinking: the request as found suffices
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def send(case: Any) -> None:
        answer = case.call(
            base_url=server.address, session=session, allow_redirects=False, timeout=30
        )
        counted[case.operation.path, answer.status_code] += 1
        assert answer.status_code < 500, case.as_curl_command()

    send()


def test_no_request_is_answered_with_5xx(server: ServerProcess) -> None:
    with server.running():
        counted = answers(server, REQUESTS)
    assert not_reached(counted) == set()
    assert "Traceback" not in server.log.read_text()
    statuses = Counter(status for _, status in counted.elements())
    told = " ".join(f"{status}:{number:,}" for status, number in sorted(statuses.items()))
    figures("requests", sent=counted.total(), answers=told, with_5xx=0)


def test_control_a_careless_number_is_found(server: ServerProcess) -> None:
    with server.running(["-c", CARELESS, str(server.port)]), pytest.raises(AssertionError):
        answers(server, 300)
