"""The results page and the open data: when they exist, and their exact content."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import pyarrow.parquet as pq
import pytest
from django.test import Client

from dialogues.pages.results.test_map_page import page, store
from disclosure.made_facts import Counts, made_facts
from middleground.dialogues.maps import publish, worker
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.maps.schedule import make_due_maps
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.pages.results.method import method_html
from middleground.dialogues.statements.topics import add_topic
from support.camps import add_voters
from support.cast import make_dialogue, make_staff, make_statement
from support.reading import words

pytestmark = pytest.mark.django_db

FILES = ("statements.csv", "statements.parquet", "map.json", "data-card.md")


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


def with_results(
    counts: dict[int, dict[str, Counts]] | None = None, outside: Counts = (0, 0, 0)
) -> Dialogue:
    counts = counts or {
        1: {"A": (40, 3, 7), "B": (33, 6, 8)},
        2: {"A": (2, 41, 7), "B": (38, 2, 7)},
    }
    dialogue = make_dialogue(statements=len(counts), state="closed")
    keys = dict(dialogue.statements.values_list("number", "pk"))
    facts = made_facts({keys[n]: groups for n, groups in counts.items()}, outside)
    store(dialogue, facts, final=True)
    return dialogue


def test_a_draft_has_no_results(client: Client) -> None:
    make_dialogue(state="draft")
    assert client.get("/d/harbour/results/").status_code == 404


def test_an_open_dialogue_says_when_results_come(client: Client) -> None:
    make_dialogue()
    html = page(client, "/d/harbour/results/")
    assert "The results come when the dialogue closes" in html
    assert 'href="/d/harbour/map/"' in html
    assert [client.get(f"/d/harbour/results/{name}").status_code for name in FILES] == [404] * 4


def test_a_result_is_never_computed_in_a_request(client: Client) -> None:
    dialogue = make_dialogue(statements=8, state="closed")
    add_voters(dialogue, 40)
    for _ in range(2):
        assert "The results are being computed" in page(client, "/d/harbour/results/")
    assert not dialogue.maps.exists()
    make_due_maps(LiveMaps())
    html = page(client, "/d/harbour/results/")
    assert "The middle ground" in html
    assert "at least\u00a040\u00a0people" in html


def test_with_too_few_votes_the_results_say_so(client: Client) -> None:
    dialogue = make_dialogue(state="closed")
    publish.finalise(dialogue.pk, LiveMaps())
    html = page(client, "/d/harbour/results/")
    assert "Too few votes for a map" in html
    assert "fewer than\u00a05\u00a0people" in html
    assert [client.get(f"/d/harbour/results/{name}").status_code for name in FILES] == [200] * 4


def test_every_figure_links_to_a_paragraph_of_the_method(client: Client) -> None:
    with_results()
    linked = set(re.findall(r'href="/method/#([^"]+)"', page(client, "/d/harbour/results/")))
    assert linked == {
        "groups", "intervals", "rates", "middle-ground", "divisive", "representative", "unsure",
        "what-would-overturn-it", "who-is-missing", "brigades-and-copies", "minimums",
    }  # fmt: skip
    assert linked <= set(re.findall(r'id="([^"]+)"', method_html()))


def test_the_results_are_a_stable_page_with_citation_and_files(client: Client) -> None:
    with_results()
    first = client.get("/d/harbour/results/")
    html = first.content.decode()
    assert "@misc{harbour-" in html
    assert "http://127.0.0.1:8000/d/harbour/results/" in html
    for name in FILES:
        assert f'href="/d/harbour/results/{name}"' in html
    again = client.get("/d/harbour/results/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert client.post("/d/harbour/results/").status_code == 405


def test_the_results_repeat_what_the_host_promised(client: Client) -> None:
    with_results()
    assert "What happens with the answers" not in words(client, "/d/harbour/results/")
    Dialogue.objects.update(promise="The council **reads** this in June.")
    assert "What happens with the answers The council reads this in June. Open data" in words(
        client, "/d/harbour/results/"
    )


def table(client: Client) -> list[dict[str, str]]:
    response = client.get("/d/harbour/results/statements.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="harbour-statements.csv"'
    )
    assert response.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_csv_has_bands_of_disjoint_populations(client: Client) -> None:
    with_results(outside=(6, 0, 0))
    first = table(client)[0]
    assert first == {
        "statement": "1", "text": "Statement number 1.", "population": "A", "tier": "open",
        "agree_from": "40", "agree_to": "49", "pass_from": "5", "pass_to": "14",
        "disagree_from": "0", "disagree_to": "9",
        "share_agree": "0.8", "share_low": "0.7", "share_high": "0.9",
        "middle_ground_rank": "1", "divisive_rank": "", "middle_ground_margin": "0.1",
        "middle_ground_overturned_by": "15", "divisive_overturned_by": "",
    }  # fmt: skip
    rows = [(row["statement"], row["population"], row["agree_from"]) for row in table(client)]
    assert rows == [
        ("1", "A", "40"), ("1", "B", "30"), ("1", "none", "0"),
        ("2", "A", "0"), ("2", "B", "35"), ("2", "none", "0"),
    ]  # fmt: skip


def test_parquet_has_the_same_rows_as_csv(client: Client) -> None:
    with_results()
    content = client.get("/d/harbour/results/statements.parquet").content
    rows = pq.read_table(io.BytesIO(content)).to_pylist()
    written = [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows]
    assert written == table(client)


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_text_like_a_formula_is_escaped_in_csv(client: Client, start: str) -> None:
    dialogue = with_results()
    text = f'{start}HYPERLINK("https://example.org","look")'
    Statement.objects.filter(dialogue=dialogue, number=1).update(text=text)
    assert table(client)[0]["text"] == "'" + text
    content = client.get("/d/harbour/results/statements.parquet").content
    assert pq.read_table(io.BytesIO(content)).to_pylist()[0]["text"] == text


def test_the_map_file_has_no_exact_counts_and_no_model(client: Client) -> None:
    dialogue = with_results(
        {1: {"A": (61, 3, 2), "B": (52, 4, 1)}, 2: {"A": (61, 3, 2), "B": (2, 1, 1)}}
    )
    data = json.loads(client.get("/d/harbour/results/map.json").content)
    assert [group["people"] for group in data["groups"]] == [[65, 69], [55, 59]]
    assert data["statements"][0]["counts"] == {
        "A": {"agree": [55, 64], "pass": [0, 4], "disagree": [0, 9]},
        "B": {"agree": [50, 54], "pass": [0, 4], "disagree": [0, 9]},
        "none": {"agree": [0, 9], "pass": [0, 4], "disagree": [0, 9]},
    }
    assert set(data["statements"][1]["shares"]) == {"A"}
    assert not {"model", "loading", "intercept"} & set(json.dumps(data).split('"'))
    assert data["votes_sha256"] == dialogue.maps.get().votes_seal


def test_rejected_text_is_in_no_file(client: Client) -> None:
    dialogue = with_results()
    Statement.objects.filter(dialogue=dialogue, number=2).update(
        status="rejected", reviewed=True, reason="personal_data"
    )
    make_statement(dialogue, 9, "Held back.", status="pending")
    for address in ["/d/harbour/results/", *(f"/d/harbour/results/{name}" for name in FILES)]:
        content = client.get(address).content
        assert b"Statement number 2." not in content
        assert b"Held back." not in content
    assert b"Statement number 1." in client.get("/d/harbour/results/").content


def test_the_data_card_describes_every_column(client: Client) -> None:
    with_results()
    card = client.get("/d/harbour/results/data-card.md").content.decode()
    assert card.startswith("# Data card\n\n**What should the harbour be?**")
    assert "CC BY 4.0" in card
    assert "steps of 5" in card
    for column in table(client)[0]:
        assert f"`{column}`" in card or column.endswith(("_from", "_to"))


def test_other_files_are_not_found(client: Client) -> None:
    with_results()
    for name in ("votes.csv", "participants-votes.csv", "..%2Fsecret.key"):
        assert client.get(f"/d/harbour/results/{name}").status_code == 404


def test_topics_are_given_out_where_there_are_some(client: Client) -> None:
    dialogue = with_results()
    address = "/d/harbour/results/topics.csv"
    assert client.get(address).status_code == 404
    assert address not in page(client, "/d/harbour/results/")
    staff = make_staff()
    one = add_topic(staff, dialogue, "=Money", [2])[0]
    add_topic(staff, dialogue, "Nothing in it")
    assert f'href="{address}"' in page(client, "/d/harbour/results/")
    rows = list(csv.reader(io.StringIO(client.get(address).content.decode("utf-8-sig"))))
    assert rows == [["topic", "name", "statement"], [str(one.number), "'=Money", "2"]]


def test_the_formulas_are_a_page_of_their_own_and_no_link_leads_nowhere(client: Client) -> None:
    everyone, formulas = page(client, "/method/"), page(client, "/method/formulas/")
    assert 'href="/method/formulas/"' in everyone
    assert "posterior" not in everyone
    assert '<h2 id="model">' in formulas
    for html in (everyone, formulas):
        anchors = set(re.findall(r'href="#([^"]+)"', html))
        assert anchors <= {*re.findall(r'id="([^"]+)"', html)}
        assert not re.findall(r'href="(?![/#]|https?:)[^"]*"', html)  # a file of the repository
