"""Rows a second of ``middleground move-to``: from SQLite to PostgreSQL, and back.

Usage: python benchmarks/move.py [VOTES], else 200,000. An installation of its own with simulated
votes and a seal for each. The commands are processes of their own, timed whole. Beside them, in the
same run: the same votes and seals read by ``sqlite3`` and copied by ``psycopg``, which converts
nothing, compares nothing and checks no reference.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import psycopg

from on_postgres import postgres
from serving.site import Size, store_dialogue

ROOT = Path(__file__).resolve().parent.parent
FILE = "middleground.sqlite3"
VOTES_A_PERSON, STATEMENTS = 50, 100
TABLES = {
    "dialogues_vote": "participant_id bigint, statement_id bigint, value smallint, dealt boolean,"
    " PRIMARY KEY (participant_id, statement_id)",
    "dialogues_voteseal": "participant_id bigint, statement_id bigint, client_nonce bytea,"
    " server_nonce bytea, salt bytea, promised boolean,"
    " PRIMARY KEY (participant_id, statement_id)",
}


def fill(votes: int) -> None:
    import django

    django.setup()
    from middleground.config import server
    from middleground.dialogues.models import Dialogue
    from middleground.dialogues.sealing.records import seal_example

    server.prepare()
    size = Size(votes // VOTES_A_PERSON, STATEMENTS, votes)
    seal_example(Dialogue.objects.get(pk=store_dialogue("town", "What should it be?", size)))


def moved(address: str, **settings: str) -> float:
    command = [sys.executable, "-m", "middleground", "move-to", address]
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT / "src")}
    begin = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def copied_bare(data: Path, address: str) -> tuple[int, float]:
    """Copy votes and seals into bare tables; return their number and the seconds."""
    begin, rows = time.perf_counter(), 0
    with closing(sqlite3.connect(data / FILE)) as source, psycopg.connect(address) as target:
        for table, columns in TABLES.items():
            target.execute(f"CREATE TABLE bare_{table} ({columns})")
            with target.cursor().copy(f"COPY bare_{table} FROM STDIN") as copy:
                for *before, last in source.execute(f"SELECT * FROM {table}"):
                    copy.write_row((*before, bool(last)))  # both tables end with a truth value
                    rows += 1
    seconds = time.perf_counter() - begin
    with psycopg.connect(address) as target:
        for table in TABLES:
            target.execute(f"DROP TABLE bare_{table}")
    return rows, seconds


def main() -> None:
    votes = int(sys.argv[1]) if sys.argv[1:] else 200_000
    with tempfile.TemporaryDirectory(prefix="middleground-move-") as name, postgres() as address:
        data = Path(name)
        os.environ["MIDDLEGROUND_DATA"] = name
        os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
        os.environ.pop("MIDDLEGROUND_DATABASE_URL", None)
        child = [sys.executable, __file__, "--fill", str(votes)]
        subprocess.run(child, env=os.environ, check=True)
        rows, bare = copied_bare(data, address)
        there = moved(address)
        (data / FILE).unlink()
        back = moved("sqlite", MIDDLEGROUND_DATABASE_URL=address)
    print(f"{rows:,} rows of votes and seals")
    for what, seconds in (("bare copy", bare), ("to PostgreSQL", there), ("to SQLite", back)):
        print(f"{what}: {seconds:.1f} s, {rows / seconds:,.0f} rows a second")
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"most memory of a command, filling too: {most / 1024:.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fill"]:
        fill(int(sys.argv[2]))
    else:
        main()
