"""Outsiders witness, copy and recount a whole site with programs of their own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from middleground.ledger import verify
from middleground.ledger.checks.findings import CheckFinding
from middleground.ledger.checks.log import read_log
from middleground.ledger.checks.site.check import OTHER_PAGES, check_site
from middleground.ledger.notes.checkpoint import read_checkpoint
from middleground.ledger.notes.note import read_note
from support.serving.servers import Server, free_port, make_site, serving

TESTS = Path(__file__).resolve().parents[2]
GOOD = "This log is as its host signed it, and every total that is opened is the sum of its votes."
OPEN = "Votes of dialogues that are open are sealed until their result."
WITHHELD = (
    "Opened: 7 of 12 statements. The others stay shut, because too few people gave one of their "
    "answers, or because they were taken out or merged."
)
UNCHECKED = (
    "Not checked: receipts, for none is here; promises, for none is here; groups, places and "
    "shares on maps, which follow from single votes; {}; whether participants are people."
)
SHOWN = (
    ("Answers of bodies", 2), ("Commitments of bodies", 6), ("Rules for answers", 1),
    ("Sources", 2), ("Claims", 1),
)  # fmt: skip
# The second verifier reads no pages and no Parquet.
MARGINS = "in statements.{} of done (columns of which the log says nothing: 3)"
OF_SITE = [MARGINS.format("csv"), OTHER_PAGES, MARGINS.format("parquet")]
BY_SECOND = UNCHECKED.format(f"{OF_SITE[0]}; the pages of the site and its Parquet files")
BY_FIRST = UNCHECKED.format("; ".join(OF_SITE))
BAD = "Do not rely on this log: nothing proves that each of its listed votes is one."
ROW = r"<tr>\s*<td class=\"number\">{}</td>(?:(?!</tr>)[\s\S])*</tr>"
LIST = b"vote-list/v1\ndialogue done\nstatement 5\n"  # its total is opened


def test_outsiders_witness_and_recount_a_log(tmp_path: Path) -> None:
    port = free_port()
    origin = {"MIDDLEGROUND_ORIGIN": f"http://127.0.0.1:{port}"}
    data = tmp_path / "site"
    make_site("divided_site", data, **origin)
    log_key = (data / "ledger/keys").read_text().splitlines()[0]
    with witnessing(tmp_path / "newsroom", log_key) as (address, witness_key):
        witnesses = {"MIDDLEGROUND_WITNESSES": f"{address} {witness_key}"}
        with serving(data, port, **origin, **witnesses, MIDDLEGROUND_LEDGER_SECONDS="1") as server:
            wait_until_signed(server, witness_key.split("+")[0])
            keys = ["--key", log_key, "--witness-key", witness_key]
            assert verdicts(server, tmp_path / "first", keys) == [
                (0, f"{GOOD} · {WITHHELD} · {OPEN} · {BY_FIRST}"),
                (0, f"{GOOD} {WITHHELD} {OPEN} {BY_SECOND}"),
            ]
            copied = tmp_path / "first/site/done"
            assert sorted(path.name for path in copied.iterdir()) == [
                "answers.json", "commitments.json", "evidence.json", "map.json", "results.html",
                "rules.json", "statements.csv", "statements.parquet",
            ]  # fmt: skip
            honest = [each.sentence for each in verify(tmp_path / "first").findings]
            for shown in SHOWN:
                assert f"{shown[0]} that are shown as they were logged: {shown[1]}." in honest
            other_pages_are_found(tmp_path / "first")
            other_parquet_is_found(tmp_path / "first")
            final = (copied / "map.json").read_bytes()
            (copied / "map.json").write_bytes(final.replace(b"agree", b"disagree"))
            report = verify(tmp_path / "first")
            assert {each.subject for each in report.findings if each.state == "fails"} == {"site"}
            documents = (data / "ledger/documents").iterdir()
            listed = next(path for path in documents if path.read_bytes().startswith(LIST))
            listed.write_bytes(listed.read_bytes().replace(b" counted ", b" beside ", 1))
            assert verdicts(server, tmp_path / "second", keys) == [
                (1, f"{BAD} · {WITHHELD} · {OPEN} · {BY_FIRST}"),
                (1, f"{BAD} {WITHHELD} {OPEN} {BY_SECOND}"),
            ]


# What is changed on the page, and what the check says.
BOUND = "at\u00a0least\u00a020%<"
OTHER_PAGES_SHOWN: dict[str, tuple[str, str, str]] = {
    "a bound of a share": (
        BOUND, "at least 70%<", "group B: it shows “at least 70%”, and the final map says at",
    ),
    "a bound told as a share": (BOUND, "20%<", "group B: it shows “20%”"),
    "a share that is withheld": (">withheld<", ">10%<", "group A: it shows “10%”"),
    "a share held back": (BOUND, "withheld<", "it shows “withheld”"),
    "shares of the groups swapped": (
        rf">withheld</td><td class=\"number\">{BOUND}",
        '>at least 20%</td><td class="number">withheld<',
        "group B: it shows “withheld”",
    ),
    "heads of the groups swapped": (
        r"Group A</th>(<th scope=\"col\" class=\"number\">)Group B", r"Group B</th>\1Group A",
        "its columns are not the groups of the final map",
    ),
    "a group's size": (
        ">at least\u00a010\u00a0people</td>", ">at least\u00a015\u00a0people</td>",
        "Group A: it shows “at least 15 people”, and the final map says 10 to 14",
    ),
    "how many were admitted": (r"(?s)(Admitted: .*?at least\u00a0)20", r"\g<1>25", "admitted"),
    "a statement left out": (ROW.format(2), "", "statement 2 is not on it"),
    "a statement added": (
        f"({ROW.format(2)})",
        r'\1<tr><td>13</td><th>More parking.</th><td>90%</td><td>90%</td></tr>',
        "statement 13 is not on the final map",
    ),
    "a statement twice": (f"({ROW.format(2)})", r"\1\1", "statement 2 stands twice"),
    "words": (
        r"Statement number 3\.</a></th>", "Statement number three.</a></th>",
        "the words of statement 3 are not those that were logged",
    ),
    "words of two statements swapped": (
        r"(?s)Statement number 3\.(</a></th>.*)Statement number 4\.(</a></th>)",
        r"Statement number 4.\1Statement number 3.\2",
        "the words of statement 4 are not those that were logged",
    ),
}  # fmt: skip
UNREADABLE: dict[str, tuple[str, str, str]] = {
    "no table": (r"(?s)<table class=\"results-table\">.*?</table>", "", "it has no table with"),
    "another head": (">No.<", ">Number<", "it has no table with"),
    "another caption": ("Share that agrees, passes", "Share that disagrees, passes", "caption"),
    "another language": ('<html lang="en"', '<html lang="de"', "it is not in English"),
    "hidden cells": ("<td class=\"number\">1<", '<td hidden class="number">1<', "hidden"),
    "a table that is not shown": (
        r"(?s)(<table class=\"results-table\">.*?</table>)", r"<template>\1</template>",
        "a table is not shown",
    ),
    "no page of results": ("(?s).+", "<html lang=en><p>We are moving.</p>", "how many statements"),
}  # fmt: skip


def other_pages_are_found(copy: Path) -> None:
    """Each contradiction is a failure that is named; what cannot be read is named, not failed."""
    page = copy / "site/done/results.html"
    honest = page.read_text("utf-8")
    for name, (old, new, says) in {**OTHER_PAGES_SHOWN, **UNREADABLE}.items():
        shown = re.sub(old, new, honest, count=1)
        assert shown != honest, name
        page.write_text(shown, "utf-8")
        found, unchecked = checked_site(copy)
        failures = [detail for each in found if each.state == "fails" for detail in each.details]
        if name in OTHER_PAGES_SHOWN:
            assert says in " ".join(failures), (name, failures)
        else:
            assert not failures, (name, failures)
            assert not any("Pages of results" in each.sentence for each in found), name
            assert "the pages of the site" in unchecked, name
            assert any("page of the results of done" in e and says in e for e in unchecked), name
    page.write_text(honest, "utf-8")
    found, unchecked = checked_site(copy)  # the control
    assert {each.state for each in found} == {"holds"}
    assert unchecked == OF_SITE


def other_parquet_is_found(copy: Path) -> None:
    file = copy / "site/done/statements.parquet"
    honest = file.read_bytes()
    table = pq.read_table(file)
    agree, disagree = (
        table.schema.get_field_index(f"{name}_from") for name in ("agree", "disagree")
    )
    names = list(table.column_names)
    names[agree], names[disagree] = names[disagree], names[agree]
    words = table.column("text").to_pylist()
    other_words = pa.array([words[-1], *words[1:-1], words[0]])
    for changed in (
        table.rename_columns(names),
        table.slice(1),
        table.drop_columns(["agree_from"]),
        table.set_column(table.schema.get_field_index("text"), "text", other_words),
        table.append_column("agree_from", table.column("agree_to")),
    ):
        pq.write_table(changed, file)
        found, _ = checked_site(copy)
        failures = [detail for each in found if each.state == "fails" for detail in each.details]
        assert all(each.startswith("done, statements.parquet: ") for each in failures)
        assert failures
    file.write_bytes(b"PAR1 and no more")
    assert any(each.state == "fails" for each in checked_site(copy)[0])
    file.unlink()
    found, unchecked = checked_site(copy)
    assert {each.state for each in found} == {"holds"}
    assert "statements.parquet of done (it is not here)" in unchecked
    file.write_bytes(honest)


def checked_site(copy: Path) -> tuple[list[CheckFinding], list[str]]:
    newest = read_checkpoint(read_note((copy / "checkpoint").read_bytes()).text)
    return check_site(copy, read_log(copy, newest)[0])


@contextmanager
def witnessing(folder: Path, log_key: str) -> Iterator[tuple[str, str]]:
    """The one-file witness as a running process: its address and its key."""
    script = TESTS.parent / "src/middleground/witness.py"
    command = [sys.executable, "-I", str(script), "--folder", str(folder)]
    key = subprocess.check_output([*command, "key", "newsroom.example"], text=True).split()[-1]
    subprocess.run([*command, "trust", log_key], check=True, stdout=subprocess.DEVNULL)
    process = subprocess.Popen(
        [*command, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        process.stdout.readline()
        address = process.stdout.readline().split(" at ")[1].strip()
        yield address.removesuffix("/add-checkpoint"), key
    finally:
        process.kill()
        process.communicate()


def read(server: Server, path: str) -> bytes:
    with urllib.request.urlopen(f"{server.address}/ledger/{path}", timeout=20) as answer:
        data: bytes = answer.read()
    return data


def wait_until_signed(server: Server, name: str) -> None:
    end = time.monotonic() + 60
    while f"— {name} " not in read(server, "checkpoint").decode():
        assert time.monotonic() < end, "the witness has not signed within a minute"
        time.sleep(0.2)


def verdicts(server: Server, copy: Path, keys: list[str]) -> list[tuple[int, str]]:
    """The verdicts of the command, and of the site's second verifier on the command's copy."""
    node = shutil.which("node") or pytest.skip("No Node found; the second verifier needs it.")
    address = f"{server.address}/ledger/"
    command = [sys.executable, "-m", "middleground", "verify", address, "--keep", str(copy), *keys]
    saved = copy.parent / "verify.mjs"
    saved.write_bytes(read(server, "verify/verify.mjs"))
    return [told(command), told([node, str(saved), str(copy), *keys])]


def told(command: list[str]) -> tuple[int, str]:
    """The exit code and the sentence, whose line breaks depend on the terminal."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, " ".join(done.stdout.split("\n\n")[0].split())
