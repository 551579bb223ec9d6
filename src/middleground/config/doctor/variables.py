"""The doctor's checks of environment variables.

They need no Django settings, because Django stops at the first setting that it cannot use.
"""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.core.checks import CheckMessage

from middleground.config import environment
from middleground.config.doctor.disk import check_disk
from middleground.config.doctor.folders import check_data_folder, check_shared_folder
from middleground.config.doctor.keys import check_keys
from middleground.config.doctor.messages import Messages, advice, critical, error, well
from middleground.config.doctor.sqlite import check_sqlite_version

FOR_TESTS = {"MIDDLEGROUND_CHROMIUM"}
MOST_DAYS = 365
NOT_SECONDS = "is not a number of seconds above 0."


def check_environment() -> Messages:
    """Check environment variables, folders and disk. Needs no Django settings."""
    for check in (_origin, _debug, _time_zone, _map_seconds, _database_url, _names, _shown):
        yield check()
    yield from _openid()
    yield _mail()
    yield _security_contact()
    yield _exit()
    if not environment.DATABASE_URL.read():
        yield from check_sqlite_version()
    yield from check_data_folder(environment.data_folder())
    yield from _shared_folders()
    yield from _log()
    yield from _patience()
    yield from _source_looks()
    yield from check_keys(environment.keys_folder(), environment.data_folder())
    yield from check_disk(environment.data_folder(), environment.keys_folder())


def _origin() -> CheckMessage:
    name, value = environment.ORIGIN.name, environment.ORIGIN.read()
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and parts.hostname and not parts.path.strip("/")
    except ValueError:
        usable = False
    if not usable or not parts.hostname:
        return critical(1, name, f"{value} is not an address like https://dialogue.example.org.")
    if _is_loopback(parts.hostname):
        message = f"{value} can be reached from this machine only."
        return error(2, name, message, "Set it to the public address.")
    if parts.scheme == "http":
        message = "Without https, cookies and votes travel in the open."
        return error(3, name, message, "See docs/hosting.md.")
    return well(4, name, value)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _debug() -> CheckMessage:
    name, value = environment.DEBUG.name, environment.DEBUG.read()
    if value == "0":
        return well(7, name, "Off.")
    if value == "1":
        message = "On: errors show the server's inside to everyone."
        return error(5, name, message, "Set it to 0.")
    return error(6, name, f"{value!r} is neither 0 nor 1.")


def _time_zone() -> CheckMessage:
    name, value = environment.TIME_ZONE.name, environment.TIME_ZONE.read()
    try:
        ZoneInfo(value)
    except (OSError, ValueError, LookupError):
        hint = "Use a name like Europe/Berlin. If that is one: apt-get install tzdata."
        return critical(8, name, f"There is no time zone {value!r}.", hint)
    return well(9, name, value)


def _map_seconds() -> CheckMessage:
    for setting in (environment.MAP_BEAT_SECONDS, environment.MAP_SECONDS):
        name, value = setting.name, setting.read()
        if not _is_seconds(value):
            return critical(10, name, f"{value!r} {NOT_SECONDS}")
    return well(11, name, value)


def _is_seconds(value: str) -> bool:
    try:
        return 0 < float(value) < float("inf")
    except ValueError:
        return False


def _database_url() -> CheckMessage:
    name = environment.DATABASE_URL.name
    url = environment.DATABASE_URL.read()
    try:
        environment.database(url, environment.data_folder())
        environment.ledger_folder()
        environment.sealed_folder()
        environment.copies_folder()
    except (environment.Misconfigured, ValueError) as trouble:
        return critical(12, name, str(trouble))
    return well(13, name, "PostgreSQL." if url else "Empty: SQLite in the data folder.")


def _shared_folders() -> Messages:
    for setting in (environment.LEDGER, environment.SEALED, environment.COPIES):
        if setting.read() and environment.DATABASE_URL.read():
            yield from check_shared_folder(setting.name, Path(setting.read()).resolve())


def _names() -> CheckMessage:
    subject = "Names of settings"
    known = {setting.name for setting in environment.SETTINGS} | FOR_TESTS
    strange = sorted(
        name for name in os.environ if name.startswith("MIDDLEGROUND_") and name not in known
    )
    if strange:
        message = f"{', '.join(strange)}: no such setting, so it does nothing."
        return advice(14, subject, message, "A typing error?")
    return well(15, subject, "All known.")


def _shown() -> CheckMessage:
    subject = "Who hosts it"
    missing = [
        setting.name
        for setting in (environment.HOST_NAME, environment.CONTACT)
        if not setting.read().strip()
    ]
    if missing:
        message = f"Not set: {', '.join(missing)}."
        return advice(
            16,
            subject,
            message,
            "People want to know who asks, and whom to ask. The desk can name the host, too.",
        )
    return well(17, subject, environment.HOST_NAME.read())


def _security_contact() -> CheckMessage:
    name, value = environment.SECURITY_CONTACT.name, environment.SECURITY_CONTACT.read().strip()
    try:
        contact = environment.security_contact(value)
    except (environment.Misconfigured, ValueError) as problem:
        return critical(96, name, str(problem))
    if not contact:
        message = "Not set: who finds a weakness cannot tell you, as there is no security.txt."
        return advice(97, name, message, "Set an e-mail address that somebody reads.")
    return well(98, name, f"{contact}, in /.well-known/security.txt.")


def _exit() -> CheckMessage:
    name, value = environment.EXIT.name, environment.EXIT.read().strip()
    try:
        address = environment.exit_address(value)
    except (environment.Misconfigured, ValueError) as problem:
        return critical(103, name, str(problem))
    return well(104, name, address or "Who leaves quickly sees the browser's blank page.")


def _log() -> Messages:
    """Check the settings of the public log."""
    name, value = environment.LEDGER_SECONDS.name, environment.LEDGER_SECONDS.read()
    if not _is_seconds(value):
        yield critical(23, name, f"{value!r} {NOT_SECONDS}")
    yield _witnesses()


def _patience() -> Messages:
    name, value = environment.PATIENCE_SECONDS.name, environment.PATIENCE_SECONDS.read()
    if not _is_seconds(value):
        yield critical(70, name, f"{value!r} {NOT_SECONDS}")


def _source_looks() -> Messages:
    """Check the settings of looks at sources. Whether any is reached, the next check tells."""
    name, value = environment.SOURCE_LOOKS.name, environment.SOURCE_LOOKS.read()
    if value not in {"0", "1"}:
        hint = "Write 1 to let the server call out, or 0."
        yield critical(92, name, f"{value!r} is neither 0 nor 1.", hint)
    name, value = environment.SOURCE_LOOK_DAYS.name, environment.SOURCE_LOOK_DAYS.read()
    if not (value.isascii() and value.isdigit() and 0 < int(value[:9]) <= MOST_DAYS):
        yield critical(93, name, f"{value!r} is not a number of days from 1 to {MOST_DAYS}.")


def _openid() -> Messages:
    """Check the file of sign-in services. Whether there are its bodies, the database tells."""
    try:
        environment.openid_services()
    except environment.Misconfigured as problem:
        yield critical(85, environment.OPENID.name, str(problem))


def _mail() -> CheckMessage:
    """Check the setting of e-mail. Whether the server takes any, the desk tells."""
    name, url = environment.MAIL.name, environment.MAIL.read()
    try:
        environment.mail(url, environment.MAIL_FROM.read().strip())
    except (environment.Misconfigured, ValueError) as problem:
        return critical(88, name, str(problem))
    return well(89, name, "Set." if url else "Empty: no e-mail is sent.")


def _witnesses() -> CheckMessage:
    from middleground.ledger.notes.keys import BadKey, read_verifier_key

    name = environment.WITNESSES.name
    try:
        found = environment.witnesses(environment.WITNESSES.read())
        for _, key in found:
            read_verifier_key(key)
    except (environment.Misconfigured, BadKey) as problem:
        return critical(24, name, str(problem))
    if not found:
        message = "Nobody else signs the public log."
        return advice(25, name, message, "Ask a newsroom or a critic: docs/ledger.md.")
    return well(26, name, f"{len(found)} asked to sign the public log.")
