"""``middleground doctor`` finds disks that lose confirmed writes, and misplaced backups."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import ERROR, INFO

from middleground.config.doctor.disk import check_backups, check_disk, judge_mount, mount_of

TABLE = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
30 22 0:25 / /run rw,nosuid - tmpfs tmpfs rw,size=1g
40 22 0:40 / /srv/shared\\040disk rw - nfs4 server:/export rw,vers=4.2
50 22 8:2 / /fast rw,noatime - ext4 /dev/sdb1 rw,nobarrier
60 22 8:3 / /srv/twice rw - nfs server:/a rw
61 60 8:3 / /srv/twice rw - xfs /dev/sdc1 rw
"""


@pytest.mark.parametrize(
    ("folder", "level", "words"),
    [
        ("/var/lib/middleground", INFO, "ext4, at /."),
        ("/running/data", INFO, "ext4, at /."),
        ("/run/data", ERROR, "in memory (tmpfs)"),
        ("/srv/shared disk/data", ERROR, "on a network disk (nfs4)"),
        ("/fast/data", ERROR, "mounted with nobarrier"),
        ("/srv/twice/data", INFO, "xfs, at /srv/twice."),
    ],
)
def test_each_kind_of_disk_is_reported(folder: str, level: int, words: str) -> None:
    finding = judge_mount(mount_of(Path(folder), TABLE))
    assert finding.level == level
    assert words in finding.msg


def test_a_library_that_disables_syncing_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found() -> list[str]:
        return [f.msg for f in check_disk(tmp_path, tmp_path) if "LD_PRELOAD" in f.msg]

    monkeypatch.delenv("LD_PRELOAD", raising=False)
    assert found() == []
    monkeypatch.setenv("LD_PRELOAD", "/usr/lib/libeatmydata.so")
    assert len(found()) == 1


def test_a_backup_beside_the_keys_is_found(tmp_path: Path) -> None:
    keys = tmp_path / "data" / "keys"
    keys.mkdir(parents=True)
    assert list(check_backups(keys)) == []
    (tmp_path / "middleground-2026-11-25.tar").touch()  # a folder further up is not beside the keys
    assert list(check_backups(keys)) == []
    for folder in (keys, keys.parent):
        backup = folder / "middleground-2026-11-25.tar"
        backup.touch()
        (finding,) = check_backups(keys)
        assert (finding.level, str(backup) in finding.msg) == (ERROR, True)
        backup.unlink()
