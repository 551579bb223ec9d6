"""Keeps the verifier in JavaScript running, and compares its reports with those of the first."""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from middleground.ledger import Report, verdict_of, verify
from middleground.ledger.notes.keys import VerifierKey

# The counts of both, the verdict, the open subjects, and the sentences of these.
Told = tuple[Counter[tuple[str, str]], bool, str, tuple[str, ...], list[str]]
TO_THE_WORD = (
    "text",
    "reason",
    "closing",
    "overdue",
    "list",
    "tag",
    "total",
    "withheld",
    "map",
    "document",
    "replaced",
    "promise",
    "receipt",
    "foreign",
    "site",
    "answers",
    "commitments",
    "rules",
    "evidence",
    "unchecked",
)
HERE = Path(__file__).resolve().parent
SCRIPT = HERE.parents[1] / "src/middleground/ledger/verify.mjs"


@cache
def running() -> SecondVerifier | None:
    """One verifier for all tests of a run; None without Node."""
    found = shutil.which("node")
    if found is None:
        return None
    started = SecondVerifier(found)
    atexit.register(started.close)
    return started


def needed() -> SecondVerifier:
    return running() or pytest.skip("No Node found; the second verifier is in JavaScript.")


class SecondVerifier:
    """Checks one folder after the other, because starting Node each time would be slow."""

    def __init__(self, node: str, script: Path = SCRIPT) -> None:
        self._process = subprocess.Popen(
            [node, str(HERE / "second_verifier.mjs"), str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def close(self) -> None:
        self._process.communicate(timeout=10)

    def verify(
        self,
        folder: Path,
        log_key: VerifierKey | None = None,
        witness_keys: list[VerifierKey] | None = None,
        **more: int,
    ) -> dict[str, Any]:
        """Its report of a folder; ``more`` are options of ``verify`` by their names there."""
        witnesses = None if witness_keys is None else [str(key) for key in witness_keys]
        log = None if log_key is None else str(log_key)
        request = {"folder": str(folder), "logKey": log, "witnessKeys": witnesses, **more}
        return self._asked(request)

    def compute(self, function: str, *values: Any) -> Any:
        """What ``second_verifier.mjs`` computes with the verifier's group."""
        return self._asked({"compute": function, "values": values})["computed"]

    def _asked(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "crashed" not in answer, answer["crashed"]
        return answer


def told_by_first(report: Report) -> Told:
    verdict = verdict_of(report)
    states = Counter((each.subject, each.state) for each in report.findings)
    words = [each.sentence for each in report.findings if each.subject in TO_THE_WORD]
    return states, verdict.green, verdict.sentence, verdict.meaning, words


def told_by_second(answer: dict[str, Any]) -> Told:
    states = Counter((each["subject"], each["state"]) for each in answer["findings"])
    words = [each["sentence"] for each in answer["findings"] if each["subject"] in TO_THE_WORD]
    return states, answer["green"], answer["sentence"], tuple(answer["meaning"]), words


def must_agree(
    second: SecondVerifier, folder: Path, *args: Any, now: datetime | None = None
) -> Report:
    """Assert that both verifiers report the same of every subject; return the first's report."""
    report = verify(folder, *args, now=now)
    more = {"now": int(now.timestamp() * 1000)} if now else {}
    assert told_by_second(second.verify(folder, *args, **more)) == told_by_first(report)
    return report
