"""All settings that a host can change, in one list: name, default, meaning.

They come from environment variables. ``docs/settings.md`` documents them; a test compares both.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from middleground.core.keyfiles import read_or_create
from middleground.core.languages.offered import NoSuchLanguage, offered
from middleground.people.openid.services import BadServices, Service, read_services


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    default: str
    meaning: str

    def read(self) -> str:
        return os.environ.get(self.name, self.default)


DATA = Setting("MIDDLEGROUND_DATA", "data", "Folder for the database, static files and keys.")
KEYS = Setting(
    "MIDDLEGROUND_KEYS",
    "",
    "Folder for the keys; by default keys inside the data folder. Keep it out of backups.",
)
DATABASE_URL = Setting(
    "MIDDLEGROUND_DATABASE_URL",
    "",
    "postgresql://user:password@host:port/name for PostgreSQL; empty for SQLite.",
)
ORIGIN = Setting(
    "MIDDLEGROUND_ORIGIN",
    "http://127.0.0.1:8000",
    "The public address, scheme and host, without a path. https:// turns on HSTS.",
)
HOST_NAME = Setting("MIDDLEGROUND_HOST_NAME", "", "The hosting organization, shown on each page.")
CONTACT = Setting("MIDDLEGROUND_CONTACT", "", "An e-mail or web address for questions.")
SECURITY_CONTACT = Setting(
    "MIDDLEGROUND_SECURITY_CONTACT",
    "",
    "An e-mail or https address to which weaknesses are reported, told in security.txt.",
)
EXIT = Setting(
    "MIDDLEGROUND_EXIT",
    "",
    "An https address to which “Leave this page quickly” leads; empty: the browser's blank page.",
)
LANGUAGES = Setting(
    "MIDDLEGROUND_LANGUAGES",
    "",
    "Codes of the languages that readers may choose, such as en,es; empty: all there are.",
)
TIME_ZONE = Setting("MIDDLEGROUND_TIME_ZONE", "UTC", "Time zone of dates, such as Europe/Berlin.")
DEBUG = Setting("MIDDLEGROUND_DEBUG", "0", "1 shows tracebacks in the browser. Never on a server.")
MAP_SECONDS = Setting(
    "MIDDLEGROUND_MAP_SECONDS", "10", "Least seconds between two computations of one map."
)
MAP_BEAT_SECONDS = Setting(
    "MIDDLEGROUND_MAP_BEAT_SECONDS",
    "3600",
    "Seconds between two looks at the votes of a small dialogue whose host chose none.",
)
LEDGER_SECONDS = Setting(
    "MIDDLEGROUND_LEDGER_SECONDS", "3600", "Seconds between two boxes of the public log."
)
PATIENCE_SECONDS = Setting(
    "MIDDLEGROUND_PATIENCE_SECONDS", "20", "Seconds that a slow connection is waited for."
)
WITNESSES = Setting(
    "MIDDLEGROUND_WITNESSES",
    "",
    "Witnesses of the public log: address and verifier key of each, all with spaces between.",
)
LEDGER = Setting(
    "MIDDLEGROUND_LEDGER",
    "",
    "Folder for the public log, shared by several machines; by default inside the data folder.",
)
SEALED = Setting(
    "MIDDLEGROUND_SEALED",
    "",
    "Folder for the sealed votes of final maps; by default inside the data folder.",
)
COPIES = Setting(
    "MIDDLEGROUND_COPIES",
    "",
    "Folder for archived copies of sources; by default inside the data folder.",
)

SOURCE_LOOKS = Setting(
    "MIDDLEGROUND_SOURCE_LOOKS",
    "0",
    "1 lets the server look whether the addresses of sources answer: it then calls out.",
)
SOURCE_LOOK_DAYS = Setting(
    "MIDDLEGROUND_SOURCE_LOOK_DAYS", "7", "Days between two looks at an address that answers."
)

NETWORK_HEADER = Setting(
    "MIDDLEGROUND_NETWORK_HEADER",
    "",
    "A header in which the proxy names the visitor's truncated network, for rate limits.",
)

OPENID = Setting(
    "MIDDLEGROUND_OPENID",
    "",
    "A TOML file with the sign-in services of bodies, by which their officials sign in.",
)

MAIL = Setting(
    "MIDDLEGROUND_MAIL",
    "",
    "A server for e-mail: smtps://user:password@host:465, or smtp+starttls://…:587. Empty: none.",
)
MAIL_FROM = Setting("MIDDLEGROUND_MAIL_FROM", "", "The address that e-mail comes from.")

TRANSLATOR = Setting(
    "MIDDLEGROUND_TRANSLATOR",
    "",
    "A command or an https address of the host's own that translates texts; empty: people do.",
)
TRANSLATOR_TOKEN = Setting(
    "MIDDLEGROUND_TRANSLATOR_TOKEN", "", "A file with the token that the translating service asks."
)
TRANSLATOR_SHOWN = Setting(
    "MIDDLEGROUND_TRANSLATOR_SHOWN",
    "0",
    "1 shows what the program translated before a person has checked it.",
)

SETTINGS = (
    DATA, KEYS, DATABASE_URL, ORIGIN, HOST_NAME, CONTACT, SECURITY_CONTACT, EXIT, LANGUAGES,
    TIME_ZONE, DEBUG, MAP_SECONDS, MAP_BEAT_SECONDS, LEDGER_SECONDS, PATIENCE_SECONDS,
    WITNESSES, LEDGER, SEALED, COPIES, SOURCE_LOOKS, SOURCE_LOOK_DAYS, NETWORK_HEADER, OPENID,
    MAIL, MAIL_FROM, TRANSLATOR, TRANSLATOR_TOKEN, TRANSLATOR_SHOWN,
)  # fmt: skip


# The key of a dialogue, or the mark of one that was destroyed; and what the log's key has signed.
USED_KEYS = ("dialogue-*.key", "dialogue-*.destroyed", "ledger.signed-*")


_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\".]+", re.ASCII)


class Misconfigured(Exception):
    """A setting cannot be used; the message says which and what to do."""


def data_folder() -> Path:
    return Path(DATA.read()).resolve()


def keys_folder() -> Path:
    return Path(KEYS.read()).resolve() if KEYS.read() else data_folder() / "keys"


def ledger_folder() -> Path:
    return _shared_folder(LEDGER, "ledger")


def sealed_folder() -> Path:
    return _shared_folder(SEALED, "sealed")


def copies_folder() -> Path:
    return _shared_folder(COPIES, "copies")


def _shared_folder(setting: Setting, name: str) -> Path:
    """The folder that is set, or one in the data folder. Raises ``Misconfigured``.

    On SQLite nobody shares it, and a backup holds what is in the data folder.
    """
    if not setting.read():
        return data_folder() / name
    if not DATABASE_URL.read():
        raise Misconfigured(f"{setting.name} needs PostgreSQL; unset it.")
    return Path(setting.read()).resolve()


def forget_installation() -> None:
    """Unset where a real installation is, for the demo.

    It must not use that one's database, nor its keys, which are destroyed some time after a close.
    """
    for setting in (DATABASE_URL, KEYS, LEDGER, SEALED, COPIES, OPENID, MAIL, TRANSLATOR):
        os.environ[setting.name] = ""


def has_used_keys(folder: Path) -> bool:
    """Whether an installation has taken part with these keys, or signed with them."""
    return any(path for kind in USED_KEYS for path in folder.glob(kind))


_makes_nothing = False


def make_nothing() -> None:
    """For read-only commands: settings that are read after this call create no file."""
    global _makes_nothing  # Django reads its settings as a module, which takes no arguments
    _makes_nothing = True


def secret_key(folder: Path) -> str:
    """Return the installation's secret, created on first use."""
    if _makes_nothing and not (folder / "secret.key").exists():
        return secrets.token_urlsafe(48)
    make = lambda: secrets.token_urlsafe(48).encode()  # noqa: E731
    return read_or_create(folder / "secret.key", make).decode().strip()


def witnesses(value: str) -> list[tuple[str, str]]:
    """Parse the address and verifier key of each witness."""
    words = value.split()
    if len(words) % 2 or not all(w.startswith(("http://", "https://")) for w in words[::2]):
        raise Misconfigured(
            f"{WITNESSES.name} must be an address and a verifier key, for each witness."
        )
    return list(zip(words[::2], words[1::2], strict=True))


def security_contact(value: str) -> str:
    """Return the contact as the URI that RFC 9116 wants. Raises ``Misconfigured``."""
    if not value:
        return ""
    if _ADDRESS.fullmatch(value):
        return f"mailto:{value}"
    if re.fullmatch(r"https://[!-~]+", value) and urlsplit(value).hostname:
        return value
    raise Misconfigured(
        f"{SECURITY_CONTACT.name} must be an e-mail address, or an address with https://."
    )


def exit_address(value: str) -> str:
    """Return where who leaves quickly is led. Raises ``Misconfigured``.

    Not to this site, which would still be in the address.
    """
    parts = urlsplit(value)
    here = urlsplit(ORIGIN.read()).hostname
    if value and not (re.fullmatch(r"https://[!-~]+", value) and parts.hostname):
        raise Misconfigured(f"{EXIT.name} must be an address with https://.")
    if value and parts.hostname == here:
        raise Misconfigured(f"{EXIT.name} must lead to another site than this one.")
    return value


def languages() -> list[tuple[str, str]]:
    """Code and own name of each language of the site.

    Raise Misconfigured if the setting names a language that the interface does not have.
    """
    try:
        return offered(LANGUAGES.read())
    except NoSuchLanguage as trouble:
        raise Misconfigured(f"{LANGUAGES.name}: {trouble}.") from None


def openid_services() -> tuple[Service, ...]:
    """Return the sign-in services that are set. Raises ``Misconfigured``."""
    if not OPENID.read():
        return ()
    try:
        return read_services(Path(OPENID.read()).resolve())
    except BadServices as trouble:
        raise Misconfigured(f"{OPENID.name}: {trouble}") from None


# Scheme of the setting: Django's settings for it, and the usual port.
_MAIL_SCHEMES: dict[str, tuple[dict[str, object], int]] = {
    "smtps": ({"EMAIL_USE_SSL": True}, 465),
    "smtp+starttls": ({"EMAIL_USE_TLS": True}, 587),
    "smtp": ({}, 25),
}
_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


def mail(url: str, sender: str) -> dict[str, object]:
    """Return Django's settings of e-mail. Without a server nothing is sent."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if (
        parts.scheme not in _MAIL_SCHEMES
        or not parts.hostname
        or port == 0
        or parts.path.strip("/")
    ):
        raise Misconfigured(f"{MAIL.name} must look like smtps://user:password@host:465.")
    if parts.scheme == "smtp" and parts.hostname not in _THIS_MACHINE:
        raise Misconfigured(
            f"{MAIL.name} would send addresses unencrypted over a network. Use smtps:// or"
            " smtp+starttls://; smtp:// is for a server on this machine."
        )
    if not _ADDRESS.fullmatch(sender):
        raise Misconfigured(
            f"{MAIL_FROM.name} must be an e-mail address, such as news@host.example."
        )
    encryption, usual = _MAIL_SCHEMES[parts.scheme]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or usual,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_TIMEOUT": 30,
        "DEFAULT_FROM_EMAIL": sender,
        **encryption,
    }


def database(url: str, data: Path) -> dict[str, object]:
    """Return Django's database settings for a URL; if empty, for SQLite in the data folder."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": data / "middleground.sqlite3",
            # A file, as in production: in-memory databases lock tables and never wait for a lock.
            "TEST": {"NAME": data / "tests.sqlite3"},
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: an acknowledged vote survives a power cut, not only a killed process.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
                    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000;"
                    # Truncates the write-ahead log when it restarts; see sqlite_wal.py.
                    "PRAGMA journal_size_limit=0;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise Misconfigured(
            f"{DATABASE_URL.name} must look like postgresql://user:password@host:port/name."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": _socket_folder(parts.query) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Tells a process's own writes from those of others (core/processes/table_changes.py).
        "OPTIONS": {"application_name": f"middleground {secrets.token_hex(8)}"},
    }


def _socket_folder(query: str) -> str:
    """Return the value of ?host=/folder, the folder of a Unix socket."""
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name == "host":
            return unquote(value)
    return ""
