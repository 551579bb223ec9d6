"""Screen readers are told in which language a text is, where somebody's text is shown."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

from support.cast import carry, make_comment, make_dialogue, make_participant, make_statement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
SPANISH = "El barrio necesita más árboles y no otra calle."
ENGLISH = "The neighbourhood should have more trees and not a road."
TOLD = pytest.mark.parametrize(
    ("text", "told"), [(SPANISH, {' lang="es"'}), (ENGLISH, {""}), ("ICE", {""})]
)


def languages(page: str, text: str) -> set[str]:
    """What each element with a direction of its own says of the language of this text."""
    return set(re.findall(rf'dir="auto"( lang="\w+")?>{re.escape(text)}<', page))


@TOLD
def test_the_card_tells_the_language(text: str, told: set[str]) -> None:
    shown = {"slug": "harbour", "number": 1, "text": text, "origin": "seed"}
    assert languages(render_to_string("dialogues/card/statement.html", shown), text) == told


@TOLD
def test_pages_tell_the_language(client: Client, text: str, told: set[str]) -> None:
    dialogue = make_dialogue(statements=0, takes_comments=True)
    token, me = make_participant(dialogue)
    statement = make_statement(dialogue, 1, text, author=me, origin="participant")
    carry(client, token)
    make_comment(statement, text)
    for address in ("/d/harbour/s/1/", "/d/harbour/mine/"):
        page = client.get(address).content.decode()
        assert languages(page, text) == told, address
