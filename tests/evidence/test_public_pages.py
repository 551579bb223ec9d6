"""What everyone sees of sources and claims."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from evidence.entered import STUDY, make_claim, make_source
from middleground.dialogues.models import Dialogue
from middleground.evidence.actions.claims import withdraw_claim
from middleground.evidence.actions.sources import withdraw_source
from middleground.evidence.models import Source
from middleground.people.models import User
from support.cast import make_dialogue
from support.kept_pages import Front
from support.reading import words, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def linked_data(html: str) -> dict[str, object]:
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(found)


def test_a_claim_shows_its_sides_alike_and_what_cites_it(
    dialogue: Dialogue, moderator: User, client: Client
) -> None:
    make_claim(moderator, dialogue, cited_by=(2,))
    response = client.get("/d/harbour/claims/1/")
    html = response.content.decode()
    assert re.findall(r'<section class="(claim-side)"[^>]*="side-(\w+)"', html) == [
        ("claim-side", "supports"),
        ("claim-side", "disputes"),
        ("claim-side", "qualifies"),
    ]
    page = words_of(response)
    assert "No source is listed on this side." in page
    assert "The background of this dialogue Statement 2: Statement number 2." in page
    assert re.findall(r'id="(passage-\d)"', html) == ["passage-1", "passage-2"]
    assert linked_data(html) == {
        "@context": "https://schema.org",
        "@type": "Claim",
        "@id": "http://127.0.0.1:8000/d/harbour/claims/1/",
        "text": "It got quieter.",
        "citation": [f"http://127.0.0.1:8000/d/harbour/sources/{n}/" for n in (1, 2)],
    }


def test_a_source_tells_kind_funding_and_what_it_is_cited_for(
    dialogue: Dialogue, moderator: User, client: Client
) -> None:
    make_claim(moderator, dialogue)
    response = client.get("/d/harbour/sources/1/")
    html = response.content.decode()
    page = words_of(response)
    for part in (
        "Kind of evidence Controlled study",
        "By Doe, Jane ; Port Institute",
        "Paid for by Example Foundation",
        "Claim 1 : It got quieter. This source supports it: The level fell by 4 dB. p. 110",
    ):
        assert part in page
    assert linked_data(html)["author"] == [
        {"@type": "Person", "familyName": "Doe", "givenName": "Jane"},
        {"@type": "Organization", "name": "Port Institute"},
    ]
    assert "Paid for by not stated" in words(client, "/d/harbour/sources/2/")
    listed = words(client, "/d/harbour/sources/")
    assert "funding not stated" in listed
    assert "paid for by: Example Foundation" in listed


def test_a_list_tells_the_kind_of_evidence_unless_the_kind_tells_it() -> None:
    kind, evidence = Source.Kind, Source.Evidence
    assert Source(kind=kind.LAW, evidence=evidence.LEGAL).kind_tells_evidence
    assert Source(kind=kind.NEWS, evidence=evidence.REPORTING).kind_tells_evidence
    assert not Source(kind=kind.REPORT, evidence=evidence.LEGAL).kind_tells_evidence


def test_no_title_ends_the_script_element(
    dialogue: Dialogue, moderator: User, client: Client
) -> None:
    title = "</script><script>alert(1)</script>&\u2028"
    make_source(moderator, dialogue, title=title)
    html = client.get("/d/harbour/sources/1/").content.decode()
    assert linked_data(html)["name"] == title
    assert html.count("alert(1)</script>") == 0


def test_statement_and_dialogue_link_to_the_claims_they_cite(
    dialogue: Dialogue, moderator: User, client: Client
) -> None:
    def cites(path: str) -> bool:
        return 'href="/d/harbour/claims/1/"' in client.get(path).content.decode()

    paths = ("/d/harbour/s/2/", "/d/harbour/s/1/", "/d/harbour/")
    assert [cites(path) for path in paths] == [False, False, False]
    assert b"/d/harbour/sources/" not in client.get("/d/harbour/").content
    claim = make_claim(moderator, dialogue, cited_by=(2,))
    assert [cites(path) for path in paths] == [True, False, True]
    withdraw_claim(moderator, claim, "Unclear.")
    assert [cites(path) for path in paths] == [False, False, False]


def test_what_is_withdrawn_keeps_its_address_and_says_why(
    dialogue: Dialogue, moderator: User, client: Client
) -> None:
    claim = make_claim(moderator, dialogue)
    withdraw_source(moderator, dialogue.sources.get(number=1), "Retracted by the journal.")
    withdraw_claim(moderator, claim, "It was two claims.")
    listed = words(client, "/d/harbour/sources/")
    for path, reason in (
        ("/d/harbour/sources/1/", "Retracted by the journal."),
        ("/d/harbour/claims/1/", "It was two claims."),
    ):
        response = client.get(path)
        html = response.content.decode()
        assert reason in words_of(response)
        assert reason in listed
        assert "Noise behind closed quays" not in html
        assert "It got quieter." not in html
        assert "ld+json" not in html


def test_pages_of_drafts_and_unknown_numbers_are_not_found(
    dialogue: Dialogue, moderator: User, client: Client
) -> None:
    draft = make_dialogue("secret", state="draft")
    make_claim(moderator, draft)
    paths = [f"/d/secret/{end}" for end in ("sources/", "sources/1/", "claims/1/")]
    paths += ["/d/harbour/sources/1/", "/d/harbour/claims/9999999999/"]
    assert [client.get(path).status_code for path in paths] == [404] * len(paths)


def test_lists_are_read_page_by_page_with_as_many_queries_however_long(
    dialogue: Dialogue, moderator: User, client: Client, django_assert_num_queries: object
) -> None:
    make_claim(moderator, dialogue)
    counts = []
    for most in (2, 60):
        for number in range(dialogue.sources.count(), most):
            make_source(moderator, dialogue, title=f"Report {number}")
        with django_assert_num_queries(4) as seen:
            html = client.get("/d/harbour/sources/?page=1").content.decode()
        counts.append(len(seen))
        assert html.count('id="source-') == min(most, 50)
    second = client.get("/d/harbour/sources/?page=2").content.decode()
    assert (second.count('id="source-'), "It got quieter." in second) == (10, False)


@pytest.mark.django_db(transaction=True)
def test_kept_pages_are_made_anew_when_a_claim_is_withdrawn(
    dialogue: Dialogue, moderator: User
) -> None:
    claim = make_claim(moderator, dialogue, cited_by=(2,))
    front = Front()
    paths = ("/d/harbour/claims/1/", "/d/harbour/s/2/", "/d/harbour/", "/d/harbour/sources/")
    before = [front.get(path) for path in paths]
    assert [answer is not None and answer.status for answer in before] == [200] * 4
    withdraw_claim(moderator, claim, "Unclear.")
    after = [front.get(path) for path in paths]
    assert [one.text != two.text for one, two in zip(before, after, strict=True)] == [True] * 4


def test_a_study_in_a_journal_is_a_scholarly_article(
    dialogue: Dialogue, moderator: User, client: Client
) -> None:
    make_source(moderator, dialogue, **STUDY)
    found = linked_data(client.get("/d/harbour/sources/1/").content.decode())
    assert (found["@type"], found["sameAs"]) == (
        "ScholarlyArticle",
        "https://doi.org/10.1000/example",
    )
