"""A share that would reveal a small count is said to be withheld, and never drawn as one half."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from dialogues.pages.results.test_map_page import store
from disclosure.made_facts import made_facts
from middleground.dialogues.models import Dialogue, StoredMap
from middleground.dialogues.results.published import final_map
from middleground.engine.facts import Rate, Tally
from middleground.pictures import ENGLISH, rate_bars, rate_bars_table
from middleground.pictures.labels import share_withheld
from support.cast import make_dialogue, make_statement
from support.reading import words

pytestmark = pytest.mark.django_db

# The model's guess is 0.5 too low, so the share of A would reveal that fewer than five of its
# participants disagree.
HIDDEN = {"A": (60, 4, 4), "B": (33, 6, 8)}
BOTH_HIDDEN = {"A": (60, 4, 4), "B": (62, 3, 4)}
SHOWN = {"A": (40, 10, 7), "B": (33, 6, 8)}


@pytest.fixture
def dialogue() -> Dialogue:
    dialogue = make_dialogue(state="closed")
    keys = dict(dialogue.statements.values_list("number", "pk"))
    counts = {keys[1]: HIDDEN, keys[2]: BOTH_HIDDEN, keys[3]: SHOWN}
    store(dialogue, made_facts(counts, error=-0.5), final=True)
    return dialogue


def test_lists_say_that_shares_are_withheld(client: Client, dialogue: Dialogue) -> None:
    page = words(client, "/d/harbour/results/")
    assert "More than half agree in each group that can be told, 90% certain." in page
    assert "We do not show the shares: the numbers are too small." in page
    assert "We do not show how far apart they are: the numbers are too small." in page
    assert "More than half agree in each group, 90% certain. How sure?" in page
    assert "At least 50%" not in page  # the bar beside it says that it may be less
    assert "50%, between 0 and 100" not in page
    assert "50%, 0–100" not in page
    rows = page.split("Share that agrees, passes counted")[-1]
    assert "1 Statement number 1. withheld 55% 2 Statement number 2. withheld withheld" in rows


def test_map_and_results_count_statements_alike_and_say_why_some_wait(
    client: Client, dialogue: Dialogue
) -> None:
    counted = "1 of 4 statements have figures."
    make_statement(dialogue, 4)  # nobody has voted on it
    page = words(client, "/d/harbour/results/")
    assert "Statements 4" in page
    why = f"{counted} The others have too few votes that count, or their share would reveal"
    assert why in page
    assert "Which votes count?" in page
    assert why in words(client, "/d/harbour/map/")
    StoredMap.objects.update(final=False)
    Dialogue.objects.update(state="open")
    assert f"{counted} The others have too few votes that count so far" in words(
        client, "/d/harbour/map/"
    )


def test_where_none_waits_no_reason_is_given(client: Client) -> None:
    dialogue = make_dialogue(state="closed")
    keys = dict(dialogue.statements.values_list("number", "pk"))
    store(dialogue, made_facts({keys[n]: SHOWN for n in (1, 2, 3)}), final=True)
    for address in ("/d/harbour/results/", "/d/harbour/map/"):
        page = words(client, address)
        assert "Statement number 3." in page
        assert "statements have figures" not in page
        assert "Which votes count?" not in page


def test_open_data_leaves_withheld_shares_empty(client: Client, dialogue: Dialogue) -> None:
    data = json.loads(client.get("/d/harbour/results/map.json").content)
    assert [sorted(item["shares"]) for item in data["statements"]] == [["B"], [], ["A", "B"]]
    csv = client.get("/d/harbour/results/statements.csv").content.decode("utf-8-sig")
    first = csv.splitlines()[1].split(",")
    assert first[:6] == ["1", "Statement number 1.", "A", "open", "55", "64"]
    assert first[10:13] == ["", "", ""]


def test_a_withheld_share_does_not_make_a_statement_undecided(dialogue: Dialogue) -> None:
    published = final_map(dialogue)
    assert published is not None
    assert [published.statements[item.statement].number for item in published.undecided()] == []


def test_charts_draw_a_withheld_share_as_withheld() -> None:
    tally = Tally(60, 2, 2)
    hidden, shown = Rate("A", 0.5, 0.0, 1.0, tally), Rate("B", 0.5, 0.0, 0.99, tally)
    assert share_withheld(hidden, ENGLISH, 5) == "withheld: small numbers"
    assert share_withheld(shown, ENGLISH, 5) == ""
    svg = rate_bars([hidden, shown])
    assert svg.count("withheld: small numbers") == 2  # in the chart and in its description
    assert svg.count('class="pic-agree"') == 1
    assert [row[1] for row in rate_bars_table([hidden, shown]).rows] == [
        "withheld: small numbers", "50%",
    ]  # fmt: skip


@pytest.mark.parametrize(("minimum", "least"), [(5, 25), (20, 20)])
def test_no_more_people_voted_on_a_statement_than_took_part(
    client: Client, minimum: int, least: int
) -> None:
    """All 26 agree. Half a step for each answer that nobody gave made them 30, and 40."""
    dialogue = make_dialogue(minimum_shown=minimum)
    keys = dict(dialogue.statements.values_list("number", "pk"))
    store(dialogue, made_facts({keys[1]: {"A": (13, 0, 0), "B": (13, 0, 0)}}))
    page = words(client, "/d/harbour/s/1/")
    assert f"By at least {least} people." in page
