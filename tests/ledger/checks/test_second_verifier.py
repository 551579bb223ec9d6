"""The verifier in JavaScript reports the same of every folder as the one in Python.

``checking.check`` runs both, so every attack in the other tests is such a comparison too.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.checking import check, failing, rewrite
from ledger.second import SCRIPT, SecondVerifier, must_agree, needed
from ledger.tampering.kinds import said
from ledger.tampering.lists import first_line
from ledger.town import FIRST_BOX, KEY, LA, WITNESS, Close, Town, vote_of
from middleground.ledger import verdict_of, verify
from middleground.ledger.commitments import group
from middleground.ledger.files.publishing import publish_file
from middleground.ledger.records.proof_file import read_proof, write_proof

Mutation = Callable[[list[bytes], int, int], list[bytes]]
NASTY = [
    b"",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xc2\x85",
    b"\r",
    b" ",
    b"\x00",
    b"9" * 19,
    b"0",
    b"007",
]


def delete(lines: list[bytes], at: int, _: int) -> list[bytes]:
    return lines[:at] + lines[at + 1 :]


def double(lines: list[bytes], at: int, _: int) -> list[bytes]:
    return [*lines[: at + 1], *lines[at:]]


def swap(lines: list[bytes], at: int, other: int) -> list[bytes]:
    lines[at], lines[other] = lines[other], lines[at]
    return lines


def put(words: bytes) -> Mutation:
    def mutate(lines: list[bytes], at: int, other: int) -> list[bytes]:
        place = other % (len(lines[at]) + 1)
        return [*lines[:at], lines[at][:place] + words + lines[at][place:], *lines[at + 1 :]]

    return mutate


MUTATIONS: list[Mutation] = [delete, double, swap, *map(put, NASTY)]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_both_say_the_same_of_changed_lines(original: Town, data: st.DataObject) -> None:
    """Up to three changes in a row delete, double or exchange lines, or insert odd bytes."""
    second = needed()
    paths = sorted(path for path in original.folder.rglob("*") if path.is_file())
    touched: dict[Path, bytes] = {}
    try:
        for _ in range(data.draw(st.integers(1, 3))):
            path = data.draw(st.sampled_from(paths))
            touched.setdefault(path, path.read_bytes())
            lines = path.read_bytes().split(b"\n")
            places = st.integers(0, len(lines) - 1)
            mutate = data.draw(st.sampled_from(MUTATIONS))
            path.write_bytes(b"\n".join(mutate(lines, data.draw(places), data.draw(places))))
        own_keys = data.draw(st.booleans())
        keys = (None, None) if own_keys else (KEY.verifier, [WITNESS.verifier])
        must_agree(second, original.folder, *keys)
    finally:
        for path, before in touched.items():
            path.write_bytes(before)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_both_say_the_same_of_moved_and_missing_files(original: Town, data: st.DataObject) -> None:
    second = needed()
    paths = sorted(path for path in original.folder.rglob("*") if path.is_file())
    source, target = data.draw(st.sampled_from(paths)), data.draw(st.sampled_from(paths))
    contents = {path: path.read_bytes() for path in (source, target)}
    name = data.draw(st.sampled_from(["", "0", "300", "odd name", ".hidden", "é", "x"]))
    added = target.with_name(name) if name else target
    try:
        if data.draw(st.booleans()):
            source.unlink()
        if added in contents or not added.exists():
            added.write_bytes(contents[source])
        must_agree(second, original.folder, KEY.verifier, [WITNESS.verifier])
    finally:
        added.unlink(missing_ok=True)
        for path, before in contents.items():
            path.write_bytes(before)


RULES = [
    ("    if (!isProved(proof, commitment, place)) ", "    if (false) ", "list"),
    ("  if (!opensTo(list.sum, said)) ", "  if (false) ", "total"),
]


@pytest.mark.parametrize(("rule", "none", "subject"), RULES)
def test_a_verifier_without_a_rule_is_found_out(
    open_town: Town, tmp_path: Path, rule: str, none: str, subject: str
) -> None:
    """Known bad: with a rule less in its source the two verifiers disagree."""
    needed()
    close = Close(open_town)
    first_line(proof=lambda _: bytes(192))(close) if subject == "list" else said(
        1, agree=1, disagree=-1
    )(close)
    close.publish()
    text = SCRIPT.read_text("utf-8")
    assert text.count(rule) == 1
    (tmp_path / "bad.mjs").write_text(text.replace(rule, none), "utf-8")
    bad = SecondVerifier(shutil.which("node") or "", tmp_path / "bad.mjs")
    with pytest.raises(AssertionError):
        must_agree(bad, open_town.folder, KEY.verifier, [WITNESS.verifier])
    bad.close()
    assert set(failing(check(open_town))) == {subject}


def test_of_many_lines_a_sample_is_checked_and_the_finding_is_left_open(town: Town) -> None:
    """The sums are still recounted, and the verdict says how many proofs were checked."""
    keys = (KEY.verifier, [WITNESS.verifier])
    whole = needed().verify(town.folder, *keys)
    held = next(each["sentence"] for each in whole["findings"] if each["subject"] == "list")
    lines = int(held.split()[1])
    answer = needed().verify(town.folder, *keys, mostProofs=lines - 1, sample=5)
    found = next(each for each in answer["findings"] if each["subject"] == "list")
    assert found["state"] == "open"
    assert found["sentence"].startswith(f"Of {lines} counted lines of 5 vote lists 5 were drawn")
    assert found["sentence"] in answer["meaning"]
    assert (answer["green"], answer["sentence"]) == (True, whole["sentence"])
    exactly = needed().verify(town.folder, *keys, mostProofs=lines, sample=5)
    assert exactly["findings"] == whole["findings"]


@pytest.mark.parametrize(
    ("byte", "sample", "state"), [(0, 10_000, "fails"), (0, 0, "open"), (255, 0, "fails")]
)
def test_a_sample_that_has_the_false_line_finds_it(
    open_town: Town, byte: int, sample: int, state: str
) -> None:
    """Known bad: a line that is not drawn is not seen, unless its numbers are too large."""
    close = Close(open_town)
    first_line(proof=lambda _: bytes([byte] * 192))(close)
    close.publish()
    answer = needed().verify(open_town.folder, mostProofs=1, sample=sample)
    assert [e["state"] for e in answer["findings"] if e["subject"] == "list"] == [state]


def test_both_use_the_same_words_for_an_intact_folder(town: Town) -> None:
    report = verify(town.folder, KEY.verifier, [WITNESS.verifier])
    answer = needed().verify(town.folder, KEY.verifier, [WITNESS.verifier])
    assert [each["sentence"] for each in answer["findings"]] == [
        each.sentence for each in report.findings
    ]
    assert tuple(answer["meaning"]) == verdict_of(report).meaning


def test_its_sha_256_equals_pythons() -> None:
    """At every length around the block boundaries the hash equals Python's."""
    node = needed() and shutil.which("node")
    program = (
        f"const {{ sha256 }} = await import({json.dumps(SCRIPT.as_uri())});"
        "for (let n = 0; n < 300; n++) console.log("
        "Buffer.from(sha256(Uint8Array.from({ length: n }, (_, i) => (i * 7 + n) % 256)))"
        ".toString('hex'));"
    )
    done = subprocess.run(
        [str(node), "--input-type=module", "-e", program],
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [
        hashlib.sha256(bytes((i * 7 + n) % 256 for i in range(n))).hexdigest() for n in range(300)
    ]
    assert done.stdout.split() == expected


def run(*words: str) -> tuple[int, str, str]:
    node = needed() and shutil.which("node")
    done = subprocess.run(
        [str(node), str(SCRIPT), *words], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_it_runs_on_its_own_from_the_command_line(town: Town) -> None:
    keys = ("--key", str(KEY.verifier), "--witness-key", str(WITNESS.verifier))
    code, out, _ = run(str(town.folder), *keys)
    assert code == 0
    assert out.startswith("This log is as its host signed it, and every total that is opened")
    assert run(str(town.folder), *keys, "--all") == (code, out, "")
    rewrite(town, f"texts/{LA}/statements", "Statement 2; -in words.", "Other words.")
    code, out, _ = run(str(town.folder), *keys)
    assert code == 1
    assert out.startswith("Do not rely on this log: texts are not shown as they were logged.")
    code, out, _ = run(str(town.folder), "--json")
    assert (code, json.loads(out)["green"]) == (1, False)


def test_it_prints_its_usage() -> None:
    code, out, problem = run()
    assert (code, out) == (2, "")
    assert problem.startswith("Usage: node verify.mjs FOLDER")


def test_it_leaves_signatures_open_where_ed25519_is_not_known(town: Town) -> None:
    """As in an older browser, the verdict is not green, and not red for this reason alone."""
    node = needed() and shutil.which("node")
    program = (
        "const old = crypto.subtle.importKey.bind(crypto.subtle);"
        "crypto.subtle.importKey = async (format, key, kind, ...rest) => {"
        "  if (kind.name === 'Ed25519') throw new DOMException('no', 'NotSupportedError');"
        "  return old(format, key, kind, ...rest);"
        "};"
        f"const {{ readFolder, verify }} = await import({json.dumps(SCRIPT.as_uri())});"
        f"const files = await readFolder({json.dumps(str(town.folder))});"
        "console.log(JSON.stringify(await verify(files)));"
    )
    (town.folder / "receipts").mkdir()
    done = subprocess.run(
        [str(node), "--input-type=module", "-e", program],
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    states = {each["subject"]: each["state"] for each in answer["findings"]}
    assert (answer["green"], answer["sentence"]) == (False, "This log could not be checked.")
    assert {name for name, state in states.items() if state == "fails"} == set()
    assert [states[name] for name in ("signature", "witness", "promise")] == ["open"] * 3
    assert [states[name] for name in ("history", "total")] == ["holds"] * 2


def test_both_verifiers_compute_the_same_place_in_a_box(town: Town) -> None:
    """Both seal a vote from the same lines; with a changed nonce its box is not in the log."""
    data = town.receipt("mine", vote_of(3, 1), FIRST_BOX)
    states = {(each.subject, each.state) for each in check(town).findings}
    assert ("receipt", "holds") in states
    proof = read_proof(data)
    other = (proof.extra or b"").replace(vote_of(3, 1).client.hex().encode(), b"0" * 32)
    publish_file(town.folder, "receipts/mine", write_proof(replace(proof, extra=other)).decode())
    found = {each.subject: each.state for each in check(town).findings}
    assert (found["foreign"], "receipt" in found) == ("open", False)


def test_both_compute_the_same_points() -> None:
    """Points of hashes, their sums and multiples are libsodium's; RFC 9496, A.2: no encodings."""
    node = needed() and shutil.which("node")
    program = (
        f"const m = await import({json.dumps(SCRIPT.as_uri())});"
        "const hex = (bytes) => Buffer.from(bytes).toString('hex');"
        "const raw = (text) => Uint8Array.from(Buffer.from(text, 'hex'));"
        "const reads = (text) => { try { return hex(m.writePoint(m.readPoint(raw(text)))); }"
        " catch { return 'none'; } };"
        "const mapped = (each) => hex(m.writePoint(m.pointOfHash(raw(each))));"
        "const { readFileSync } = await import('node:fs');"
        "const { hashes, encodings } = JSON.parse(readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify([hashes.map(mapped), encodings.map(reads)]));"
    )
    texts = [f"point {n}".encode() for n in range(40)]
    points = [group.hash_to_point(text) for text in texts]
    encodings = [*points, *(bytes([n] * 32) for n in range(256)), *NO_POINTS, bytes(32)]
    asked = {
        "hashes": [hashlib.sha512(text).hexdigest() for text in texts],
        "encodings": [each.hex() for each in encodings],
    }
    done = subprocess.run(
        [str(node), "--input-type=module", "-e", program],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    of_hashes, read = json.loads(done.stdout)
    assert of_hashes == [point.hex() for point in points]
    assert read == [each.hex() if is_point(each) else "none" for each in encodings]
    assert not any(map(is_point, NO_POINTS))


P = 2**255 - 19
NO_POINTS = [
    number.to_bytes(32, "little")
    for number in (P, P + 1, P + 2, 2**255 - 1, 2**256 - 1, P - 1, P - 2, 3, 2**255 + 2)
]


def is_point(data: bytes) -> bool:
    try:
        group.read_point(data)
    except group.BadPoint:
        return False
    return True
