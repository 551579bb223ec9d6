"""The checks of ``middleground doctor``: settings, machine, database, staff.

Settings are checked before Django reads them, because Django stops at the first invalid one.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from middleground.config import environment

LEAST_FREE_BYTES = 500_000_000
FOR_TESTS = {"MIDDLEGROUND_CHROMIUM"}


class Level(Enum):
    OK = "ok"
    ADVICE = "advice"
    MEND = "mend"


@dataclass(frozen=True, slots=True)
class CheckResult:
    level: Level
    subject: str
    message: str
    blocks: bool = False  # no further check is possible


CheckResults = Iterator[CheckResult]


def check_settings(local: bool) -> CheckResults:
    """Check environment variables and folders.

    ``local``: the installation is a trial on one machine.
    """
    from middleground.config.doctor.ledger import check_log_settings

    for check in (_origin, _debug):
        yield check(local)
    for check_one in (_time_zone, _map_seconds, _database_url, _names, _shown, _data, _free_disk):
        yield check_one()
    yield from check_log_settings()
    yield from check_keys(environment.keys_folder(), environment.data_folder())
    from middleground.config.doctor.disk import check_disk

    yield from check_disk(environment.data_folder(), environment.keys_folder())


def _origin(local: bool) -> CheckResult:
    name, value = environment.ORIGIN.name, environment.ORIGIN.read()
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and parts.hostname and not parts.path.strip("/")
    except ValueError:
        usable = False
    if not usable or not parts.hostname:
        message = f"{value} is not an address like https://dialogue.example.org."
        return CheckResult(Level.MEND, name, message, blocks=True)
    if _is_loopback(parts.hostname):
        message = f"{value} can be reached from this machine only."
        if local:
            return CheckResult(Level.OK, name, message)
        return CheckResult(Level.MEND, name, f"{message} Set it to the public address.")
    if parts.scheme == "http":
        message = "Without https, cookies and votes travel in the open. See docs/hosting.md."
        return CheckResult(Level.MEND, name, message)
    return CheckResult(Level.OK, name, value)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _debug(local: bool) -> CheckResult:
    name, value = environment.DEBUG.name, environment.DEBUG.read()
    if value == "0":
        return CheckResult(Level.OK, name, "Off.")
    if value == "1":
        message = "On: errors show the server's inside to everyone. Set it to 0."
        return CheckResult(Level.ADVICE if local else Level.MEND, name, message)
    return CheckResult(Level.MEND, name, f"{value!r} is neither 0 nor 1.")


def _time_zone() -> CheckResult:
    name, value = environment.TIME_ZONE.name, environment.TIME_ZONE.read()
    try:
        ZoneInfo(value)
    except (OSError, ValueError, LookupError):
        message = f"There is no time zone {value!r}. Use a name like Europe/Berlin."
        message += " If that is one: apt-get install tzdata."
        return CheckResult(Level.MEND, name, message, blocks=True)
    return CheckResult(Level.OK, name, value)


def _map_seconds() -> CheckResult:
    name, value = environment.MAP_SECONDS.name, environment.MAP_SECONDS.read()
    try:
        usable = 0 < float(value) < float("inf")
    except ValueError:
        usable = False
    if not usable:
        return CheckResult(Level.MEND, name, f"{value!r} is not a number of seconds above 0.", True)
    return CheckResult(Level.OK, name, value)


def _database_url() -> CheckResult:
    name = environment.DATABASE_URL.name
    url = environment.DATABASE_URL.read()
    try:
        environment.database(url, environment.data_folder())
    except (environment.Misconfigured, ValueError) as trouble:
        return CheckResult(Level.MEND, name, str(trouble), blocks=True)
    return CheckResult(
        Level.OK, name, "PostgreSQL." if url else "Empty: SQLite in the data folder."
    )


def _names() -> CheckResult:
    known = {setting.name for setting in environment.SETTINGS} | FOR_TESTS
    strange = sorted(
        name for name in os.environ if name.startswith("MIDDLEGROUND_") and name not in known
    )
    if strange:
        message = f"{', '.join(strange)}: no such setting, so it does nothing. A typing error?"
        return CheckResult(Level.ADVICE, "Names of settings", message)
    return CheckResult(Level.OK, "Names of settings", "All known.")


def _shown() -> CheckResult:
    missing = [
        setting.name
        for setting in (environment.HOST_NAME, environment.CONTACT)
        if not setting.read().strip()
    ]
    if missing:
        message = f"Not set: {', '.join(missing)}. People want to know who asks, and whom to ask."
        return CheckResult(Level.ADVICE, "Who hosts it", message)
    return CheckResult(Level.OK, "Who hosts it", environment.HOST_NAME.read())


def _data() -> CheckResult:
    folder = environment.data_folder()
    if not folder.is_dir():
        message = f"{folder} does not exist. The first start of the server makes it."
        return CheckResult(Level.MEND, "Data folder", message, blocks=True)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"written")
    except OSError as trouble:
        message = f"Nothing can be written into {folder}: {trouble.strerror}."
        return CheckResult(Level.MEND, "Data folder", message, blocks=True)
    return CheckResult(Level.OK, "Data folder", str(folder))


def _free_disk() -> CheckResult:
    folder = environment.data_folder()
    while not folder.exists():
        folder = folder.parent
    return judge_free_disk(shutil.disk_usage(folder).free)


def judge_free_disk(free: int) -> CheckResult:
    """``free``: bytes. A full disk refuses votes, because it could not store them."""
    said = f"{free / 1e9:.1f} GB free."
    if free < LEAST_FREE_BYTES:
        return CheckResult(Level.MEND, "Disk", f"{said} Free some: a full disk refuses votes.")
    return CheckResult(Level.OK, "Disk", said)


def check_keys(keys: Path, data: Path) -> CheckResults:
    """Check that only the owner can read the keys and that no backup of votes holds them."""
    subject = "Keys"
    if not keys.is_dir():
        yield CheckResult(
            Level.ADVICE, subject, f"{keys} does not exist. The first start makes it."
        )
        return
    for path in (keys, *sorted(keys.iterdir())):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            wanted = "700" if path == keys else "600"
            message = f"Others on this machine may open {path}. Run: chmod {wanted} '{path}'"
            yield CheckResult(Level.MEND, subject, message)
            return
    if keys.is_relative_to(data):
        message = (
            f"They lie inside the data folder. Whoever gets a backup of it could link cookies to "
            f"votes. Leave {keys} out of backups of the data, or set {environment.KEYS.name}."
        )
        yield CheckResult(Level.ADVICE, subject, message)
        return
    yield CheckResult(Level.OK, subject, f"{keys}, readable by their owner only.")


def check_installation(local: bool) -> CheckResults:
    """Check the database, the static files and the staff. Needs Django."""
    from middleground.config.doctor import database as inside
    from middleground.config.doctor.ledger import check_log

    for finding in inside.check_connection():
        yield finding
        if finding.blocks:
            return
    yield from inside.check_durability()
    yield from inside.check_static_files()
    yield from check_log()
    yield from inside.check_staff(local)
