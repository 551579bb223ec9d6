"""The map page: its states and filters, its readers, and its database queries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from disclosure.made_facts import Counts, made_facts
from middleground.dialogues.identity import cookie, proofs, tokens
from middleground.dialogues.maps import publish, worker
from middleground.dialogues.models import Dialogue, Statement, StoredMap, Vote
from middleground.dialogues.pages.results.method import method_html
from middleground.dialogues.results import findings
from middleground.engine import MapFacts
from support.camps import add_voters
from support.cast import make_dialogue, make_participant, make_statement

pytestmark = pytest.mark.django_db

VIEWS = ("", "middle-ground/", "divisive/", "undecided/", "group/A/", "group/B/")


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


def store(dialogue: Dialogue, facts: MapFacts, **fields: Any) -> StoredMap:
    values = {
        "made_at": timezone.now(),
        "participants": facts.diagnostics.participants,
        "tiers": {"open": facts.diagnostics.participants},
        "data": facts.to_dict(),
    }
    return StoredMap.objects.create(dialogue=dialogue, **{**values, **fields})


def with_map(counts: dict[int, dict[str, Counts]] | None = None, **fields: Any) -> Dialogue:
    """A dialogue with a stored map; counts by statement number."""
    counts = counts or {
        1: {"A": (40, 3, 7), "B": (33, 6, 8)},
        2: {"A": (2, 41, 7), "B": (38, 2, 7)},
        3: {"A": (21, 21, 8), "B": (8, 9, 30)},
    }
    dialogue = make_dialogue(statements=len(counts), **fields)
    keys = dict(dialogue.statements.values_list("number", "pk"))
    store(dialogue, made_facts({keys[number]: groups for number, groups in counts.items()}))
    return dialogue


def page(client: Client, address: str = "/d/harbour/map/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def carry(client: Client, token: bytes) -> None:
    client.cookies[cookie.COOKIE] = tokens.write_token(token)


def test_a_draft_has_no_map(client: Client) -> None:
    with_map(state="draft")
    for view in VIEWS:
        assert client.get(f"/d/harbour/map/{view}").status_code == 404
    assert client.get("/d/harbour/map/newer/").status_code == 404


@pytest.mark.parametrize("view", VIEWS)
def test_each_filter_has_an_address_and_is_marked_as_current(client: Client, view: str) -> None:
    with_map()
    html = page(client, f"/d/harbour/map/{view}")
    (current,) = re.findall(r'href="([^"]+)" aria-current="page"', html)
    assert current == f"/d/harbour/map/{view}"


def test_an_unknown_group_is_not_found(client: Client) -> None:
    with_map()
    for label in ("C", "a", "AB"):
        assert client.get(f"/d/harbour/map/group/{label}/").status_code == 404


def test_the_map_is_read_only(client: Client) -> None:
    with_map()
    assert client.post("/d/harbour/map/").status_code == 405


def test_missing_participants_are_counted_in_steps(client: Client) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 13)
    publish.refresh_map(dialogue.pk)
    html = page(client)
    assert "Not enough votes for a map yet" in html
    assert "at least\u00a010 so far" in html
    said = re.sub(r"<[^>]*>", "", html[html.index("Not enough votes") :])  # the time is above
    assert "13" not in said


def test_a_map_without_groups_says_that_this_is_a_result(client: Client) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 40)
    Vote.objects.filter(participant__dialogue=dialogue).update(value=1)
    publish.refresh_map(dialogue.pk)
    html = page(client)
    assert "No distinct groups" in html
    assert "That is a result, not a failure" in html
    assert "Where the groups disagree" not in html
    assert page(client, "/d/harbour/map/middle-ground/").count('class="finding"') == 8


def test_a_dialogue_without_votes_has_no_map(client: Client) -> None:
    make_dialogue()
    assert "There is no map yet" in page(client)


def test_only_a_participants_own_position_is_shown(client: Client) -> None:
    dialogue = with_map()
    response = client.get("/d/harbour/map/")
    assert response.headers["Cache-Control"] == "no-cache"
    assert "You are here" not in response.content.decode()
    token, participant = make_participant(dialogue)
    for statement in dialogue.statements.all():
        Vote.objects.create(participant=participant, statement=statement, value=1)
    assert "You are here" not in page(client)
    carry(client, token)
    mine = client.get("/d/harbour/map/")
    assert "You are here" in mine.content.decode()
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in mine.headers["Vary"]
    assert "ETag" not in mine.headers


def test_a_participant_without_votes_has_no_position(client: Client) -> None:
    dialogue = with_map()
    carry(client, make_participant(dialogue)[0])
    assert "You are here" not in page(client)


def test_no_position_is_shown_after_the_close(client: Client) -> None:
    dialogue = with_map()
    token, participant = make_participant(dialogue)
    for statement in dialogue.statements.all():
        Vote.objects.create(participant=participant, statement=statement, value=1)
    carry(client, token)
    Dialogue.objects.update(state="closed")
    assert "You are here" not in page(client)


def test_an_unchanged_page_is_not_sent_again(client: Client) -> None:
    dialogue = with_map()
    first = client.get("/d/harbour/map/")
    again = client.get("/d/harbour/map/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    store(
        dialogue, made_facts({dialogue.statements.first().pk: {"A": (60, 9, 9), "B": (9, 60, 9)}})
    )  # type: ignore[union-attr]
    newer = client.get("/d/harbour/map/", headers={"If-None-Match": first.headers["ETag"]})
    assert newer.status_code == 200


def test_an_open_page_is_notified_of_a_newer_map(client: Client) -> None:
    dialogue = with_map()
    shown = dialogue.maps.get().pk
    address = f"/d/harbour/map/newer/?shown={shown}"
    assert address in page(client)
    same = client.get(address)
    assert (same.status_code, "HX-Trigger" in same.headers) == (204, False)
    unchanged = client.get(address, headers={"If-None-Match": same.headers["ETag"]})
    assert unchanged.status_code == 304
    store(dialogue, dialogue.maps.get().facts)
    newer = client.get(address, headers={"If-None-Match": same.headers["ETag"]})
    assert (newer.status_code, newer.headers["HX-Trigger"]) == (204, "newer-map")


def test_htmx_gets_only_the_body_of_the_page(client: Client) -> None:
    with_map()
    response = client.get(
        "/d/harbour/map/", headers={"HX-Request": "true", "HX-Target": "map-body"}
    )
    html = response.content.decode()
    assert html.lstrip().startswith('<div id="map-body"')
    assert "<html" not in html
    assert "HX-Target" in response.headers["Vary"]


def test_a_rejected_statement_disappears_at_once(client: Client) -> None:
    dialogue = with_map()
    assert "Statement number 1." in page(client)
    Statement.objects.filter(dialogue=dialogue, number=1).update(
        status="rejected", reviewed=True, reason="personal_data"
    )
    Dialogue.objects.filter(pk=dialogue.pk).update(revision=1)  # as every staff action does
    for view in VIEWS:
        assert "Statement number 1." not in page(client, f"/d/harbour/map/{view}")


SMALL = {
    1: {"A": (61, 3, 2), "B": (52, 4, 1)},
    2: {"A": (61, 3, 2), "B": (2, 1, 1)},
    3: {"A": (1, 57, 3), "B": (52, 4, 1)},
}  # fmt: skip


def test_no_page_shows_a_count_below_the_minimum(client: Client) -> None:
    dialogue = with_map(SMALL)
    exact = {str(n) for groups in SMALL.values() for counts in groups.values() for n in counts}
    for view in VIEWS:
        html = page(client, f"/d/harbour/map/{view}")
        numbers = re.findall(r"(\d+)\s(?:people|participants)", html.replace("\u00a0", " "))
        assert all(int(n) % 5 == 0 for n in numbers)
    for statement in dialogue.statements.all():
        html = page(client, statement.get_absolute_url()).replace("\u00a0", " ")
        numbers = re.findall(r"(\d+) people", html)
        assert all(int(n) % 5 == 0 for n in numbers)
    assert exact >= {"1", "2", "3", "4"}
    # Four of group B voted on statement 2, so picture, table and reference withhold its share. They
    # do not say that fewer than five voted, which the same words would say of nine.
    two = dialogue.statements.get(number=2)
    html = page(client, two.get_absolute_url()).replace("\u00a0", " ")
    assert html.count("withheld: small numbers") == 4
    assert cells_of_votes(html)["Group B"] == ["fewer than 5"] * 3


def cells_of_votes(html: str) -> dict[str, list[str]]:
    """The first table's cells by the name of its row."""
    rows = re.findall(r"<th scope=\"row\" dir=\"auto\">(.*?)</th>(.*?)</tr>", html, re.DOTALL)
    found = {name: re.findall(r">([^<]*)</td>", rest) for name, rest in rows[:3]}
    return {name: [cell.replace("\u00a0", " ") for cell in cells] for name, cells in found.items()}


def test_counts_are_shown_as_their_bands(client: Client) -> None:
    dialogue = with_map(SMALL)
    one = dialogue.statements.get(number=1)
    # 61, 3 and 2 in group A are published as 55 to 64, 0 to 4 and, beside B's 4, 0 to 9.
    assert cells_of_votes(page(client, one.get_absolute_url()))["Group A"] == [
        "55–64", "fewer than 5", "fewer than 10",
    ]  # fmt: skip


@pytest.mark.parametrize("statements", [3, 9])
def test_the_page_takes_eight_queries_and_then_six(
    client: Client, statements: int, django_assert_num_queries: Any
) -> None:
    counts: dict[int, dict[str, Counts]] = {
        n: {"A": (40, 30, 7), "B": (38, 20, 7)} for n in range(1, statements + 1)
    }
    with_map(counts)
    # Dialogue, head of the newest map, statements, map, of which the last two are cached
    # afterwards; topics; and for each of two lists whether anything became of it.
    with django_assert_num_queries(8):
        page(client)
    with django_assert_num_queries(6):
        page(client)
    with django_assert_num_queries(3):
        client.get("/d/harbour/map/newer/")


def test_every_figure_links_to_a_paragraph_of_the_method(client: Client) -> None:
    dialogue = with_map()
    addresses = [f"/d/harbour/map/{view}" for view in VIEWS]
    addresses += [statement.get_absolute_url() for statement in dialogue.statements.all()]
    linked = {
        anchor
        for address in addresses
        for anchor in re.findall(r'href="/method/#([^"]+)"', page(client, address))
    }
    assert linked == {
        "groups", "middle-ground", "divisive", "intervals", "unsure", "minimums", "representative",
        "what-would-overturn-it", "brigades-and-copies", "who-is-missing", "ways-of-taking-part",
    }  # fmt: skip
    assert linked <= set(re.findall(r'id="([^"]+)"', method_html()))
    assert client.get("/method/").status_code == 200


def test_pages_carry_no_inline_style_or_script(client: Client) -> None:
    with_map()
    for view in VIEWS:
        html = page(client, f"/d/harbour/map/{view}")
        assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", html)
        identifiers = re.findall(r'\sid="([^"]+)"', html)
        assert len(identifiers) == len(set(identifiers))


def test_a_merged_statement_links_to_its_target(client: Client) -> None:
    dialogue = with_map()
    target = dialogue.statements.get(number=1)
    make_statement(dialogue, 9, "The same in other words.", status="merged", merged_into=target)
    html = page(client, "/d/harbour/s/9/")
    assert "Merged into another statement" in html
    assert f'href="{target.get_absolute_url()}"' in html


@pytest.mark.parametrize(
    "fields", [{"status": "pending"}, {"status": "rejected", "reason": "attack"}]
)
def test_a_withheld_statement_is_not_found(client: Client, fields: dict[str, str]) -> None:
    dialogue = with_map()
    hidden = make_statement(dialogue, 9, "Held back.", **fields)
    assert client.get(hidden.get_absolute_url()).status_code == 404
    make_statement(dialogue, 10, "Merged into it.", status="merged", merged_into=hidden)
    assert client.get("/d/harbour/s/10/").status_code == 404
    assert client.get("/d/harbour/s/11/").status_code == 404


def test_a_statement_without_published_votes_says_so(client: Client) -> None:
    dialogue = with_map()
    make_statement(dialogue, 9)
    assert "No published votes yet" in page(client, "/d/harbour/s/9/")


def test_a_participant_can_change_the_own_vote_while_open(client: Client) -> None:
    dialogue = with_map()
    statement = dialogue.statements.get(number=1)
    address = statement.get_absolute_url()
    assert 'name="proof"' not in page(client, address)
    token, participant = make_participant(dialogue)
    Vote.objects.create(participant=participant, statement=statement, value=-1)
    carry(client, token)
    response = client.get(address)
    html = response.content.decode()
    assert f'value="{proofs.proof(dialogue.pk, token, statement.pk, dealt=True)}"' in html
    assert "Your vote: disagree" in html
    assert response.headers["Cache-Control"] == "private, no-store"
    Dialogue.objects.update(state="closed")
    assert 'name="proof"' not in page(client, address)


def test_only_visible_bars_are_drawn(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    alike, apart = {"A": (40, 30, 7), "B": (38, 20, 7)}, {"A": (40, 30, 7), "B": (20, 38, 7)}
    with_map({n: alike if n <= 20 else apart for n in range(1, 41)})
    drawn: list[str] = []
    draw = findings.rates_figure

    def drawing(key: str, *rest: object, **options: object) -> object:
        drawn.append(key)
        return draw(key, *rest, **options)

    monkeypatch.setattr(findings, "rates_figure", drawing)
    html = page(client)
    # Five bars of each list are drawn. All representative statements of a group are drawn, and two
    # are shown.
    assert len([key for key in drawn if key[0] in "md"]) == 10
    assert html.count('class="finding"') == 14
