"""``middleground analyse FOLDER`` as a user runs it: a process, its streams, its files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from middleground.engine.votes import Votes
from middleground.polis import PolisExport, PolisStatement, write_export
from polis.folders import VOTES, make_folder
from support.real_conversations import real_folder
from support.serving.environments import bare_environment

HOSTILE = '</title><script>alert("x")</script>[bold red]& <img src=x onerror=1>'


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "middleground", "analyse", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=bare_environment(COLUMNS="100"),
    )


@pytest.fixture
def two_camps(tmp_path: Path) -> Path:
    """Camps of 40 and 30: alike on statements 0 to 9, opposed on 10 to 29, with some noise."""
    rows = []
    dissents = np.random.default_rng(1).random((70, 30)) < 0.1
    for person in range(70):
        camp = 1 if person < 40 else -1
        for statement in range(30):
            vote = 1 if statement < 10 else camp * (1 if statement % 2 else -1)
            rows.append((person, statement, -vote if dissents[person, statement] else vote))
    texts = [HOSTILE, *(f"Statement number {k}" for k in range(1, 30))]
    statements = tuple(
        PolisStatement(k, text, 0, "rejected" if k == 29 else "accepted")
        for k, text in enumerate(texts)
    )
    columns = [[row[k] for row in rows] for k in range(3)]
    export = PolisExport(
        f"Two camps {HOSTILE}", "javascript:alert(1)", HOSTILE, statements, Votes(*columns)
    )
    write_export(export, tmp_path / "camps")
    return tmp_path / "camps"


def squeezed(text: str) -> str:
    return " ".join(re.sub("[─-╿]", " ", text).replace("\u00a0", " ").split())


def test_it_prints_the_map(two_camps: Path) -> None:
    done = run(two_camps)
    assert (done.returncode, done.stderr) == (0, "")
    shown = squeezed(done.stdout)
    assert "70 participants, 29 statements, 2,030 votes. Seed 0." in shown
    assert "The votes show 2 opinion groups." in shown
    assert re.search(r"A 40 people \d+% B 30 people \d+%", shown)
    assert "Middle ground: 10 statements agreed by every group" in shown
    assert "Divisive: 19 statements answered oppositely by the groups" in shown
    assert "What marks each group" in shown
    assert re.search(r"\d+% agree, \d+% of all others taken as one group", shown)
    assert "[bold red]" in shown  # printed literally and not as markup
    assert "Statement number 29" not in shown  # rejected


def test_without_groups_shares_are_said_to_be_of_those_who_shape_the_map(tmp_path: Path) -> None:
    """Not of all who voted: copies count once, and who gave few votes does not count."""
    rng = np.random.default_rng(4)
    rows = [(n, k, int(rng.random() < 0.9) * 2 - 1) for n in range(30) for k in range(20)]
    columns = [[row[k] for row in rows] for k in range(3)]
    statements = tuple(PolisStatement(k, f"Statement {k}", 0, "accepted") for k in range(20))
    write_export(PolisExport("Alike", "", "", statements, Votes(*columns)), tmp_path / "alike")
    page = tmp_path / "page.html"
    shown = squeezed(run(tmp_path / "alike", "--html", page).stdout)
    assert "The votes do not divide the participants into distinct groups." in shown
    assert "Middle ground: 20 statements agreed by most" in shown
    assert "Who shape it" in shown
    assert "Shares of findings are of those who shape the map." in shown
    assert "agreed by every group" not in shown
    findings = page.read_text("utf-8").split('id="middle"')[1].split("</section>")[0]
    assert "Who shape it" in findings
    assert "All" not in re.sub(r"<[^>]*>", " ", findings).split()


def test_it_writes_json_svg_and_html(two_camps: Path, tmp_path: Path) -> None:
    names = {kind: tmp_path / f"map.{kind}" for kind in ("json", "svg", "html")}
    flags = [part for kind, path in names.items() for part in (f"--{kind}", path)]
    done = run(two_camps, *flags, "--seed", "3", "--dimensions", "2")
    assert done.returncode == 0
    facts = json.loads(names["json"].read_text())
    assert [(g["label"], g["size"]) for g in facts["groups"]] == [("A", 40), ("B", 30)]
    assert (facts["seed"], facts["options"]["dimensions"]) == (3, 2)
    svg = ElementTree.fromstring(names["svg"].read_text())
    assert svg[0].text == "Opinion map with 2 opinion groups"
    assert names["html"].read_text().startswith('<!doctype html>\n<html lang="en">')


def test_the_polis_like_map_names_its_method(two_camps: Path, tmp_path: Path) -> None:
    done = run(two_camps, "--parity", "--html", tmp_path / "p.html", "--json", tmp_path / "p.json")
    assert done.returncode == 0
    shown = squeezed(done.stdout)
    assert "The votes are divided into 2 opinion groups. This is the Polis-like map" in shown
    assert "Clearly in it" not in shown
    assert "–" not in shown  # no interval
    page = _Page((tmp_path / "p.html").read_text())
    assert "This is the Polis-like map" in page.text
    assert "There are no intervals." in page.text
    assert "with enough certainty" not in page.text
    assert page.tags.count("table") == page.tags.count("svg") + 1
    facts = json.loads((tmp_path / "p.json").read_text())
    assert facts["options"]["parity"] is True
    assert [(g["label"], g["size"]) for g in facts["groups"]] == [("A", 40), ("B", 30)]
    # The control: the other map shows intervals and does not mention Polis.
    other = squeezed(run(two_camps).stdout)
    assert "Polis-like" not in other
    assert "–" in other


def test_the_same_seed_gives_the_same_bytes(two_camps: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(two_camps, "--html", tmp_path / f"{name}.html", "--json", tmp_path / f"{name}.json")
    for kind in ("html", "json"):
        one, two = (tmp_path / f"{name}.{kind}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


class _Page(HTMLParser):
    """Tags and attributes of a page, and the text outside of the stylesheet."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_is_one_safe_file_with_a_table_per_picture(
    two_camps: Path, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    run(two_camps, "--html", path)
    page = _Page(path.read_text())
    assert 'alert("x")' in page.text  # the hostile text is there, as text
    assert set(page.tags) & {"script", "img", "iframe", "object", "form", "link"} == set()
    assert page.tags.count("style") == 1
    names = {name for name, _ in page.attributes}
    assert [name for name in names if name.startswith("on") or name in ("style", "src")] == []
    assert "javascript:alert(1)" not in [v for k, v in page.attributes if k == "href"]
    assert page.tags.count("table") == page.tags.count("svg") + 1  # and one of all statements
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert "Statement number 28</bdi>" in path.read_text()
    assert "Statement number 29<" not in path.read_text()


def test_the_description_is_rendered_and_cleaned_as_on_the_web(tmp_path: Path) -> None:
    texts = "## Why\n\nThe *old* pier, see [the survey](https://example.org/s).\n\n- one\n- two\n"
    hostile = (
        '<script>alert("x")</script> [go](javascript:alert(1)) ![i](https://example.org/i.png)'
    )
    statements = tuple(PolisStatement(k, f"Statement {k}", 0, "accepted") for k in range(2))
    columns = [[0, 1], [0, 1], [1, -1]]
    export = PolisExport("Pier?", "", texts + hostile, statements, Votes(*columns))
    write_export(export, tmp_path / "pier")
    run(tmp_path / "pier", "--html", tmp_path / "map.html")
    html = (tmp_path / "map.html").read_text()
    assert '<div class="about" lang="" dir="auto"><h3>Why</h3>' in html
    assert "The <em>old</em> pier" in html
    assert (
        '<a href="https://example.org/s" rel="noopener noreferrer nofollow">the survey</a>' in html
    )
    assert "<li>one</li>" in html
    page = _Page(html)
    assert set(page.tags) & {"script", "img"} == set()
    assert [v for k, v in page.attributes if k == "href" and "javascript" in (v or "")] == []
    assert 'alert("x")' in page.text


def test_too_few_votes_are_reported_without_figures(tmp_path: Path) -> None:
    done = run(make_folder(tmp_path / "small"), "--html", tmp_path / "map.html")
    assert done.returncode == 0
    shown = squeezed(done.stdout)
    missing = "Missing: participants: 3 of 15; statements: 2 of 7."
    assert f"There are not enough votes for an opinion map yet. {missing}" in shown
    assert "Middle ground" not in shown
    page = _Page((tmp_path / "map.html").read_text())
    assert "Not enough votes for a map yet" in page.text
    # Three participants voted, so no figure about them is shown.
    assert "withheld" in page.text
    assert re.findall(r"\d+%", page.text.partition("All statements")[2])[:-1] == []


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"comments": None}, "There is no comments.csv in "),
        ({"votes": ""}, "votes.csv is empty; its first line must name the columns."),
        ({"votes": "a,b\n1,2\n"}, "votes.csv has no column comment-id and no column voter-id"),
    ],
)
def test_a_bad_folder_is_exit_code_2_and_one_message(
    tmp_path: Path, files: dict[str, str | None], message: str
) -> None:
    done = run(make_folder(tmp_path, **files))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert "Traceback" not in done.stderr


def test_no_folder(tmp_path: Path) -> None:
    done = run(tmp_path / "nowhere", "--json", tmp_path / "x.json")
    assert (done.returncode, done.stderr) == (2, f"There is no folder {tmp_path / 'nowhere'}.\n")
    assert not (tmp_path / "x.json").exists()


def test_bad_rows_are_reported_and_strict_stops_at_them(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, votes=VOTES + "1,x,0,13,7\n")
    reason = "votes.csv, line 9: the vote is '7', not -1, 0 or 1"
    lax, strict = run(folder), run(folder, "--strict")
    assert lax.returncode == 0
    assert lax.stderr == f"Left out or mended: 1\n  {reason}\n"
    assert (strict.returncode, strict.stdout) == (2, "")
    assert strict.stderr == f"Nothing was read:\n{reason}\n"


def test_an_unwritable_file_is_reported(two_camps: Path, tmp_path: Path) -> None:
    target = tmp_path / "missing" / "map.svg"
    done = run(two_camps, "--svg", target)
    assert done.returncode == 1
    assert done.stderr == f"Cannot write {target}: No such file or directory.\n"


@pytest.mark.parametrize("flags", [["--dimensions", "0"], ["--seed", "-1"], ["--agree-is", "left"]])
def test_a_wrong_option_is_exit_code_2(two_camps: Path, flags: list[str]) -> None:
    assert run(two_camps, *flags).returncode == 2


def test_the_sign_can_be_given(two_camps: Path) -> None:
    shown = squeezed(run(two_camps, "--agree-is", "minus").stdout)
    assert "Votes: told that -1 means agree." in shown
    assert "Middle ground: no statement is agreed by every group" not in squeezed(
        run(two_camps).stdout
    )


def test_it_needs_no_django_and_no_database(two_camps: Path) -> None:
    code = (
        "import sys; sys.argv = ['middleground', 'analyse', sys.argv[1]]\n"
        "from middleground.cli.app import main\n"
        "try:\n    main()\n"
        "finally:\n    print({m.split('.')[0] for m in sys.modules} & {'django', 'sqlite3'})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(two_camps)],
        capture_output=True, text=True, check=False, timeout=60,
        env=bare_environment(),
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "set()"


def test_a_real_conversation(tmp_path: Path) -> None:
    done = run(
        real_folder("vtaiwan.uberx"), "--html", tmp_path / "m.html", "--json", tmp_path / "m.json"
    )
    assert (done.returncode, done.stderr) == (0, "")
    facts = json.loads((tmp_path / "m.json").read_text())
    assert facts["diagnostics"]["participants"] == 1912
    assert facts["diagnostics"]["votes"] == 49348
    assert facts["status"] == "groups"
    ElementTree.fromstring(re.findall(r"<svg.*?</svg>", (tmp_path / "m.html").read_text())[0])
