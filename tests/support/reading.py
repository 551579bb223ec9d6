"""Read pages as a user does: their words and the addresses of their links."""

from __future__ import annotations

import re

from django.test import Client


def words(client: Client, path: str) -> str:
    """The words of the page's main part, without tags."""
    main = _main(client, path).split(">", 1)[1]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def links(client: Client, path: str) -> list[str]:
    """The addresses of the links in the main part, in order."""
    return re.findall(r'href="([^"]*)"', _main(client, path))


def _main(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
