"""A server with officials, whose city and county have sign-in services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from support.serving.officials import OfficialsSite, services_file
from support.serving.openid_provider import Provider, providing
from support.serving.servers import fill, serving

QUICK = """
from middleground.people.openid import fetching
fetching.ANSWER_SECONDS = 1.5
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficialsSite]:
    data = tmp_path_factory.mktemp("officials")
    with ExitStack() as stack:
        city, county = (stack.enter_context(providing()) for _ in range(2))
        file = services_file(tmp_path_factory.mktemp("services"), [city, county])
        fill(data, "officials_site")  # before the setting was made
        server = stack.enter_context(serving(data, before=QUICK, MIDDLEGROUND_OPENID=str(file)))
        yield OfficialsSite(server, city, county, file)


@pytest.fixture(autouse=True)
def well_behaved(request: pytest.FixtureRequest) -> Iterator[None]:
    """Undo what a test did to the city's provider."""
    yield
    if "site" in request.fixturenames:
        city: Provider = request.getfixturevalue("site").city
        fresh = Provider()
        for name in ("claims", "info", "sign", "answers", "hanging", "published", "asks"):
            setattr(city, name, getattr(fresh, name))
