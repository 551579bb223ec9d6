"""The site of which the tests request every address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from addresses.walking import Site, make_site
from middleground.publiclog.publisher import publish_log


@pytest.fixture
def site(db: None, keys: Path, settings: Any, tmp_path: Path) -> Site:
    settings.LEDGER, settings.COPIES = tmp_path / "ledger", tmp_path / "copies"
    settings.MAIL = "smtp://127.0.0.1:9"  # a server that is away
    settings.SECURITY_CONTACT = "mailto:safe@example.org"
    cache.clear()  # failed sign-ins of other tests
    site = make_site()
    publish_log()
    return site
