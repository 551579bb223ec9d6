"""The doctor's checks of the data folder."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from pathlib import Path

from django.core.checks import CheckMessage

from middleground.config.backup import BEFORE_RESTORE, UNPACKED, unfinished
from middleground.config.doctor.messages import Messages, advice, critical, error, well

LEAST_FREE_BYTES = 500_000_000
LEAST_OPEN_FILES = 16_384
COPIES = "Archived copies"
MOST_NAMED = 5


def check_data_folder(folder: Path) -> Messages:
    """Check that the folder exists, can be written and has room."""
    yield _writable(folder)
    yield from _find_kept_states(folder)
    yield judge_file_limit(resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    while not folder.exists():
        folder = folder.parent
    yield judge_free_disk(shutil.disk_usage(folder).free)


def _writable(folder: Path) -> CheckMessage:
    subject = "Data folder"
    if not folder.is_dir():
        hint = "The first start of the server makes it."
        return critical(18, subject, f"{folder} does not exist.", hint)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"written")
    except OSError as trouble:
        message = f"Nothing can be written into {folder}: {trouble.strerror}."
        return critical(19, subject, message)
    return well(20, subject, str(folder))


def check_shared_folder(name: str, folder: Path) -> Messages:
    """Check a folder that several machines share. ``name``: of its setting."""
    if not folder.is_dir():
        hint = "Mount it: otherwise this machine makes one of its own."
        yield advice(76, name, f"{folder} does not exist.", hint)
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield error(77, name, f"Nothing can be written into {folder}.")


def _find_kept_states(folder: Path) -> Messages:
    """Find what ``restore`` set aside: people's deletions do not reach it any more."""
    for left in sorted(folder.glob(f"{UNPACKED}*")):
        message = f"{left} is left of a restore that was interrupted, with everyone's votes."
        yield advice(79, "Data folder", message, "Restore again, or delete it.")
    for left in unfinished(folder):
        message = f"{left} is a backup that is being written, or was when it was killed."
        hint = "It has everyone's votes. The next backup into this folder deletes it."
        yield advice(82, "Data folder", message, hint)
    for kept in sorted(folder.glob(f"{BEFORE_RESTORE}*")):
        message = f"{kept} is what a restore set aside, with everyone's votes of that time."
        hint = "Put it back as docs/hosting.md says under “Backups”, or delete it once all is well."
        yield advice(62, "Data folder", message, hint)


def judge_file_limit(most: int) -> CheckMessage:
    """``most``: how far the server may raise its limit of open files; -1 is without an end."""
    subject = "Open files"
    if 0 <= most < LEAST_OPEN_FILES:
        message = f"At most {most:,} at once, and half as many connections."
        return advice(66, subject, message, "Set LimitNOFILE=65536 in the service, or ulimit -Hn.")
    return well(67, subject, "As many as needed." if most < 0 else f"Up to {most:,} at once.")


def judge_free_disk(free: int) -> CheckMessage:
    """``free``: bytes. A full disk refuses votes, because it could not store them."""
    message = f"{free / 1e9:.1f} GB free."
    if free < LEAST_FREE_BYTES:
        return error(21, "Disk", message, "Free some: a full disk refuses votes.")
    return well(22, "Disk", message)


def check_copies() -> Messages:
    """Check that the copy of each source is there and is what was archived."""
    from middleground.evidence.copies import path_of, sound
    from middleground.evidence.models import Source

    hashes = Source.objects.exclude(copy_hash="").values_list("copy_hash", flat=True)
    wrong = [digest for digest in hashes.distinct().order_by("copy_hash") if not sound(digest)]
    for digest in wrong[:MOST_NAMED]:
        what = "is not what was archived" if path_of(digest).exists() else "is missing"
        hint = "Put it back from a backup, or upload it again at the source’s desk page."
        yield error(83, COPIES, f"{path_of(digest)} {what}.", hint)
    if len(wrong) > MOST_NAMED:
        yield error(83, COPIES, f"So are {len(wrong) - MOST_NAMED} others.")
    if not wrong and hashes.exists():
        yield well(84, COPIES, f"{hashes.distinct().count()}, all as they were archived.")
