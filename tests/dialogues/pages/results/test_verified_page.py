"""What ``middleground verify`` reads on the real page of results is what the final map says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from dialogues.pages.results.test_results import with_results
from middleground.dialogues.maps import publish
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.results.open_data import map_document
from middleground.dialogues.results.published import final_map
from middleground.dialogues.texts.decisions import remove
from middleground.ledger.checks.site.findings import SiteFindings
from middleground.ledger.checks.site.results_page import compare_page
from middleground.ledger.files.json_document import read_json
from support.cast import make_dialogue, make_staff

pytestmark = pytest.mark.django_db


def compared(client: Client, dialogue: Dialogue, old: str = "", new: str = "") -> SiteFindings:
    """Compare the page, in which ``new`` is put in place of ``old`` once, with the final map."""
    published = final_map(dialogue)
    assert published
    document: dict[str, Any] = read_json(map_document(published))
    shown = client.get(f"/d/{dialogue.slug}/results/").content.decode()
    assert old in shown
    statements = dialogue.statements.exclude(status=Statement.Status.REJECTED)
    words = dict(statements.values_list("number", "text"))
    return compare_page(shown.replace(old, new, 1).encode(), document, words)


def test_a_page_with_findings(client: Client) -> None:
    found = compared(client, with_results())
    assert (found.wrong, found.unchecked) == ([], [])


def test_a_page_without_a_map(client: Client) -> None:
    dialogue = make_dialogue(state="closed")
    publish.finalise(dialogue.pk, LiveMaps())
    found = compared(client, dialogue)
    assert (found.wrong, found.unchecked) == ([], [])


def test_a_page_with_removed_words(client: Client) -> None:
    dialogue = with_results()
    remove(make_staff(), dialogue.statements.get(number=2), "unseen", "spam")
    found = compared(client, dialogue)
    assert found.wrong == []
    assert found.unchecked == ["words that the log does not show any more: 1"]


def test_findings_that_are_shown_otherwise(client: Client) -> None:
    dialogue = with_results()
    middle, divisive = "the list “The middle ground”", "the list “Where the groups disagree”"
    first = '<p class="finding-text"'
    assert compared(client, dialogue, "Statement number 1.</a>", "Another.</a>").wrong == [
        f"{middle} is not that of the final map"
    ]
    assert compared(client, dialogue, first, "<p").wrong == [
        f"{middle} is not that of the final map"
    ]
    swapped = compared(client, dialogue, "Statement number 2.</a>", "Statement number 1.</a>")
    assert swapped.wrong == [f"{divisive} is not that of the final map"]
    more = f"{first}>Statement number 2.</p>{first}"
    assert compared(client, dialogue, first, more).wrong == [
        f"{middle} is not that of the final map"
    ]
