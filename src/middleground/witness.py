"""A witness for middleground's ledger, in one file: for a newsroom, a library, a critic.

A host's log could show one history to one reader and another to the next. A witness makes that
dangerous: it signs each state of the log that it sees, with the time, and only if that state
continues the one that it signed before. Readers then look for the witness's signature.

    python witness.py key newsroom.example        make a key; tells what to give to the host
    python witness.py trust LOG-KEY               the log's key, as its host printed it
    python witness.py watch https://host.example/ledger/     look every ten minutes, and sign
    python witness.py serve                       or let hosts ask, by C2SP tlog-witness

It needs Python 3.11 and the package ``cryptography``. It shares no code with middleground: it was
written from docs/ledger.md and the specifications at c2sp.org (signed-note, tlog-checkpoint,
tlog-cosignature, tlog-tiles, tlog-witness). What it knows lies in one folder:

    key                the witness's secret; nobody else may read it
    logs               keys of the logs that it watches, one a line
    seen/LOG           the latest checkpoint that it signed, of each log
    cosigned/LOG       the same with the witness's signature: publish it, or give it to readers
    forks/LOG-SIZE     two checkpoints that contradict each other

A signature is only sent or shown after ``seen`` is safely on disk.
"""

from __future__ import annotations

import argparse
import base64
import fcntl
import hashlib
import os
import re
import secrets
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NOTE, COSIGNATURE = b"\x01", b"\x04"
LONGEST = 1_000_000
SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
Fetch = Callable[[str], bytes | None]
Say = Callable[[str], None]


class NotSigned(Exception):
    """What the witness does not sign: a status of HTTP, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def tell(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


# ── Hashes, keys and notes ───────────────────────────────────────────────────────────────────────


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def from_base64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base64 in another spelling")
    return data


def key_id(name: str, material: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]


def key_line(name: str, material: bytes) -> str:
    return f"{name}+{key_id(name, material).hex()}+{base64.b64encode(material).decode()}"


def read_key(line: str) -> tuple[str, bytes]:
    """Name, and kind with public key. Raises ``ValueError``."""
    name, id_, text = line.strip().split("+", 2)
    material = from_base64(text)
    if not name or re.search(r"[\s\x00-\x1f]", name) or len(material) != 33:
        raise ValueError("this is no Ed25519 key of a log or a witness")
    if id_ != key_id(name, material).hex():
        raise ValueError("the key's id does not fit it")
    return name, material


def is_right(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@dataclass(frozen=True)
class Checkpoint:
    """A size and a root, and the note in which the log signed them."""

    origin: str
    size: int
    root: bytes
    text: str
    note: str


NOTHING = Checkpoint("", 0, hashlib.sha256(b"").digest(), "", "")


def open_checkpoint(data: bytes, name: str, material: bytes) -> Checkpoint:
    """A checkpoint that the log's key signed. Raises ``NotSigned`` 403."""
    try:
        text, signatures = _read_note(data)
        ours = [s for who, id_, s in signatures if (who, id_) == (name, key_id(name, material))]
        if not ours or not all(is_right(material[1:], s, text.encode()) for s in ours):
            raise ValueError("it is not signed by the log")
        origin, size, root64, rest = text.split("\n")
        root = from_base64(root64)
        if origin != name or rest or not SIZE.fullmatch(size) or len(root) != 32:
            raise ValueError("it is not a checkpoint of this log")
        if size == "0" and root != NOTHING.root:
            raise ValueError("a log without leaves has another root")
    except ValueError as problem:
        raise NotSigned(403, f"{problem}") from problem
    return Checkpoint(origin, int(size), root, text, data.decode())


def _read_note(data: bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """The text, and (name, key id, signature) of each line below it. Raises ``ValueError``."""
    whole = data.decode()
    head, gap, tail = whole.rpartition("\n\n")
    lines = tail.split("\n")
    if len(data) > LONGEST or re.search(r"[\x00-\x09\x0b-\x1f]", whole):
        raise ValueError("the note is too long or holds control characters")
    if not gap or lines.pop() != "" or not 0 < len(lines) <= 64:
        raise ValueError("the note has no signatures")
    signatures = []
    for line in lines:
        dash, name, text = line.split(" ")
        signed = from_base64(text)
        if dash != "—" or not name or re.search(r"[\s+]", name) or len(signed) < 5:
            raise ValueError("a signature line is wrong")
        signatures.append((name, signed[:4], signed[4:]))
    return head + "\n", signatures


# ── Does the log only grow? (RFC 6962, section 2.1.2; RFC 9162, section 2.1.4.2) ─────────────────


def continues(old: Checkpoint, new: Checkpoint, proof: list[bytes]) -> bool:
    """Whether ``proof`` shows that the new tree begins with all leaves of the old one."""
    if old.size == 0 or old.size == new.size:
        return not proof and (old.size == 0 or old.root == new.root)
    hashes = [old.root, *proof] if old.size.bit_count() == 1 else list(proof)
    if old.size > new.size or not proof:
        return False
    place, last = old.size - 1, new.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(beside, before), node_hash(beside, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and (before, after) == (old.root, new.root)


class Tiles:
    """Hashes of a log of ``size`` leaves, from its files (c2sp.org/tlog-tiles)."""

    def __init__(self, size: int, fetch: Fetch) -> None:
        self.size, self.fetch = size, fetch
        self.cache: dict[tuple[int, int], bytes] = {}

    def root(self, start: int, end: int) -> bytes:
        """The tree hash of leaves ``start`` to ``end - 1``."""
        count = end - start
        level = count.bit_length() - 1
        if count == 1 << level and start % count == 0:
            return self._stored(level - level % 8, start, count)
        middle = start + (1 << (count - 1).bit_length() - 1)
        return node_hash(self.root(start, middle), self.root(middle, end))

    def proof(self, old: int, start: int, end: int, known: bool) -> list[bytes]:
        if old == end:
            return [] if known else [self.root(start, end)]
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if old <= middle:
            return [*self.proof(old, start, middle, known), self.root(middle, end)]
        return [*self.proof(old, middle, end, False), self.root(start, middle)]

    def _stored(self, level: int, start: int, count: int) -> bytes:
        """From one tile: hashes of ``level``, a multiple of 8, over 2^level leaves each."""
        index, offset = divmod(start >> level, 256)
        hashes = self._tile(level // 8, index)
        many = count >> level
        part = [hashes[32 * i : 32 * i + 32] for i in range(offset, offset + many)]
        while len(part) > 1:
            part = [node_hash(*part[i : i + 2]) for i in range(0, len(part), 2)]
        return part[0]

    def _tile(self, level: int, index: int) -> bytes:
        if (level, index) not in self.cache:
            width = min(256, (self.size >> 8 * level) - 256 * index)
            number, rest = f"{index % 1000:03d}", index // 1000
            while rest:
                number, rest = f"x{rest % 1000:03d}/{number}", rest // 1000
            path = f"tile/{level}/{number}"
            data = self.fetch(path if width == 256 else f"{path}.p/{width}") or self.fetch(path)
            if not data or len(data) < 32 * width:
                raise NotSigned(502, f"the log does not have {path}, or not whole")
            self.cache[level, index] = data
        return self.cache[level, index]


# ── What the witness knows, on disk ──────────────────────────────────────────────────────────────


def write_whole(place: Path, data: bytes, mode: int = 0o644) -> None:
    """On disk, whole, before this returns: written aside, synced, renamed, folder synced."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=place.parent, prefix=".")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(aside).chmod(mode)
    Path(aside).replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One decision at a time, also between a serving and a watching process."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_key(folder: Path, name: str) -> str:
    """A new key for a new witness; the line that its readers need. Raises ``ValueError``."""
    if not name or re.search(r"[\s+\x00-\x1f]", name):
        raise ValueError("a witness's name is like a host's: newsroom.example")
    if (folder / "key").exists():
        raise ValueError(f"{folder} has a key already")
    write_whole(folder / "key", f"{name}\n{secrets.token_hex(32)}\n".encode(), 0o600)
    return own_key(folder)


def _secret(folder: Path) -> tuple[str, Ed25519PrivateKey]:
    if not (folder / "key").is_file():
        raise ValueError(f"{folder} has no key yet: make one first, with: key NAME")
    name, seed = (folder / "key").read_text("utf-8").split("\n")[:2]
    return name, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))


def own_key(folder: Path) -> str:
    name, secret = _secret(folder)
    return key_line(name, COSIGNATURE + secret.public_key().public_bytes_raw())


def trust(folder: Path, line: str) -> str:
    """Watch a log from now on; its name. Raises ``ValueError`` for another key of that name."""
    name, material = read_key(line)
    if material[:1] != NOTE:
        raise ValueError("this is a witness's key, not a log's")
    known = logs(folder)
    if known.setdefault(name, material) != material:
        raise ValueError(f"another key of {name} is trusted already")
    lines = "".join(key_line(*each) + "\n" for each in known.items())
    write_whole(folder / "logs", lines.encode())
    return name


def logs(folder: Path) -> dict[str, bytes]:
    place = folder / "logs"
    lines = place.read_text("utf-8").splitlines() if place.is_file() else []
    return dict(read_key(line) for line in lines if line.strip())


def _file_of(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()[:16]


def latest(folder: Path, origin: str, material: bytes) -> Checkpoint:
    place = folder / "seen" / _file_of(origin)
    return open_checkpoint(place.read_bytes(), origin, material) if place.is_file() else NOTHING


def cosign(folder: Path, new: Checkpoint, now: int) -> str:
    """The witness's signature line; the checkpoint is on disk as the latest before it is made."""
    write_whole(folder / "seen" / _file_of(new.origin), new.note.encode())
    name, secret = _secret(folder)
    signed = secret.sign(f"cosignature/v1\ntime {now}\n{new.text}".encode())
    public = COSIGNATURE + secret.public_key().public_bytes_raw()
    data = key_id(name, public) + now.to_bytes(8, "big") + signed
    line = f"— {name} {base64.b64encode(data).decode()}\n"
    write_whole(folder / "cosigned" / _file_of(new.origin), (new.note + line).encode())
    return line


def keep_fork(folder: Path, old: Checkpoint, new: Checkpoint, why: str) -> str:
    """What proves that the log was forked, kept and as text."""
    parts = ["The log was forked.", why, "The witness signed this before:", "", old.note]
    text = "\n".join([*parts, "The log's key signed this too:", "", new.note])
    write_whole(folder / "forks" / f"{_file_of(new.origin)}-{new.size}", text.encode())
    return text


# ── Deciding ─────────────────────────────────────────────────────────────────────────────────────


def add_checkpoint(folder: Path, body: bytes, now: int, say: Say = tell) -> str:
    """The answer to tlog-witness's request. Raises ``NotSigned`` with its status."""
    old_size, proof, note = _read_request(body)
    origin = note.partition(b"\n")[0].decode("utf-8", "replace")
    material = logs(folder).get(origin)
    if material is None:
        raise NotSigned(404, "this log is not watched here")
    new = open_checkpoint(note, origin, material)
    if old_size > new.size:
        raise NotSigned(400, "the old size is beyond the new one")
    with locked(folder):
        old = latest(folder, origin, material)
        if old_size != old.size:
            raise NotSigned(409, f"{old.size}")
        if not continues(old, new, proof):
            if old.size == new.size and old.root != new.root:
                say(keep_fork(folder, old, new, "Both have the same size, and other roots."))
                raise NotSigned(422 if proof else 409, f"{old.size}")
            raise NotSigned(422, "the log does not continue what was signed before")
        line = cosign(folder, new, now)
    say(f"signed: {origin}, {new.size} leaves")
    return line


def _read_request(body: bytes) -> tuple[int, list[bytes], bytes]:
    head, gap, note = body.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    old = re.fullmatch(r"old (0|[1-9][0-9]{0,18})", lines[0])
    try:
        proof = [from_base64(line) for line in lines[1:]]
    except ValueError:
        proof = [b""]
    if not gap or not old or len(proof) > 63 or any(len(part) != 32 for part in proof):
        raise NotSigned(400, "the request is not: old size, proof, empty line, checkpoint")
    return int(old[1]), proof, note


def look(folder: Path, fetch: Fetch, now: int, say: Say = tell) -> None:
    """Sign a log's newest checkpoint if it continues what was signed. Raises ``NotSigned``."""
    note = fetch("checkpoint")
    if note is None:
        raise NotSigned(502, "there is no log: the file “checkpoint” is missing")
    origin = note.partition(b"\n")[0].decode("utf-8", "replace")
    material = logs(folder).get(origin)
    if material is None:
        raise NotSigned(404, f"the key of {origin} is not known yet: add it, with: trust KEY")
    new = open_checkpoint(note, origin, material)
    with locked(folder):
        old = latest(folder, origin, material)
        if new.size < old.size:
            raise NotSigned(409, f"the log shows {new.size} leaves; {old.size} were signed before")
        tiles = Tiles(new.size, fetch)
        proof = tiles.proof(old.size, 0, new.size, True) if 0 < old.size < new.size else []
        if not continues(old, new, proof):
            _explain(folder, old, new, tiles, proof, say)
            raise NotSigned(422, "the log does not continue what was signed before")
        cosign(folder, new, now)
    say(f"signed: {origin}, {new.size} leaves")


def _explain(
    folder: Path, old: Checkpoint, new: Checkpoint, tiles: Tiles, proof: list[bytes], say: Say
) -> None:
    """Say whether it is proof of a fork, or files that fit neither checkpoint.

    It is proof where the log's own hashes lead from another old root to its newest one.
    """
    given = replace(old, root=tiles.root(0, old.size))
    if old.size == new.size:
        say(keep_fork(folder, old, new, "Both have the same size, and other roots."))
    elif continues(given, new, proof):
        shown = base64.b64encode(given.root).decode()
        say(keep_fork(folder, old, new, f"The newer log has, at {old.size} leaves, {shown}"))
    else:
        say("The log's files do not give its newest checkpoint. Nothing was signed.")


# ── Serving and watching ─────────────────────────────────────────────────────────────────────────


class Handler(BaseHTTPRequestHandler):
    """POST /add-checkpoint, and GET / with the witness's key. No address is written anywhere."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        key = own_key(cast("Server", self.server).folder)
        known = self.path == "/"
        words = f"A witness. Its key is\n{key}\nLogs ask at /add-checkpoint\n"
        self._answer(200 if known else 404, words if known else "there is nothing here\n")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint" or not length.isdecimal() or int(length) > LONGEST:
            self._let_pass(int(length) if length.isdecimal() else 0)
            self._answer(404 if self.path != "/add-checkpoint" else 413, "not here, or too long\n")
            return
        try:
            folder = cast("Server", self.server).folder
            body = self.rfile.read(int(length))
            self._answer(200, add_checkpoint(folder, body, int(time.time())))
        except NotSigned as problem:
            kind = "text/x.tlog.size" if problem.status == 409 else "text/plain; charset=utf-8"
            self._answer(problem.status, f"{problem}\n", kind)

    def _let_pass(self, length: int) -> None:
        """Read what is not wanted, within reason: who still sends hears no answer."""
        self.close_connection = True
        while 0 < length <= 10 * LONGEST and (part := self.rfile.read(min(length, 65_536))):
            length -= len(part)

    def _answer(self, status: int, words: str, kind: str = "text/plain; charset=utf-8") -> None:
        data = words.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing: who asks is nobody's business."""


class Server(ThreadingHTTPServer):
    def __init__(self, folder: Path, host: str, port: int) -> None:
        self.folder = folder
        super().__init__((host, port), Handler)


def serve(folder: Path, host: str, port: int) -> None:
    """Until stopped. Raises ``ValueError`` without a key."""
    key = own_key(folder)
    with Server(folder, host, port) as server:
        tell(f"This witness's key: {key}")
        tell(f"Logs ask at http://{host}:{server.server_address[1]}/add-checkpoint")
        server.serve_forever()


def fetch_from(address: str) -> Fetch:
    """Reads a log's files from its address, and from no other host."""

    class SameAddress(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:  # the caller gets the redirect's status
            return None

    opener = urllib.request.build_opener(SameAddress)
    # A site that speaks several languages answers in the first one, whatever machine asks.
    opener.addheaders.append(("Accept-Language", "en"))

    def fetch(path: str) -> bytes | None:
        try:
            with opener.open(address.rstrip("/") + "/" + path, timeout=30) as answer:
                return cast("bytes", answer.read(LONGEST))
        except urllib.error.HTTPError as problem:
            problem.close()
            if problem.code == 404:
                return None
            raise NotSigned(502, f"{path}: the log answered {problem.code}") from problem
        except (OSError, ValueError) as problem:
            raise NotSigned(502, f"the log cannot be reached: {problem}") from problem

    return fetch


def watch(folder: Path, address: str, every: int, once: bool) -> int:
    """Look again and again; the exit code. A log that does not continue ends the watch: 1."""
    own_key(folder)
    fetch = fetch_from(address)
    while True:
        try:
            look(folder, fetch, int(time.time()))
        except NotSigned as problem:
            sys.stderr.write(f"not signed: {problem}\n")
            if problem.status == 422 or once:
                return 1
        if once:
            return 0
        time.sleep(every)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path("witness"), help="what it knows")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("key", help="make a key").add_argument("name")
    commands.add_parser("trust", help="watch a log with this key").add_argument("log_key")
    serving = commands.add_parser("serve", help="answer logs that ask for a signature")
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8711)
    watching = commands.add_parser("watch", help="look at a log and sign what it shows")
    watching.add_argument("address")
    watching.add_argument("--every", type=int, default=600, help="seconds between two looks")
    watching.add_argument("--once", action="store_true", help="look once")
    chosen = parser.parse_args(words)
    try:
        if chosen.command == "key":
            tell(make_key(chosen.folder, chosen.name))
        elif chosen.command == "trust":
            tell(f"watched from now on: {trust(chosen.folder, chosen.log_key)}")
        elif chosen.command == "serve":
            serve(chosen.folder, chosen.host, chosen.port)
        else:
            return watch(chosen.folder, chosen.address, chosen.every, chosen.once)
    except (ValueError, OSError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
