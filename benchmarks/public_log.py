"""What the public log costs for each vote: boxes, lines of lists, and their verification.

Usage: python benchmarks/public_log.py [VOTES], else 5,000. All on one core, in processor time. The
baseline of the same run: one SHA-256 of 64 bytes by ``hashlib``, called from Python.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from middleground.ledger.commitments.answer_proof import LinePlace, is_proved, prove
from middleground.ledger.commitments.commitment import ANSWERS, commit, sum_of
from middleground.ledger.commitments.group import ORDER
from middleground.ledger.files.vote_list import ListedVote, read_vote_list, write_vote_list
from middleground.ledger.merkle.ballot_box import DEPTH, fill
from middleground.ledger.merkle.box_file import BoxFile, write_box

ROOT = Path(__file__).resolve().parent.parent
LOG, DIALOGUE, STATEMENT = "host.example/ledger", "town", 1
SECOND = """
const { isProved } = await import(process.env.VERIFIER);
const { readFileSync } = await import("node:fs");
const raw = (text) => Uint8Array.from(Buffer.from(text, "base64"));
const held = ({ tag, proof, commitment }) => {
  const place = { log: "host.example/ledger", dialogue: "town", statement: "1", tag };
  if (!isProved(raw(proof), raw(commitment), place)) throw new Error("not proved");
};
const lines = JSON.parse(readFileSync(0, "utf8"));
held(lines[0]);
const begin = process.cpuUsage().user;
lines.forEach(held);
console.log((process.cpuUsage().user - begin) / 1e6 / lines.length);
"""


@contextmanager
def clock(what: str, count: int, found: dict[str, float]) -> Iterator[None]:
    begin = time.process_time()
    yield
    found[what] = (time.process_time() - begin) / count


def boxes(votes: int, found: dict[str, float]) -> None:
    seals = [secrets.token_bytes(32) for _ in range(votes)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "box"
        with clock("a vote in a box", votes, found), path.open("wb") as file:
            slots = secrets.SystemRandom().sample(range(1 << DEPTH), votes)
            write_box(fill(seals, slots), secrets.token_bytes(32), file)
        asked = seals[:: max(1, votes // 100)]
        with clock("a receipt's path", len(asked), found):
            assert all(BoxFile(path).find(seal) for seal in asked)
    with clock("a box without a vote", 1, found):
        write_box({}, secrets.token_bytes(32), BytesIO())


def lists(votes: int, found: dict[str, float]) -> list[ListedVote]:
    draw: Callable[[], int] = lambda: secrets.randbelow(ORDER)  # noqa: E731 -- as the host derives
    lines = []
    with clock("a line is made", votes, found):
        for number in range(votes):
            tag, answer, blinding = secrets.token_bytes(32), ANSWERS[number % 3], draw()
            proof = prove(answer, blinding, LinePlace(LOG, DIALOGUE, STATEMENT, tag), draw)
            lines.append(ListedVote(tag, "counted", commit(answer, blinding), proof))
    data = write_vote_list(DIALOGUE, STATEMENT, lines)
    found["bytes of a line"] = len(data) / votes
    with clock("a line is read", votes, found):
        read = read_vote_list(data, DIALOGUE, STATEMENT)
    with clock("a proof is verified", votes, found):
        for vote in read.votes:
            place = LinePlace(LOG, DIALOGUE, STATEMENT, vote.tag)
            assert is_proved(vote.proof, vote.commitment, place)
    with clock("a commitment is added", votes, found):
        sum_of(vote.commitment for vote in read.votes)
    return lines


def in_the_second_verifier(lines: list[ListedVote]) -> float | None:
    """Seconds for one proof in verify.mjs; None without Node."""
    from base64 import b64encode

    node = shutil.which("node")
    if node is None:
        return None
    sent = [
        {
            "tag": line.tag.hex(),
            "commitment": b64encode(line.commitment).decode(),
            "proof": b64encode(line.proof).decode(),
        }
        for line in lines[:300]
    ]
    done = subprocess.run(
        [node, "--input-type=module", "-e", SECOND],
        input=json.dumps(sent),
        env={"VERIFIER": (ROOT / "src/middleground/ledger/verify.mjs").as_uri()},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def main() -> None:
    votes = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    found: dict[str, float] = {}
    block = bytes(64)
    with clock("SHA-256", 200_000, found):
        for _ in range(200_000):
            hashlib.sha256(block).digest()
    boxes(votes, found)
    lines = lists(votes, found)
    found["a proof is verified by verify.mjs"] = in_the_second_verifier(lines) or float("nan")
    size, unit = found.pop("bytes of a line"), found["SHA-256"]
    print(f"{'':36} {'µs':>9} {'a second':>10} {'SHA-256s':>9}")
    for what, seconds in found.items():
        print(f"{what:36} {seconds * 1e6:9.1f} {1 / seconds:10.0f} {seconds / unit:9.0f}")
    print(f"bytes of a line: {size:.0f}")


if __name__ == "__main__":
    main()
