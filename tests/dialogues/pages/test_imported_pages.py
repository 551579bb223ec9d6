"""An imported dialogue names the origin of its votes and thanks nobody for taking part here."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from dialogues.exchange.test_polis import small_export
from middleground.dialogues.exchange.polis import import_conversation
from middleground.dialogues.maps import publish
from middleground.dialogues.models import Dialogue
from support.cast import make_dialogue
from support.reading import links, words

pytestmark = pytest.mark.django_db

FROM_ELSEWHERE = "The votes were given elsewhere, in the program Polis"
WHO_IS_COUNTED = (
    "We count everyone who voted on at least one shown statement. The file can hold more people."
)
HERE_ONLY = ("Thank you to everyone who took part.", "What is kept about you")


@pytest.fixture
def trees() -> Dialogue:
    return import_conversation(small_export(), "trees").dialogue


def test_an_imported_dialogue_names_its_origin_and_says_nothing_about_you(
    client: Client, trees: Dialogue
) -> None:
    page = words(client, "/d/trees/")
    assert "Where the votes come from" in page
    assert FROM_ELSEWHERE in page
    assert WHO_IS_COUNTED in page
    assert [text for text in HERE_ONLY if text in page] == []
    assert "/d/trees/mine/" not in links(client, "/d/trees/")
    assert "Imported" in words(client, "/")


def test_a_dialogue_of_our_own_names_no_other_origin(client: Client) -> None:
    make_dialogue(state="closed")
    page = words(client, "/d/harbour/")
    assert [text for text in HERE_ONLY if text not in page] == []
    assert FROM_ELSEWHERE not in page
    assert "Imported" not in words(client, "/")


def test_a_reopened_import_says_both(client: Client, trees: Dialogue) -> None:
    Dialogue.objects.update(state="open")
    page = words(client, "/d/trees/")
    assert FROM_ELSEWHERE in page
    assert "What is kept about you" in page


def test_results_and_data_card_name_the_origin(client: Client, trees: Dialogue) -> None:
    publish.finalise(trees.pk)
    page = words(client, "/d/trees/results/")
    assert FROM_ELSEWHERE in page
    assert WHO_IS_COUNTED in page
    assert json.loads(client.get("/d/trees/results/map.json").content)["imported"] is True
    card = client.get("/d/trees/results/data-card.md").content.decode()
    assert "The votes were given elsewhere, in Polis, and imported from its export." in card


def test_statements_rejected_before_the_import_are_counted_separately(
    client: Client, trees: Dialogue
) -> None:
    page = words(client, "/d/trees/moderation/")
    assert "The statements are imported." in page
    assert "was rejected before the import fewer than 5" in page
    make_dialogue()
    assert "before the import" not in words(client, "/d/harbour/moderation/")
