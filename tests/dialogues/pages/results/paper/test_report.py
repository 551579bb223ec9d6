"""The report for paper: when it exists, what it tells, and that its figures are the results'."""

from __future__ import annotations

import html
import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dialogues.pages.results.test_map_page import page, store, with_map
from dialogues.pages.results.test_results import with_results
from disclosure.made_facts import Counts, made_facts
from middleground.dialogues.maps import publish
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.models import Dialogue
from middleground.dialogues.pages.results import report, results
from middleground.publiclog.publisher import publish_log
from support.cast import make_dialogue, make_member, make_participant

pytestmark = pytest.mark.django_db

REPORT, RESULTS = "/d/harbour/report/", "/d/harbour/results/"
_FINDING = re.compile(
    r'<p class="finding-text".*?<a [^>]*href="([^"]+)">(.*?)</a>.*?'
    r'<div class="finding-bars">(.*?)</div>\s*(?:<p class="finding-says">(.*?)</p>)?',
    re.DOTALL,
)


def listed(text: str) -> dict[tuple[str, str], tuple[str, list[str], str]]:
    """Words, texts of the bars and the sentence of each finding, by its list and its address."""
    found = {}
    for kind in ("middle-ground", "divisive"):
        for part in re.findall(
            rf'<ol class="findings findings-{kind}">(.*?)</ol>', text, re.DOTALL
        ):
            for address, words, bars, says in _FINDING.findall(part):
                figures = [
                    " ".join(each.split()) for each in re.findall(r"<text[^>]*>(.*?)<", bars)
                ]
                found[kind, address] = words, figures, " ".join(says.split())
    return found


def many(each: int) -> dict[int, dict[str, Counts]]:
    """So many statements of each kind, which differ: middle ground first, then divisive ones."""
    shared = {
        number: {"A": (40 - number % 9, 3 + number % 9, 7), "B": (38 - number % 5, 3, 6)}
        for number in range(1, each + 1)
    }
    split = {
        each + number: {"A": (2 + number % 3, 41, 7), "B": (39 - number % 4, 2, 6)}
        for number in range(1, each + 1)
    }
    return shared | split


def test_a_draft_has_no_report_and_no_one_may_send_to_it(client: Client) -> None:
    dialogue = make_dialogue(state="draft")
    assert client.get(REPORT).status_code == 404
    client.force_login(make_member(dialogue, "facilitator", "mo@example.org"))
    assert client.get(REPORT).status_code == 404
    Dialogue.objects.update(state="closed")
    assert client.get(REPORT).status_code == 200
    assert client.post(REPORT).status_code == 405


def test_before_a_map_it_says_that_there_is_nothing_to_report(client: Client) -> None:
    dialogue = make_dialogue(opens_at=timezone.now() + timedelta(days=1))
    assert "There is nothing to report yet" in page(client, REPORT)
    Dialogue.objects.update(opens_at=None)
    text = page(client, REPORT)
    assert "There is nothing to report yet" in text
    assert "<svg" not in text.partition("<main")[2]
    Dialogue.objects.filter(pk=dialogue.pk).update(state="closed")
    assert "The results are being computed" in page(client, REPORT)


def test_with_too_few_votes_it_says_so_and_tells_no_finding(client: Client) -> None:
    make_dialogue(state="closed", promise="We answer **all** of it.")
    publish.finalise(Dialogue.objects.get().pk, LiveMaps())
    text = page(client, REPORT)
    assert "Too few votes for a map" in text
    assert "fewer than\u00a05\u00a0people" in text
    assert "We answer <strong>all</strong> of it." in text
    assert listed(text) == {}


@pytest.mark.parametrize("each", [2, 14])
def test_each_figure_is_that_of_the_results(client: Client, each: int) -> None:
    with_results(many(each))
    whole, short = listed(page(client, RESULTS)), listed(page(client, REPORT))
    kinds = Counter(kind for kind, _ in whole)
    assert kinds["middle-ground"] == each
    assert kinds["divisive"] >= each
    cut = {kind: min(count, report.LISTED) for kind, count in kinds.items()}
    assert Counter(kind for kind, _ in short) == cut
    for key, (words, figures, says) in short.items():
        assert (words, figures) == whole[key][:2]
        assert figures, key
        assert says.startswith(whole[key][2])
    first = [key for key in whole if key[0] == "middle-ground"][: report.LISTED]
    assert [key for key in short if key[0] == "middle-ground"] == first


def test_another_figure_would_be_noticed(client: Client) -> None:
    """The control of the test above."""
    with_results()
    whole = page(client, RESULTS)
    assert "70–90" in whole
    assert listed(whole.replace("70–90", "71–90")) != listed(whole)


def test_cover_and_pictures_are_those_of_the_results(client: Client) -> None:
    with_results(many(14))
    whole, short = page(client, RESULTS), page(client, REPORT)
    for part in (
        r'<div class="summary".*?</div>',
        r'<dl class="results-numbers">.*?</dl>',
        r'<figure class="figure figure-statements">.*?</figure>',
        r'<figure class="figure figure-map">.*?</figure>',
    ):
        ((told,), (shown,)) = (re.findall(part, text, re.DOTALL) for text in (whole, short))
        assert shown == told


def shares(text: str) -> set[str]:
    return set(re.findall(r"\d+[\s\u00a0]%", text.partition("<main")[2]))


def test_it_tells_no_share_that_the_results_withhold(client: Client) -> None:
    small: dict[int, dict[str, Counts]] = {
        1: {"A": (40, 3, 7), "B": (4, 0, 0)},
        2: {"A": (2, 41, 7), "B": (38, 2, 7)},
    }
    dialogue = with_results(small)
    whole = page(client, RESULTS)
    assert "withheld" in whole
    assert shares(page(client, REPORT)) <= shares(whole)
    exact = dialogue.maps.get().facts.statements[0].groups[1]
    assert f"{round(100 * (exact.rate or 0))}%" not in shares(whole)


def test_an_open_dialogue_has_an_interim_report_that_says_so(client: Client) -> None:
    dialogue = with_map()
    text = page(client, REPORT)
    assert "Interim report of a dialogue" in text
    assert "Not the final result:" in text
    assert "http://127.0.0.1:8000/d/harbour/map/" in text
    assert "picked at random" not in text
    dialogue.maps.update(sampled=True)
    Dialogue.objects.update(revision=7)
    assert "picked at random" in page(client, REPORT)


def test_long_lists_say_where_the_rest_is(client: Client) -> None:
    with_results(many(14))
    text = page(client, REPORT)
    address = "http://127.0.0.1:8000/d/harbour/results/"
    told = re.findall(rf"The first 10 of (\d+). All: {address}", text)
    assert told[0] == "14"
    printed = re.findall(r"The first 10 of (\d+) are printed. All of them", page(client, RESULTS))
    assert printed == told
    assert len(told) == 2


def test_the_style_prints_as_much_as_the_page_says() -> None:
    from middleground.core.page.style_sheet import style_sheet

    css = style_sheet().decode()
    assert f".finding:nth-child(n + {results.PRINTED_FINDINGS + 1})" in css
    assert f"tr:nth-child(n + {results.PRINTED_ROWS + 1})" in css


@pytest.mark.usefixtures("keys")
def test_it_tells_the_head_of_the_log_and_the_maps_document(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.LEDGER, settings.SEALED = tmp_path / "ledger", tmp_path / "sealed"
    dialogue = with_results()
    assert "its fingerprint begins with" not in page(client, REPORT)
    dialogue.maps.update(document_hash="ab" * 32)
    checkpoint = publish_log()
    assert checkpoint is not None
    text = " ".join(page(client, REPORT).split())
    if checkpoint.size:
        assert f">{checkpoint.root.hex()[:16]}</code>" in text
    assert f">{'ab' * 32}</code>" in text


def test_promise_and_what_became_of_it(client: Client) -> None:
    with_results()
    text = html.unescape(page(client, REPORT))
    assert "The host did not write down what happens with the answers." in text
    assert "No concern was taken up so far" in text


def test_nothing_of_the_reader_is_in_it(client: Client) -> None:
    from middleground.dialogues.identity.cookie import COOKIE
    from middleground.dialogues.identity.tokens import write_token

    dialogue = with_map()
    before = page(client, REPORT)
    token, _ = make_participant(dialogue)
    client.cookies[COOKIE] = write_token(token)
    assert page(client, REPORT) == before


def test_a_map_of_the_future_changes_the_report_of_a_closed_dialogue_never(client: Client) -> None:
    dialogue = with_results()
    before = page(client, REPORT)
    keys = dict(dialogue.statements.values_list("number", "pk"))
    facts = made_facts({keys[1]: {"A": (5, 40, 5), "B": (5, 40, 5)}})
    store(dialogue, facts, made_at=timezone.now() + timedelta(hours=1))
    assert page(client, REPORT) == before
