"""The key of each dialogue, a file outside the database, and the keyed hash.

A key is made once, when its dialogue opens or somebody makes a code for it, and the database keeps
a check value of it. With another key the same person would be somebody else, and could vote twice:
so a key that is missing or another one is never made anew and never used.

Some time after the close a dialogue's key is destroyed (see ``privacy.retention``), and no new key
is made for that dialogue. Keyed hashes cannot be traced back with the database alone.

Of several processes, the one that destroys a key tells the others, which forget it; whoever misses
that finds it in the database within seconds (``forget_destroyed_keys`` of ``privacy.retention``).
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from middleground.core.keyfiles import destroy, read_or_create
from middleground.core.processes.notices import notices
from middleground.dialogues.models import CodeBatch, Dialogue, Participant

logger = logging.getLogger(__name__)


class KeyDestroyed(Exception):
    """The dialogue's key is destroyed, so pseudonyms can no longer be computed."""


class WrongKey(Exception):
    """The dialogue's key is missing in the folder, or is not the one that it began with."""


def make_key(dialogue_id: int) -> None:
    """Make the key of a dialogue that has none yet. Raises ``KeyDestroyed`` or ``WrongKey``."""
    key_bytes(dialogue_id)


def check_value(key: bytes) -> str:
    """What the database keeps of a key to know it again: 128 bits of a keyed hash of nothing."""
    mac = HMAC(key, SHA256())
    mac.update(b"check\0")
    return mac.finalize()[:16].hex()


def is_key_at_hand(dialogue: Dialogue) -> bool:
    """Whether the dialogue's key, if it ever had one, is in the folder. Creates nothing."""
    if not dialogue.key_check:
        return not _had_a_key(dialogue.pk) or key_file_exists(dialogue.pk)
    return is_key_in(Path(settings.KEYS), dialogue.pk, dialogue.key_check)


def is_key_in(folder: Path, dialogue_id: int, check: str) -> bool:
    """Whether the folder has the dialogue's key with this check value."""
    try:
        return check_value(_file(folder, dialogue_id).read_bytes()) == check
    except FileNotFoundError:
        return False


def keyed_hash(dialogue_id: int, purpose: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 with the dialogue's key, 32 bytes; ``purpose`` separates the uses.

    Raises ``KeyDestroyed`` or ``WrongKey``.
    """
    mac = _key_of(os.fspath(settings.KEYS), dialogue_id).started.copy()
    mac.update(purpose + b"\0" + message)
    return mac.finalize()


def key_bytes(dialogue_id: int) -> bytes:
    """The key itself. Raises ``KeyDestroyed`` or ``WrongKey``."""
    return _key_of(os.fspath(settings.KEYS), dialogue_id).key


def destroy_key_file(dialogue_id: int) -> None:
    """Destroy the dialogue's key, on disk and in this process. Raises ``OSError``.

    A tombstone is written first. Otherwise a power cut could leave a dialogue without a key and
    without a tombstone, and a new key would be made for it.
    """
    folder = Path(settings.KEYS)
    with _keys_lock:
        read_or_create(_tombstone(folder, dialogue_id), lambda: b"The key was destroyed.\n")
        _keys.pop((os.fspath(settings.KEYS), dialogue_id), None)
        destroy(_file(folder, dialogue_id))
    notices.tell(_TOPIC, str(dialogue_id))


def keys_in_memory() -> set[int]:
    """The dialogues whose key this process has in memory."""
    return {dialogue_id for _, dialogue_id in tuple(_keys)}


def forget_key(dialogue_id: int) -> None:
    """Remove the key from this process's memory. If it still exists, the next use reads it."""
    with _keys_lock:
        for known in [key for key in _keys if key[1] == dialogue_id]:
            del _keys[known]


def key_file_exists(dialogue_id: int) -> bool:
    return _file(Path(settings.KEYS), dialogue_id).exists()


def destroyed_keys() -> set[int]:
    """The ids of dialogues with a tombstone in the keys folder."""
    tombstones = Path(settings.KEYS).glob("dialogue-*.destroyed")
    numbers = [
        path.name.removeprefix("dialogue-").removesuffix(".destroyed") for path in tombstones
    ]
    return {int(number) for number in numbers if number.isascii() and number.isdigit()}


@dataclass(frozen=True, slots=True)
class _Key:
    """A dialogue's key, and an HMAC started with it: copying the HMAC is three times as fast."""

    key: bytes = field(repr=False)
    started: HMAC


_TOPIC = "key-destroyed"
_keys: dict[tuple[str, int], _Key] = {}
_keys_lock = threading.Lock()
_reported: set[str] = set()


def _key_of(folder: str, dialogue_id: int) -> _Key:
    """The key, kept in memory because each vote asks for it several times.

    Raises ``KeyDestroyed`` or ``WrongKey``.
    """
    known = _keys.get((folder, dialogue_id))
    if known is None:
        # Under the lock, so that no key stays in memory that is destroyed at the same time.
        with _keys_lock:
            if _is_destroyed(folder, dialogue_id):
                raise KeyDestroyed(dialogue_id)
            file = _file(Path(folder), dialogue_id)
            key = _read_or_make(file, dialogue_id)
            # Another process may have destroyed the key after the first look, and this one has
            # then made a new one.
            if _is_destroyed(folder, dialogue_id):
                destroy(file)
                raise KeyDestroyed(dialogue_id)
            known = _keys[folder, dialogue_id] = _Key(key, HMAC(key, SHA256()))
    return known


def _read_or_make(file: Path, dialogue_id: int) -> bytes:
    """Read the key and compare it with its check value; make both if there never was a key.

    Of two machines with folders of their own, which should share one, the second is refused.
    """
    row = Dialogue.objects.filter(pk=dialogue_id)
    check = row.values_list("key_check", flat=True).first()
    if not file.exists() and (check or _had_a_key(dialogue_id)):
        raise _wrong_key(file, "is missing")
    key = read_or_create(file, lambda: secrets.token_bytes(32))
    if not check:
        row.filter(key_check="").update(key_check=check_value(key))
        check = row.values_list("key_check", flat=True).first()
    if check and check != check_value(key):
        raise _wrong_key(file, "is not the key that the dialogue began with")
    return key


def _had_a_key(dialogue_id: int) -> bool:
    """Whether somebody needed the key before check values were kept."""
    of = {"dialogue_id": dialogue_id}
    return Participant.objects.filter(**of).exists() or CodeBatch.objects.filter(**of).exists()


def _wrong_key(file: Path, why: str) -> WrongKey:
    error = WrongKey(f"{file} {why}")
    if str(error) not in _reported:
        _reported.add(str(error))
        logger.error("%s. Nobody can take part until it is put back from its own backup.", error)
    return error


notices.on(_TOPIC, lambda dialogue_id: forget_key(int(dialogue_id)))


def _is_destroyed(folder: str, dialogue_id: int) -> bool:
    return _tombstone(Path(folder), dialogue_id).exists()


def _file(folder: Path, dialogue_id: int) -> Path:
    return folder / f"dialogue-{dialogue_id}.key"


def _tombstone(folder: Path, dialogue_id: int) -> Path:
    return folder / f"dialogue-{dialogue_id}.destroyed"
