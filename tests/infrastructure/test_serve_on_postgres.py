"""The whole server on a real PostgreSQL: it sets itself up, shows its pages and keeps a vote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page

from on_postgres import postgres
from support.serving.servers import Server, make_site, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres(tables=True) as address:
        yield address


@pytest.fixture(scope="module")
def on_postgres(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data: Path = tmp_path_factory.mktemp("data")
    make_site("example_site", data, MIDDLEGROUND_DATABASE_URL=database)
    with serving(data, MIDDLEGROUND_DATABASE_URL=database) as server:
        yield server
    assert not (data / "middleground.sqlite3").exists()


def votes(database: str) -> list[tuple[int]]:
    with psycopg.connect(database) as connection:
        return connection.execute("SELECT value FROM dialogues_vote").fetchall()


def test_a_vote_is_kept(page: Page, on_postgres: Server, database: str) -> None:
    page.goto(f"{on_postgres.address}/d/harbour/take-part/")
    first = page.locator("#card-text").inner_text()
    assert votes(database) == []
    page.click("[data-vote-form] [value=agree]")
    page.wait_for_function(
        "(first) => document.querySelector('#card-text').innerText !== first", arg=first
    )
    assert votes(database) == [(1,)]
