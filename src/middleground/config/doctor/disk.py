"""The doctor's checks of the file system: does it keep data that it reported as written?"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from django.core.checks import CheckMessage

from middleground.config.doctor.messages import Messages, error, well

SUBJECT = "Storage"
MOUNTS = Path("/proc/self/mountinfo")  # Linux
# On these, locks and syncs depend on another machine and its settings.
NETWORK = {
    "9p", "afs", "ceph", "cifs", "coda", "davfs", "fuse.ceph", "fuse.glusterfs", "fuse.rclone",
    "fuse.s3fs", "fuse.sshfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs",
    "vboxsf", "virtiofs",
}  # fmt: skip
MEMORY = {"tmpfs", "ramfs"}
# With these options a power cut can lose data even after a sync.
UNSAFE = {"nobarrier", "barrier=0", "nobarriers", "data=writeback"}
MAKES_SYNC_NOTHING = "eatmydata"


@dataclass(frozen=True, slots=True)
class Mount:
    """A file system's mount point, kind and options."""

    point: Path
    kind: str
    options: frozenset[str]


def check_disk(data: Path, keys: Path) -> Messages:
    if MOUNTS.is_file():
        yield judge_mount(mount_of(data, MOUNTS.read_text()))
    if MAKES_SYNC_NOTHING in os.environ.get("LD_PRELOAD", ""):
        message = "LD_PRELOAD makes syncing to disk do nothing: a power cut loses votes."
        yield error(35, SUBJECT, message, "Unset it.")
    yield from check_backups(keys)


def mount_of(folder: Path, table: str) -> Mount:
    """Find the file system that holds the folder in the kernel's table of mounts."""
    found = Mount(Path("/"), "unknown", frozenset())
    for line in table.splitlines():
        left, _, right = line.partition(" - ")
        fields, about = left.split(), right.split()
        point = Path(re.sub(r"\\(\d{3})", lambda match: chr(int(match[1], 8)), fields[4]))
        # Of two mounts at one point, the later one hides the earlier.
        if folder.is_relative_to(point) and point.is_relative_to(found.point):
            options = frozenset([*fields[5].split(","), *about[-1].split(",")])
            found = Mount(point, about[0], options)
    return found


def judge_mount(mount: Mount) -> CheckMessage:
    if mount.kind in NETWORK:
        message = f"The data folder is on a network disk ({mount.kind}): another machine may lose"
        message += " votes or locks that it has confirmed."
        return error(31, SUBJECT, message, "Use a disk of this machine.")
    if mount.kind in MEMORY:
        message = f"The data folder is in memory ({mount.kind}): a restart of the machine loses it."
        return error(32, SUBJECT, message)
    if unsafe := sorted(mount.options & UNSAFE):
        message = f"{mount.point} is mounted with {unsafe[0]}: a power cut may lose votes that were"
        message += " confirmed."
        return error(33, SUBJECT, message, "Take the option out.")
    return well(34, SUBJECT, f"{mount.kind}, at {mount.point}.")


def check_backups(keys: Path) -> Messages:
    """Warn of backups in or beside the folder of keys: both would be stolen together."""
    for folder in (keys, keys.parent):
        for backup in sorted(folder.glob("middleground-*.tar")):
            message = f"{backup} lies beside the keys: who takes both can link cookies to votes."
            yield error(36, "Backups", message, "Keep backups elsewhere.")
            return
