"""The sign-in services that a host trusts, from a TOML file. Needs no Django settings."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

WELL_KNOWN = "/.well-known/openid-configuration"
KEYS = {"id", "name", "server_url", "client_id", "secret_file", "bodies", "domains"}
MOST_LETTERS = 300
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_SLUG = re.compile(r"[-a-zA-Z0-9_]+\Z")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}\Z")


class BadServices(Exception):
    """The file cannot be used; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Service:
    """A sign-in service: of which bodies it verifies officials, with addresses of which domains."""

    id: str
    name: str
    server_url: str  # the issuer
    client_id: str
    secret: str = field(repr=False)
    bodies: frozenset[str]
    domains: frozenset[str]

    def speaks_for(self, email: str) -> bool:
        """Whether the address is of its domains; a domain below one of them is another."""
        return email.rpartition("@")[2].lower() in self.domains


def read_services(path: Path) -> tuple[Service, ...]:
    """The services in the file. Raises ``BadServices``."""
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
    except OSError as trouble:
        raise BadServices(f"{path} cannot be read: {trouble.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise BadServices(f"{path} is not TOML: {trouble}.") from None
    entries = content.get("service")
    if set(content) != {"service"} or not isinstance(entries, list) or not entries:
        raise BadServices(f"{path} must have a [[service]] for each sign-in service, and no more.")
    services = tuple(
        _service(entry, f"{path}, service {number}", path.parent)
        for number, entry in enumerate(entries, start=1)
    )
    ids = [service.id for service in services]
    if len(set(ids)) < len(ids):
        raise BadServices(f"{path}: two services have the same id.")
    return services


def _service(entry: object, where: str, folder: Path) -> Service:
    if not isinstance(entry, dict):
        raise BadServices(f"{where} must be a table: [[service]].")
    if strange := sorted(set(entry) - KEYS):
        raise BadServices(f"{where}: {', '.join(strange)}: no such key.")
    name = _text(entry, "name", where)
    return Service(
        id=_fitting(_text(entry, "id", where), _ID, "a-z, 0-9 and single hyphens", "id", where),
        name=name,
        server_url=_server_url(_text(entry, "server_url", where), where),
        client_id=_text(entry, "client_id", where),
        secret=_secret(folder / _text(entry, "secret_file", where), where),
        bodies=_all(entry, "bodies", _SLUG, "the end of a body’s address on /bodies/", where),
        domains=_all(entry, "domains", _DOMAIN, "a domain in small letters: city.example", where),
    )


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > MOST_LETTERS:
        raise BadServices(f"{where}: {key} must be a text of 1 to {MOST_LETTERS} letters.")
    return value.strip()


def _fitting(value: str, pattern: re.Pattern[str], wanted: str, key: str, where: str) -> str:
    if not pattern.match(value):
        raise BadServices(f"{where}: {key} has “{value}”, which is not {wanted}.")
    return value


def _all(
    entry: Mapping[str, Any], key: str, pattern: re.Pattern[str], wanted: str, where: str
) -> frozenset[str]:
    values = entry.get(key)
    if not isinstance(values, list) or not values or not all(isinstance(v, str) for v in values):
        raise BadServices(f"{where}: {key} must be a list of texts, and not empty.")
    return frozenset(_fitting(value, pattern, wanted, key, where) for value in values)


def _server_url(value: str, where: str) -> str:
    """The issuer. Only a service on this machine may do without https."""
    value = value.removesuffix(WELL_KNOWN).rstrip("/")
    try:
        parts = urlsplit(value)
        usable = bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
        safe = parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname))
    except ValueError:
        usable = safe = False
    if not usable or not safe:
        raise BadServices(f"{where}: server_url must be like https://login.city.example.")
    return value


def _is_here(host: str | None) -> bool:
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def _secret(path: Path, where: str) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise BadServices(f"{where}: others may open {path}. Run: chmod 600 '{path}'")
        secret = path.read_text().strip()
    except OSError as trouble:
        raise BadServices(f"{where}: {path} cannot be read: {trouble.strerror}.") from None
    except UnicodeDecodeError:
        secret = ""
    if not secret or not secret.isprintable():
        raise BadServices(f"{where}: {path} must hold the secret, in one line, and no more.")
    return secret
