"""Seize a machine that hundreds of participants used, and search every byte of it for them.

Each visitor's requests carry everything that the register lists as not stored; moderators reject
planted texts. The server is killed as by a power cut. Database, write-ahead log, free pages, server
log, temporary files, static files, ledger, keys and backups are then searched as bytes. Each
defence is also switched off once, and the same search must then find something.
MIDDLEGROUND_TORTURE_PARTICIPANTS sets their number.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from browser.test_every_page import PUBLIC, SIGNED_IN
from middleground.answers.models import CheckSentence
from middleground.core.stored_data import data_register
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import ModeratedText, Statement
from middleground.dialogues.models.texts.text_kinds import kind_of
from middleground.dialogues.texts.marks import mark_of
from middleground.threads.models import Comment
from seizure.searching import contained
from seizure.visitors import Visitor, said_why, use_the_site, vote_once_more
from support.serving.server_process import ServerProcess
from support.serving.servers import fill, run

# A key that is read is compared with its check value in the database.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.slow]

# What people may leave a mark with: the table, its model, and what a visitor wrote in it.
TABLES: dict[str, tuple[type[ModeratedText], str]] = {
    "dialogues_statement": (Statement, "text"),
    "threads_comment": (Comment, "comment"),
    "answers_checksentence": (CheckSentence, "why"),
}
PARTICIPANTS = int(os.environ.get("MIDDLEGROUND_TORTURE_PARTICIPANTS", "200"))
TEXTS = (*TABLES, "evidence_proposedsource")
PLACES = {
    "data/middleground.sqlite3", "data/middleground.sqlite3-wal", "data/keys/secret.key",
    "data/static/staticfiles.json", "data/keys/ledger.key", "data/ledger/checkpoint", "server.log",
    "backups/copy.sqlite3",
    "backups/raw-middleground.sqlite3", "backups/raw-middleground.sqlite3-wal",
}  # fmt: skip
FILL = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
import django
django.setup()
from support.cast import make_dialogue
make_dialogue("second", statements=6, question="And the second question?")
"""
# The controls: the product with one defence switched off.
WITHOUT_ERASING = """
import sys
from middleground.config import environment
real = environment.database
def forgetful(url, data):
    found = real(url, data)
    options = found["OPTIONS"]
    command = options["init_command"]
    options["init_command"] = command.replace("secure_delete=ON", "secure_delete=OFF")
    return found
environment.database = forgetful
from middleground.config import server
server.serve(server.reserve("127.0.0.1", int(sys.argv[1])))
"""
WITH_ACCESS_LOG = """
import sys, uvicorn
uvicorn.run("middleground.config.asgi:application", port=int(sys.argv[1]), access_log=True,
            proxy_headers=True, forwarded_allow_ips="*")
"""


@dataclass
class Site:
    """An installation that was used and killed, with its backups."""

    server: ServerProcess
    participants: list[Visitor]
    staff: Visitor
    backups: Path
    rejected: int
    marks: list[bytes] = field(default_factory=list)

    def files(self) -> dict[str, bytes]:
        folder = self.server.data.parent
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.server.data / "middleground.sqlite3")

    def end_checks(self) -> None:
        """End what residents are asked, and keep the rows of what they said."""
        with closing(self.database()) as connection:
            connection.execute("UPDATE answers_residentcheck SET stage = 'over'")
            connection.commit()


def used_site(folder: Path, participants: int, command: Sequence[str] | None = None) -> Site:
    """Use a site, let a week pass, restart it, use it a little, back it up and cut the power."""
    server = ServerProcess(folder / "data", folder / "server.log")
    temporary = folder / "temporary"
    temporary.mkdir()
    fill(server.data)
    run(["-c", FILL], server.data)
    command = [*command, str(server.port)] if command else None
    site = Site(
        server, [Visitor(n) for n in range(participants)], Visitor(-1), folder / "backups", 0
    )
    site.backups.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        try:
            server.start(command)
            pages = PUBLIC + SIGNED_IN
            used = use_the_site(server.port, site.participants, site.staff, pages, site.end_checks)
            site.rejected = asyncio.run(used)
            server.kill()
            assert site.participants[1].token not in b"".join(site.files().values())
            _let_a_week_pass(site)
            server.start(command)
            asyncio.run(vote_once_more(server.port, site.participants[1 : participants // 5 : 2]))
            _back_up(site)
        finally:
            server.kill()
    return site


def _let_a_week_pass(site: Site) -> None:
    """Date rejections eight days back, after a control: until then the search finds the texts."""
    found = b"".join(site.files().values())
    writers = [p for p in site.participants if p.number % 20 == 0 and p.number % 40]
    assert site.rejected == len(writers)
    assert [p.number for p in writers if p.text.encode() not in found] == []
    assert [p.number for p in writers if p.comment.encode() not in found] == []
    assert [p.number for p in writers if p.proposal.encode() not in found] == []
    site.marks = _marks_of(site, writers)
    sentences = said_why(site.participants)
    assert len(site.marks) == 2 * len(writers) + len(sentences)  # a statement, a comment each
    assert [p.number for p in sentences if p.why.encode() not in found] == []
    assert [mark.hex() for mark in site.marks if mark not in found] == []
    with closing(site.database()) as connection:
        for table in TEXTS:
            connection.execute(
                f"UPDATE {table} SET rejected_on = date('now', '-8 days')"
                " WHERE rejected_on IS NOT NULL"
            )
        connection.commit()


def _marks_of(site: Site, writers: Sequence[Visitor]) -> list[bytes]:
    """The marks of what they wrote, as only somebody with their tokens can compute them."""
    found: list[bytes] = []
    with closing(site.database()) as connection:
        for table, (model, attribute) in TABLES.items():
            sql = f"SELECT text, dialogue_id, number FROM {table}"
            numbers = {text: where for text, *where in connection.execute(sql)}
            found += [
                mark_of(writer.token, kind_of(model), *where)
                for writer in writers
                if (where := numbers.get(getattr(writer, attribute)))
            ]
    return found


def _back_up(site: Site) -> None:
    """Back up as docs/hosting.md says, and also by copying the files of the running server."""
    entries = site.server.data / "ledger/tile/entries"
    end = time.monotonic() + 60
    while not list(entries.rglob("*")) and time.monotonic() < end:  # the first batch of the log
        time.sleep(0.2)
    time.sleep(1)
    with closing(site.database()) as connection:
        connection.execute("VACUUM INTO ?", [str(site.backups / "copy.sqlite3")])
    for path in site.server.data.glob("middleground.sqlite3*"):
        (site.backups / f"raw-{path.name}").write_bytes(path.read_bytes())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return used_site(tmp_path_factory.mktemp("seized"), PARTICIPANTS)


def found_traces(site: Site, of: Sequence[Visitor] = ()) -> dict[str, list[str]]:
    """Codes of planted traces, each with the files in which any visitor's is found."""
    visitors = of or [*site.participants, site.staff]
    codes = {t: code for each in visitors for code, traces in each.traces().items() for t in traces}
    found: dict[str, set[str]] = defaultdict(set)
    for name, data in site.files().items():
        for trace in contained(data, codes):
            found[codes[trace]].add(name)
    return {code: sorted(names) for code, names in found.items()}


def found_texts(site: Site) -> list[str]:
    written = [(p.text, p.comment, p.proposal, p.why) for p in site.participants]
    texts = [text.encode() for of_one in written for text in of_one]
    return [name for name, data in site.files().items() if contained(data, texts)]


def test_everything_the_register_excludes_is_searched_for() -> None:
    """The schema's test covers times, the test of pseudonyms below covers links."""
    planted = set(Visitor(0).traces())
    assert planted | {"time", "across"} == {entry.code for entry in data_register().not_stored}


def test_the_search_finds_what_a_search_for_each_finds() -> None:
    texts = [b"abcdefgh", b"abcdefgi", b"bcdefghi", b"efghijkl", b"not there"]
    data = b"abcdefgabcdefghijkl"
    assert contained(data, texts) == {text for text in texts if text in data} == {*texts} - {
        b"abcdefgi", b"not there",
    }  # fmt: skip
    assert contained(b"abcdefgh", texts) == {b"abcdefgh"}
    assert contained(b"abcdefg", texts) == set()


def test_no_byte_of_the_machine_identifies_a_participant(site: Site) -> None:
    files = site.files()
    assert PLACES - files.keys() == set()
    assert len(files["data/middleground.sqlite3-wal"]) > 0  # the power failed before it was emptied
    assert found_traces(site) == {}


def test_no_byte_keeps_a_text_that_was_rejected_a_week_ago(site: Site) -> None:
    assert site.rejected == PARTICIPANTS // 40
    assert found_texts(site) == []
    with closing(site.database()) as connection:
        for table in TEXTS:
            left = f"SELECT text, dedup_hash, reason FROM {table} WHERE status = 'rejected'"
            rows = connection.execute(left).fetchall()
            of_table = site.rejected + (table == "evidence_proposedsource")  # an example
            if table == "answers_checksentence":
                of_table = len(said_why(site.participants))
            assert rows == [("", "", "attack")] * of_table, table
        parts = "SELECT DISTINCT parts FROM evidence_proposedsource"
        assert connection.execute(parts).fetchall() == [("{}",)]


def test_no_byte_keeps_the_mark_of_a_text_that_is_deleted(site: Site) -> None:
    """That the search finds marks while the text is there was seen before the week passed."""
    assert [name for name, data in site.files().items() if contained(data, site.marks)] == []


def test_deleting_everything_leaves_no_row(site: Site, settings: Any) -> None:
    settings.KEYS = site.server.data / "keys"
    gone = [p for p in site.participants if p.number % 40 == 0]
    with closing(site.database()) as connection:
        sql = "SELECT id FROM dialogues_dialogue WHERE slug = 'harbour'"
        (dialogue,) = connection.execute(sql).fetchone()
        ids = [(pseudonym(dialogue, p.token),) for p in gone]
        for table, column in (
            ("dialogues_participant", "id"),
            ("dialogues_vote", "participant_id"),
            ("threads_comment", "author_id"),
            ("evidence_proposedsource", "author_id"),
            ("threads_reaction", "participant_id"),
        ):
            count = f"SELECT COUNT(*) FROM {table} WHERE {column} = ?"
            assert {connection.execute(count, one).fetchone() for one in ids} == {(0,)}


def test_no_pseudonym_appears_in_two_dialogues(site: Site, settings: Any, tmp_path: Path) -> None:
    with closing(site.database()) as connection:
        rows = connection.execute(
            "SELECT d.slug, p.id, d.id FROM dialogues_participant p"
            " JOIN dialogues_dialogue d ON d.id = p.dialogue_id"
        ).fetchall()
    first = {row[1] for row in rows if row[0] == "harbour"}
    second = {row[1] for row in rows if row[0] == "second"}
    assert (len(first), len(second)) == (PARTICIPANTS - PARTICIPANTS // 40, PARTICIPANTS)
    assert first & second == set()
    # The control: if both dialogues had the same key, they would share every pseudonym.
    numbers = {row[0]: row[2] for row in rows}
    settings.KEYS = tmp_path / "one-key"
    settings.KEYS.mkdir()
    for number in numbers.values():
        (settings.KEYS / f"dialogue-{number}.key").write_bytes(b"k" * 32)
    shared = {pseudonym(numbers["harbour"], p.token) for p in site.participants} & {
        pseudonym(numbers["second"], p.token) for p in site.participants
    }
    assert len(shared) == PARTICIPANTS


def test_only_staff_have_sessions(site: Site) -> None:
    with closing(site.database()) as connection:
        count = connection.execute("SELECT COUNT(*) FROM django_session").fetchone()[0]
    assert count == 1  # of the member of staff who signed in


def test_control_rejected_texts_are_found_without_secure_delete(tmp_path: Path) -> None:
    control = used_site(tmp_path, 40, ["-c", WITHOUT_ERASING])
    assert found_texts(control) != []
    assert found_traces(control) == {}


def test_control_addresses_are_found_in_an_access_log(tmp_path: Path) -> None:
    control = used_site(tmp_path, 21, ["-c", WITH_ACCESS_LOG])
    assert found_traces(control)["address"] == ["server.log"]


def test_control_deliberately_stored_traces_are_found(site: Site) -> None:
    path = site.backups / "planted.sqlite3"
    visitor = site.participants[7]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE visits (token BLOB, address TEXT)")
        connection.execute("INSERT INTO visits VALUES (?, ?)", [visitor.token, visitor.address])
        connection.commit()
    try:
        assert found_traces(site, [visitor]) == {
            "address": ["backups/planted.sqlite3"], "token": ["backups/planted.sqlite3"],
        }  # fmt: skip
    finally:
        path.unlink()
