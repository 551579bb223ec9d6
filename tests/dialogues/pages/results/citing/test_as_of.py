"""A dated address goes on telling what one map told, and nothing that the log does not tell."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dialogues.pages.results.test_map_page import page, store, with_map
from dialogues.pages.results.test_results import with_results
from disclosure.made_facts import Counts, made_facts
from middleground.dialogues.maps.publish import KEPT_MAPS, delete_old_maps
from middleground.dialogues.models import Dialogue, PastMap, Statement, StoredMap, Verb
from middleground.dialogues.results.citing.dated import CODE_LETTERS
from middleground.dialogues.results.open_data import map_document
from middleground.dialogues.results.published import newest_map
from middleground.evidence.exchange.files import read_file
from support.cast import make_dialogue, make_statement

pytestmark = pytest.mark.django_db
FIRST: dict[int, dict[str, Counts]] = {
    1: {"A": (40, 3, 7), "B": (33, 6, 8)},
    2: {"A": (2, 41, 7), "B": (38, 2, 7)},
    3: {"A": (40, 3, 7), "B": (3, 0, 0)},
}


@pytest.fixture(autouse=True)
def ledger(settings: Any, tmp_path: Path) -> Path:
    settings.LEDGER = tmp_path / "ledger"
    (settings.LEDGER / "documents").mkdir(parents=True)
    return settings.LEDGER


def logged(dialogue: Dialogue, folder: Path) -> StoredMap:
    """The newest map with its document as the log would have it."""
    published = newest_map(dialogue)
    assert published is not None
    document = map_document(published)
    hashed = sha256(document).hexdigest()
    (folder / "documents" / hashed).write_bytes(document)
    dialogue.maps.filter(pk=published.pk).update(document_hash=hashed)
    Dialogue.objects.filter(pk=dialogue.pk).update(revision=dialogue.revision + 1)
    return dialogue.maps.get(pk=published.pk)


def address(row: StoredMap, number: int = 1) -> str:
    return f"/d/harbour/s/{number}/as-of/{row.document_hash[:CODE_LETTERS]}/"


def newer(dialogue: Dialogue, counts: dict[int, dict[str, Counts]]) -> StoredMap:
    keys = dict(dialogue.statements.values_list("number", "pk"))
    facts = made_facts({keys[number]: groups for number, groups in counts.items()})
    return store(dialogue, facts, made_at=timezone.now() + timedelta(days=9))


def bars(text: str, key: str) -> list[str]:
    """The texts of one picture."""
    found = re.search(rf'<svg [^>]*aria-labelledby="{key}-title.*?</svg>', text, re.DOTALL)
    shown = re.findall(r"<text[^>]*>(.*?)</text>", found[0]) if found else []
    return [each.replace("\u00a0", " ") for each in shown]


def test_the_figures_stay_when_a_newer_map_comes(client: Client, ledger: Path) -> None:
    dialogue = with_map(FIRST)
    row = logged(dialogue, ledger)
    shown = bars(page(client, "/d/harbour/s/1/"), "rates")
    assert "80%, 70–90" in shown
    assert bars(page(client, address(row)), "then") == shown
    assert "This is the newest map." in page(client, address(row))
    newer(dialogue, {1: {"A": (10, 30, 10), "B": (9, 30, 8)}})
    text = page(client, address(row))
    assert bars(text, "then") == shown
    assert bars(text, "now") == bars(page(client, "/d/harbour/s/1/"), "rates") != shown
    assert "Newer maps have other figures" in text
    assert f'href="/ledger/documents/{row.document_hash}"' in text


def test_what_the_document_withholds_stays_withheld_under_any_minimum(
    client: Client, ledger: Path
) -> None:
    dialogue = with_map(FIRST)
    row = logged(dialogue, ledger)
    before = bars(page(client, address(row, 3)), "then")
    assert any("withheld" in each for each in before)
    Dialogue.objects.update(minimum_shown=12)
    assert bars(page(client, address(row, 3)), "then") == before
    # The control: computed anew by another minimum, the same map tells other things.
    assert bars(page(client, "/d/harbour/s/1/"), "votes") != []
    document = json.loads((ledger / "documents" / row.document_hash).read_bytes())
    assert document["minimum_shown"] == 5


def test_a_document_that_is_not_in_the_log_is_said_to_be_missing(
    client: Client, ledger: Path
) -> None:
    dialogue = with_map(FIRST)
    row = logged(dialogue, ledger)
    (ledger / "documents" / row.document_hash).unlink()
    from middleground.dialogues.results.citing import dated

    dated.document_of.cache_clear()
    text = page(client, address(row))
    assert "The figures of this map are not in the public log." in text
    assert bars(text, "then") == []


def test_a_statement_that_came_later_had_no_figures(client: Client, ledger: Path) -> None:
    dialogue = with_map(FIRST)
    row = logged(dialogue, ledger)
    make_statement(dialogue, 4)
    assert "had no published figures on this map" in page(client, address(row, 4))


def test_who_may_not(client: Client, ledger: Path) -> None:
    dialogue = with_map(FIRST)
    row = logged(dialogue, ledger)
    assert client.post(address(row)).status_code == 405
    for wrong in ("0" * CODE_LETTERS, row.document_hash[:4], row.document_hash, "x" * 12):
        assert client.get(f"/d/harbour/s/1/as-of/{wrong}/").status_code == 404, wrong
    assert client.get(address(row, 99)).status_code == 404
    other = make_dialogue("bridge")
    there = address(row).replace("harbour", "bridge")
    assert client.get(there).status_code == 404, other
    Statement.objects.filter(number=1, dialogue=dialogue).update(
        status="rejected", reason="spam", reviewed=True
    )
    assert client.get(address(row)).status_code == 404
    Dialogue.objects.update(state="draft")
    assert client.get(address(row, 2)).status_code == 404


def test_of_a_closed_dialogue_an_earlier_map_is_still_told(client: Client, ledger: Path) -> None:
    dialogue = with_map(FIRST)
    row = logged(dialogue, ledger)
    newer(dialogue, FIRST)
    StoredMap.objects.exclude(pk=row.pk).update(final=True)
    Dialogue.objects.update(state="closed", key_destroyed_on=timezone.localdate())
    assert "80%, 70–90" in bars(page(client, address(row)), "then")


def test_it_outlives_the_map_of_an_open_dialogue(client: Client, ledger: Path) -> None:
    dialogue = with_map(FIRST)
    row = logged(dialogue, ledger)
    unlogged = newer(dialogue, FIRST)
    StoredMap.objects.filter(pk=unlogged.pk).update(document_hash="f" * 64)
    for _ in range(KEPT_MAPS):
        newer(dialogue, FIRST)
    delete_old_maps(dialogue.pk)
    assert not StoredMap.objects.filter(pk__in=[row.pk, unlogged.pk]).exists()
    assert "80%, 70–90" in bars(page(client, address(row)), "then")
    # The control: of a map that never came into the log as a file nothing is kept.
    assert list(PastMap.objects.values_list("document_hash", flat=True)) == [row.document_hash]
    assert client.get(f"/d/harbour/s/1/as-of/{'f' * CODE_LETTERS}/").status_code == 404


def test_before_the_log_has_the_document_the_plain_address_is_cited(
    client: Client, ledger: Path
) -> None:
    row = logged(with_map(FIRST), ledger)
    (ledger / "documents" / row.document_hash).unlink()
    plain = "http://127.0.0.1:8000/d/harbour/s/1/"
    assert field(page(client, "/d/harbour/s/1/"), "cite-address") == plain


def test_of_a_merged_statement_it_leads_to_where_its_page_says_into_which(
    client: Client, ledger: Path
) -> None:
    dialogue = with_map(FIRST)
    row = logged(dialogue, ledger)
    one, two = dialogue.statements.order_by("number")[:2]
    Statement.objects.filter(pk=one.pk).update(status="merged", merged_into=two, reviewed=True)
    Dialogue.objects.update(revision=77)
    assert client.get(address(row))["Location"] == "/d/harbour/s/1/"


def field(text: str, name: str) -> str:
    value = re.search(rf'id="{name}"[^>]*value="([^"]*)"', text)
    area = re.search(rf'<textarea id="{name}"[^>]*>(.*?)</textarea>', text, re.DOTALL)
    found = value or area
    return html.unescape(found[1]) if found else ""


def test_a_statement_is_cited_with_figure_day_and_lasting_address(
    client: Client, ledger: Path
) -> None:
    dialogue = with_map(FIRST)
    row = logged(dialogue, ledger)
    text = page(client, "/d/harbour/s/1/")
    lasting = f"http://127.0.0.1:8000{address(row)}"
    day = timezone.localdate(row.made_at)
    assert field(text, "cite-address") == lasting
    assert field(text, "cite-plain").replace("\u00a0", " ") == (
        f"Port City ({day.year}). Statement 1: “Statement number 1.” In: What should the harbour"
        " be? Share that agrees, with the range in which it lies with 90% certainty: Group A"
        f" 80%, 70–90; Group B 70%, 60–81. As of {day:%Y-%m-%d} (not final). {lasting}"
    )
    for name in ("cite-bibtex", "cite-ris", "cite-csl"):
        (entry,) = read_file(field(text, name).encode())
        assert entry.problem == ""
        assert entry.values["authors"] == "Port City", name
        assert entry.values["address"] == lasting, name
        assert entry.values["published"] == f"{day:%Y-%m-%d}", name
        assert entry.values["title"].startswith("Statement 1: “Statement number 1.”"), name


def test_a_final_figure_is_cited_by_the_plain_address(client: Client) -> None:
    with_results()
    text = page(client, "/d/harbour/s/1/")
    assert field(text, "cite-address") == "http://127.0.0.1:8000/d/harbour/s/1/"
    assert "(final)" in field(text, "cite-plain")


def test_a_simulated_dialogue_says_so_in_each_reference(client: Client) -> None:
    with_results()
    Dialogue.objects.update(simulated=True)
    text = page(client, "/d/harbour/s/1/")
    assert field(text, "cite-plain").startswith("Example, all participants are simulated.")
    assert "simulated" in field(text, "cite-bibtex")


def test_without_figures_there_is_nothing_to_cite(client: Client) -> None:
    make_dialogue()
    assert 'id="cite"' not in page(client, "/d/harbour/s/1/")


def test_the_whole_result_is_cited_in_the_same_formats(client: Client) -> None:
    with_results()
    text = page(client, "/d/harbour/results/")
    assert "@misc{harbour-" in text
    for name in ("cite-ris", "cite-csl"):
        (entry,) = read_file(field(text, name).encode())
        assert entry.values["address"] == "http://127.0.0.1:8000/d/harbour/results/"


def test_a_removed_statement_is_cited_without_its_words(client: Client) -> None:
    dialogue = with_results()
    first = dialogue.statements.get(number=1)
    dialogue.staff_actions.create(
        statement=first, verb=Verb.REJECT, details={"after_result": True}, at=timezone.now()
    )
    Statement.objects.filter(number=1).update(
        status="rejected",
        reason="spam",
        reviewed=True,
        rejected_on=timezone.localdate(),
        text="Secret words.",
    )
    Dialogue.objects.update(revision=99)
    text = page(client, "/d/harbour/s/1/")
    assert "Removed by staff" in field(text, "cite-plain")
    assert "Secret words" not in text
