"""Every answer has the same headers, whether Django or the vote route in front of it gives it."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from a2wsgi.wsgi import build_environ
from django.core.handlers.wsgi import WSGIRequest

from middleground.core.page.middleware import page_headers
from middleground.people.sign_in.budgets import network_name
from support.serving.asgi_client import post, server
from support.serving.servers import fill, outside_environment

ASK = """
import asyncio, json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
import django
django.setup()
from support.serving.asgi_client import ask
host = [(b"host", b"dialogue.example.org")]
found = {}
for name, path, method in [
    ("vote", "/d/harbour/vote", "POST"), ("page", "/d/harbour/", "GET"), ("none", "/nothing", "GET")
]:
    found[name] = dict(asyncio.run(ask(path, b"", host, method)).headers)
print(json.dumps(found))
"""


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        ("https://dialogue.example.org", "max-age=31536000; includeSubDomains; preload"),
        ("http://dialogue.example.org", None),
    ],
)
def test_all_answers_or_none_require_https(tmp_path: Path, origin: str, told: str | None) -> None:
    fill(tmp_path)
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        env=outside_environment(tmp_path, MIDDLEGROUND_ORIGIN=origin),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found = json.loads(asked.stdout)
    assert {name: headers.get("strict-transport-security") for name, headers in found.items()} == {
        "vote": told, "page": told, "none": told,
    }  # fmt: skip
    ours = {name.lower() for name in page_headers()}
    for headers in found.values():
        assert ours <= headers.keys()


def test_the_header_follows_djangos_settings(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 60
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = False
    assert page_headers()["Strict-Transport-Security"] == "max-age=60"
    settings.SECURE_HSTS_SECONDS = 0
    assert "Strict-Transport-Security" not in page_headers()


def test_an_underscore_of_a_visitor_does_not_hide_the_network_that_the_proxy_names(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Caddy passes ``X_Network`` on, and WSGI takes it for ``X-Network``."""
    settings.NETWORK_HEADER = "x-network"
    asgi, found = server(), list[str]()

    async def name_network(scope: Any, _: Any, send: Any) -> None:
        found.append(network_name(WSGIRequest(build_environ(scope, BytesIO()))))
        await send({"type": "http.response.start", "status": 200, "headers": []})

    monkeypatch.setattr(asgi, "pages", name_network)
    named = [(b"host", b"localhost"), (b"x-network", b"93.184.216.0")]
    both = [*named, (b"x_network", b"nothing")]
    post("/nothing", b"", named)
    post("/nothing", b"", both)
    monkeypatch.setattr(asgi, "without_underscores", lambda scope: scope)  # the control
    post("/nothing", b"", both)
    assert found == ["5db8d8", "5db8d8", ""]
