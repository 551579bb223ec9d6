"""``middleground analyse`` with attributes of participants: weights and ways of admission."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

# ruff: noqa: F811 -- a fixture is used by its name
from cli.analysis.test_analyse_command import run, squeezed, two_camps  # noqa: F401
from middleground.cli.analysis.margins import BadTable, read_attributes, read_margins


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """Every second participant of the first camp (of 40) is old, and none of the second (of 30)."""
    ages = ("old" if p < 40 and p % 2 else "young" for p in range(70))
    rows = [f"{p},{age},{'door' if p % 3 else ''}" for p, age in enumerate(ages)]
    return table(tmp_path / "known.csv", "participant,age,way", *rows)


def test_attributes_and_margins_are_read(tmp_path: Path, known: Path) -> None:
    attributes = read_attributes(known)
    assert attributes["age"].names == ("old", "young")
    assert attributes["way"].of(np.array([0, 1])).tolist() == [-1, 0]
    margins = table(tmp_path / "m.csv", "attribute,category,share", "age,old,0.4", "age,young,0.6")
    assert read_margins(margins, attributes).targets == {"age": {"old": 0.4, "young": 0.6}}


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("who,age", "1,old"), "no column 'participant'"),
        (("participant,age", "x,old"), "line 2: 'x' is no participant"),
        (("participant,age", "1,old", "1,young"), "listed twice"),
    ],
)
def test_bad_attributes_are_refused(tmp_path: Path, lines: tuple[str, ...], why: str) -> None:
    with pytest.raises(BadTable, match=why):
        read_attributes(table(tmp_path / "a.csv", *lines))


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("attribute,category", "age,old"), "no column 'share'"),
        (("attribute,category,share", "age,old,many"), "line 2: 'many' is no share"),
        (("attribute,category,share",), "has no shares"),
        (("attribute,category,share", "town,x,1"), "Nothing is known of participants' town"),
    ],
)
def test_bad_margins_are_refused(
    tmp_path: Path, known: Path, lines: tuple[str, ...], why: str
) -> None:
    with pytest.raises(BadTable, match=why):
        read_margins(table(tmp_path / "m.csv", *lines), read_attributes(known))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="cannot be read"):
        read_attributes(tmp_path / "none.csv")


def test_the_weighted_map_states_its_weights(tmp_path: Path, two_camps: Path, known: Path) -> None:
    shares = ("age,old,0.5", "age,young,0.5")
    margins = table(tmp_path / "m.csv", "attribute,category,share", *shares)
    out = tmp_path / "map.json"
    tables = ("--attributes", known, "--margins", margins, "--tier", "way")
    done = run(two_camps, *tables, "--json", out)
    assert done.returncode == 0, done.stderr
    said = squeezed(done.stdout)
    assert "Shares are weighted to given margins of age." in said
    assert "57 effective participants of 70 (design effect 1.23)" in said
    facts = json.loads(out.read_text("utf-8"))
    # 20 old and 50 young, half of the weight each: 70^2 / (20 (7/4)^2 + 50 (7/10)^2) = 57.14.
    assert facts["weighting"]["effective"] == pytest.approx(57.143)
    # The first camp has all 20 old and 20 of the 50 young.
    assert facts["weighting"]["group_shares"] == pytest.approx([0.7, 0.3], abs=1e-5)
    assert [c["name"] for c in facts["integrity"]["tiers"]] == ["", "door"]


def test_margins_with_too_small_an_effective_sample_are_refused(
    tmp_path: Path, two_camps: Path
) -> None:
    rows = (f"{p},{'old' if p < 2 else 'young'}" for p in range(70))
    known = table(tmp_path / "a.csv", "participant,age", *rows)
    head = "attribute,category,share"
    margins = table(tmp_path / "m.csv", head, "age,old,1", "age,young,0")
    done = run(two_camps, "--attributes", known, "--margins", margins)
    assert (done.returncode, done.stdout) == (2, "")
    assert "effective participants of 70" in done.stderr


def test_tables_that_do_not_fit_are_refused(tmp_path: Path, two_camps: Path, known: Path) -> None:
    alone = run(two_camps, "--margins", known)
    assert (alone.returncode, alone.stdout) == (2, "")
    assert "need --attributes" in alone.stderr
    wrong = run(two_camps, "--attributes", known, "--tier", "town")
    assert wrong.returncode == 2
    assert "There is no attribute 'town': age, way." in wrong.stderr


def test_findings_that_cannot_be_tested_are_counted(tmp_path: Path, two_camps: Path) -> None:
    rows = (f"{p},{'tent' if p < 6 else 'door'}" for p in range(70))
    known = table(tmp_path / "a.csv", "participant,way", *rows)
    out = tmp_path / "map.json"
    said = squeezed(run(two_camps, "--attributes", known, "--tier", "way", "--json", out).stdout)
    facts = json.loads(out.read_text("utf-8"))
    held = sum(item["holds"] for name in ("middle_ground", "divisive") for item in facts[name])
    # Without the door, six of the first camp remain and none of the second.
    assert held == 29
    assert "because too few would be left: 29." in said
