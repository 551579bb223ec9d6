"""Every user's text has its own writing direction, for texts that run from right to left."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import timezone

from dialogues.pages.results.test_map_page import store
from disclosure.made_facts import made_facts
from middleground.dialogues.models import Dialogue, Statement
from support.cast import (
    carry,
    make_dialogue,
    make_participant,
    make_staff,
    make_statement,
    make_vote,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]

HEBREW = "מרחב"  # part of every text that a user wrote
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Titles of windows and descriptions of pictures cannot contain markup.
PLAIN = {"title", "desc"}


class Strays(HTMLParser):
    """Collects Hebrew texts within elements that have the direction of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []
        self.seen = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        own = tag in PLAIN or tag == "bdi" or given.get("dir") == "auto"
        own = own or (given.get("class") == "code" and given.get("dir") == "ltr")
        if tag not in VOID:
            self.open.append((tag, own))
        elif HEBREW in (given.get("value") or "") and not own:
            self.found.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if HEBREW in data:
            self.seen += 1
            if not any(own for _, own in self.open):
                self.found.append(" > ".join(tag for tag, _ in self.open[-3:]))


def look_at(html: str) -> Strays:
    strays = Strays()
    strays.feed(html)
    return strays


def test_a_text_without_its_own_direction_is_found() -> None:
    bad = f"<main><p>{HEBREW}</p><p dir='auto'><a>{HEBREW}</a></p><bdi>{HEBREW}</bdi></main>"
    assert look_at(bad).found == ["main > p"]
    assert look_at(f'<main><input value="{HEBREW}"></main>').found == ["input"]


def hebrew_dialogue(slug: str, **fields: object) -> tuple[Dialogue, bytes]:
    """A dialogue with a map, a participant who voted and wrote, and a statement in each state."""
    texts = {
        "question": f"{HEBREW} harbour?",
        "background": f"{HEBREW}.\n\n- {HEBREW}",
        "promise": HEBREW,
        "host_name": f"{HEBREW} City",
    }
    dialogue = make_dialogue(slug, statements=0, **{**texts, **fields})
    shown = [make_statement(dialogue, n, f"{HEBREW} {n} boats.") for n in range(1, 5)]
    token, participant = make_participant(dialogue)
    make_vote(participant, shown[0], 1)
    mine = {"origin": "participant", "author": participant}
    make_statement(dialogue, 5, f"{HEBREW} 1 boats, call 213-555-0142.", status="pending", **mine)
    make_statement(dialogue, 6, f"{HEBREW} 6", status="rejected", reason="spam", **mine)
    make_statement(dialogue, 7, f"{HEBREW} 7", status="merged", merged_into=shown[0], **mine)
    counts = {
        shown[0].pk: {"A": (40, 3, 7), "B": (33, 6, 8)},
        shown[1].pk: {"A": (2, 41, 7), "B": (38, 2, 7)},
    }
    store(dialogue, made_facts(counts), final=dialogue.state == "closed")
    return dialogue, token


OPEN = [
    "/", "/d/boats/", "/d/boats/take-part/", "/d/boats/write/", "/d/boats/mine/", "/d/boats/s/1/",
    "/d/boats/s/7/", "/d/boats/map/", "/d/boats/map/middle-ground/", "/d/boats/map/divisive/",
    "/d/boats/map/group/A/", "/d/boats/map/undecided/", "/d/boats/results/", "/d/boats/embed/",
    "/d/boats/moderation/", "/d/boats/mine/delete/", "/you/", "/d/boats/wall/",
]  # fmt: skip
CLOSED = ["/d/done/", "/d/done/results/", "/d/done/map/", "/d/done/mine/"]
DESK = [
    "/desk/", "/desk/boats/", "/desk/boats/edit/", "/desk/boats/statements/",
    "/desk/boats/moderation/", "/desk/boats/moderation/?tab=shown",
    "/desk/boats/moderation/?tab=rejected", "/desk/boats/moderation/?tab=merged",
    "/desk/boats/moderation/?q=" + HEBREW, "/desk/boats/moderation/2/merge/",
    "/desk/boats/preview/", "/desk/boats/participation/", "/desk/boats/embedding/",
]  # fmt: skip


@pytest.mark.parametrize("address", [*OPEN, *CLOSED, *DESK])
def test_every_users_text_has_its_own_direction(
    client: Client, settings: object, address: str
) -> None:
    settings.HOST_NAME = f"{HEBREW} Town"
    _, token = hebrew_dialogue("boats")
    hebrew_dialogue("done", state="closed", closes_at=timezone.now())
    Statement.objects.filter(number=1).update(origin="seed")
    if address.startswith("/desk/"):
        client.force_login(make_staff())
    carry(client, token)
    response = client.get(address)
    assert response.status_code == 200
    page = look_at(response.content.decode())
    assert page.seen > 1  # more than the host's name
    assert page.found == []


def test_returned_input_has_its_own_direction(client: Client) -> None:
    hebrew_dialogue("boats")
    client.force_login(make_staff())
    similar = f"{HEBREW} 1 boats!"
    answers = [
        client.post("/d/boats/write/", {"text": similar}),
        client.post("/d/boats/write/", {"text": f"{HEBREW} 1 boats call 213-555-0142"}),
        client.post("/desk/boats/statements/", {"lines": f"{HEBREW} 1 boats now\n{HEBREW} 9"}),
        client.post("/desk/new/", {"question": HEBREW, "background": HEBREW, "preview": "1"}),
    ]
    pages = [look_at(answer.content.decode()) for answer in answers]
    assert [page.found for page in pages] == [[], [], [], []]
    assert [page.seen > 0 for page in pages] == [True] * 4
