"""Every answer has the same headers, whether Django or the vote route in front of it gives it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from middleground.core.page.middleware import page_headers
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
