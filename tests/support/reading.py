"""Read pages as a user does: their words and the addresses of their links."""

from __future__ import annotations

import re
from html import unescape

from django.http import HttpResponse
from django.test import Client


def words(client: Client, path: str) -> str:
    """The words of the page's main part, without tags."""
    return _words(_main(client, path))


def words_of(response: HttpResponse) -> str:
    """The words of an answer's main part, such as a form that was refused."""
    assert response.status_code == 200
    return _words(_main_of(response))


def _words(main: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main.split(">", 1)[1])).split())


def links(client: Client, path: str) -> list[str]:
    """The addresses of the links in the main part, in order."""
    return re.findall(r'href="([^"]*)"', _main(client, path))


def _main(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return _main_of(response)


def _main_of(response: HttpResponse) -> str:
    return response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
