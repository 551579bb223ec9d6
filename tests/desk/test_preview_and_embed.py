"""The preview, the participation page, the embed and the public moderation log."""

import html
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from middleground.core.page.middleware import SELF_ONLY
from middleground.dialogues.models import DailyCount, Dialogue, Participant
from middleground.dialogues.voting.dealing import Card
from support.cast import make_dialogue, make_statement

pytestmark = pytest.mark.django_db


def test_only_the_embed_may_be_framed(client: Client, desk: Client) -> None:
    make_dialogue()
    response = client.get("/d/harbour/embed/")
    assert response["Content-Security-Policy"] == f"{SELF_ONLY}; frame-ancestors *"
    assert "X-Frame-Options" not in response
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    for address in ("/", "/d/harbour/", "/d/harbour/moderation/", "/accounts/login/", "/nowhere/"):
        response = client.get(address)
        assert response["Content-Security-Policy"] == f"{SELF_ONLY}; frame-ancestors 'none'"
        assert response["X-Frame-Options"] == "DENY"
    for address in ("/desk/", "/desk/harbour/embedding/", "/desk/harbour/moderation/"):
        assert desk.get(address)["X-Frame-Options"] == "DENY"


def test_the_embed_links_out_of_the_frame(client: Client) -> None:
    make_dialogue(question="Ships & <b>fish</b>?")
    response = client.get("/d/harbour/embed/")
    page = response.content.decode()
    assert "Ships &amp; &lt;b&gt;fish&lt;/b&gt;?" in page
    links = [" ".join(link.split()) for link in re.findall(r"<a [^>]*>", page)]
    assert links == [
        '<a class="skip" href="#main">',
        '<a class="button" href="/d/harbour/" target="_blank" rel="noopener">',
    ]
    assert "<form" not in page
    assert "<script" not in page
    assert response.cookies == {}


@pytest.mark.parametrize("address", ["/d/harbour/embed/", "/d/harbour/moderation/"])
def test_a_draft_answers_like_an_unknown_dialogue(client: Client, address: str) -> None:
    make_dialogue(state="draft")
    assert client.get(address).status_code == 404
    assert client.get(address.replace("harbour", "nowhere")).status_code == 404
    assert client.post(address).status_code == 405


def test_the_embedding_snippet_is_valid_html(desk: Client, settings: object) -> None:
    settings.ORIGIN = "https://talk.example"
    make_dialogue(question='"Ships" & fish?')
    page = desk.get("/desk/harbour/embedding/").content.decode()
    shown = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1])
    assert shown == (
        '<iframe src="https://talk.example/d/harbour/embed/"'
        ' title="&quot;Ships&quot; &amp; fish?" width="100%" height="440" loading="lazy"'
        ' referrerpolicy="no-referrer"></iframe>'
    )


def test_the_preview_stores_nothing(desk: Client) -> None:
    make_dialogue(state="draft", background="Ships *came*.")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = desk.get("/desk/harbour/preview/").content.decode()
    assert "What should the harbour be?" in page
    assert "Ships <em>came</em>." in page
    written = [q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "PRAGMA"))]
    assert written == []
    assert Participant.objects.count() == 0


def test_the_preview_shows_the_real_card_disabled(desk: Client) -> None:
    dialogue = make_dialogue(statements=2)
    page = desk.get("/desk/harbour/preview/").content.decode()
    framed = re.search(r"<fieldset class=\"bare still\" disabled>(.*?)</fieldset>", page, re.DOTALL)
    card = render_to_string(
        "dialogues/_card.html",
        {
            "dialogue": dialogue,
            "card": Card(1, "Statement number 1.", "", None, 0, 2, origin="seed", goal=2),
        },
    )
    assert card.strip() in framed[1]
    assert card.count('type="submit"') == page.count('name="vote"') == 3  # none outside the card
    assert "<script" not in page


def test_the_preview_of_an_empty_dialogue_says_so(desk: Client) -> None:
    make_dialogue(state="draft", statements=0)
    assert "There are no statements yet" in desk.get("/desk/harbour/preview/").content.decode()


def test_participation_is_shown_in_steps(desk: Client) -> None:
    dialogue = make_dialogue()
    for day, participants in ((1, 12), (2, 4), (3, 0)):
        DailyCount.objects.create(
            dialogue=dialogue, day=date(2027, 5, day), participants=participants
        )
    page = desk.get("/desk/harbour/participation/").content.decode()
    rows = re.findall(r"<td>(.*?)</td>\s*<td>(.*?)</td>", page, re.DOTALL)
    assert [(day.strip(), " ".join(count.split())) for day, count in rows] == [
        ("May 1, 2027", "at least 10 people"),
        ("May 2, 2027", "fewer than 5 people"),
        ("May 3, 2027", "fewer than 5 people"),
    ]
    assert ">12<" not in page
    DailyCount.objects.filter(participants=12).update(participants=13)
    assert desk.get("/desk/harbour/participation/").content.decode() == page


def test_the_desks_sparkline_changes_in_steps(desk: Client) -> None:
    dialogue = make_dialogue()
    day = DailyCount.objects.create(
        dialogue=dialogue, day=timezone.localdate() - timedelta(days=1), participants=4
    )
    assert 'class="spark"' not in desk.get("/desk/").content.decode()
    DailyCount.objects.filter(pk=day.pk).update(participants=7)
    seven = desk.get("/desk/").content.decode()
    assert "Highest column: at least\u00a05." in seven
    DailyCount.objects.filter(pk=day.pk).update(participants=9)
    assert desk.get("/desk/").content.decode() == seven


def outcomes(page: str) -> dict[str, str]:
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(.*?)</td>', page, re.DOTALL)
    return {" ".join(name.split()): " ".join(count.split()) for name, count in rows}


def test_the_public_log_counts_in_steps_and_quotes_no_text(client: Client) -> None:
    dialogue = make_dialogue(statements=0)
    for number in range(1, 8):
        make_statement(
            dialogue, number, f"Secret words {number}.", origin="participant", status="rejected",
            reason="spam" if number < 7 else "attack", reviewed=True,
        )  # fmt: skip
    make_statement(dialogue, 20, "From the host.", status="rejected", reason="unclear")
    page = client.get("/d/harbour/moderation/").content.decode()
    counts = outcomes(page)
    assert counts["is advertising or spam"] == "at least 5"
    assert counts["attacks or threatens people"] == "fewer than 5"
    assert counts["cannot be understood"] == "fewer than 5"
    assert set(counts.values()) == {"at least 5", "fewer than 5"}
    assert "Secret words" not in page


def test_closed_and_scheduled_embeds_say_so(client: Client) -> None:
    make_dialogue(opens_at=timezone.now() + timedelta(days=1))
    assert "Read about it" in client.get("/d/harbour/embed/").content.decode()
    Dialogue.objects.update(state="closed", opens_at=None)
    assert "See the result" in client.get("/d/harbour/embed/").content.decode()
