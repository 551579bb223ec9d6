"""A server whose officials sign in by the provider of a city, as tests use it from outside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from support.serving.openid_provider import CLIENT, SECRET, Provider
from support.serving.servers import Server

SERVICE = """[[service]]
id = "{id}"
name = "{name}"
server_url = "{address}"
client_id = "{client}"
secret_file = "service.secret"
bodies = ["{body}"]
domains = ["city.example"]
"""
SERVICES = [
    ("city", "City of Example", "city-of-example"),
    ("county", "Example County", "example-county"),
]


def services_file(folder: Path, providers: list[Provider]) -> Path:
    """A file with a service for each provider."""
    secret = folder / "service.secret"
    secret.write_text(f"{SECRET}\n")
    secret.chmod(0o600)
    file = folder / "services.toml"
    entries = [
        SERVICE.format(id=id_, name=name, address=provider.address, client=CLIENT, body=body)
        for (id_, name, body), provider in zip(SERVICES, providers, strict=True)
    ]
    file.write_text("\n".join(entries))
    return file


@dataclass
class OfficialsSite:
    """A server, the city's provider, and the county's, which hangs."""

    server: Server
    city: Provider
    county: Provider
    file: Path

    @property
    def address(self) -> str:
        return self.server.address

    def begin(self, browser: requests.Session, service: str = "city", query: str = "") -> str:
        """Go to the service; return the address with which it sends the browser back."""
        sent = browser.get(
            f"{self.address}/accounts/openid/{service}/{query}", allow_redirects=False
        )
        assert sent.status_code == 302, sent.text
        back = requests.get(sent.headers["Location"], allow_redirects=False, timeout=20)
        return back.headers["Location"]

    def sign_in(
        self,
        name: str = "",
        browser: requests.Session | None = None,
        query: str = "",
        **claims: Any,
    ) -> requests.Response:
        """Sign in as somebody of the city; return the answer to the browser that came back."""
        person = {"sub": f"id of {name}", "email": f"{name}@city.example", "email_verified": True}
        self.city.claims = {**person, **claims}
        browser = browser or requests.Session()
        return browser.get(self.begin(browser, query=query), allow_redirects=False)

    def rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.server.data / "middleground.sqlite3")) as database:
            return database.execute(query, values).fetchall()

    def proof(self, name: str) -> str:
        """How the term at the post that is called by the name is verified."""
        ((proof,),) = self.rows(
            "SELECT a.proof FROM people_appointment a JOIN people_post p ON p.id = a.post_id"
            " WHERE p.title = ?",
            f"Post of {name}",
        )
        return str(proof)
