"""What people and officials see of commitments."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answers.commitments.promised import JULY, promise
from answers.entered import answer_case, make_case
from middleground.answers.commitments import keeping
from middleground.answers.commitments.pages import public
from middleground.answers.models import Case, Commitment
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User
from support.cast import make_dialogue
from support.reading import words, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LIST = "/d/harbour/commitments/"
JUNE = date(2026, 6, 1)


def signed_in(user: User | None) -> Client:
    assert user
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def promised(
    staff: User, harbour: Dialogue, chief: Appointment, agent: Appointment, today: list[date]
) -> Dialogue:
    """One commitment late that slipped, one to come, one kept, one given up; it is July 3."""
    user, post, case = chief.user, chief.post, make_case(staff, harbour, 1, title="Patrols")
    assert user
    late = promise(case, chief, "Two patrols", JUNE, (date(2026, 5, 20), "Plan"))
    promise(make_case(staff, harbour, 2, title="Lamps"), agent, "Six lamps", date(2026, 9, 1))
    kept, lost = promise(case, chief, "A sign", JUNE), promise(case, chief, "A gate", JULY)
    keeping.slip(user, late, post, to=date(2026, 6, 30), reason="Two fell ill.")
    today[0] = date(2026, 6, 4)
    proof = {"words": "It stands at the quay.", "link": "https://police.example/sign"}
    keeping.keep(user, kept, post, **proof)
    keeping.give_up(user, lost, post, reason="The quay is private.")
    today[0] = date(2026, 7, 3)
    return harbour


def test_the_list_has_what_is_late_first_and_tells_each_slip(
    client: Client, promised: Dialogue
) -> None:
    page = words(client, LIST)
    for part in (
        "4 promised: 1 kept, 1 to come, 1 late, 1 given up",
        "Late 1 Two patrols Late: due on June 30, 2026, 3 days ago. It slipped once. The first"
        " promise was June 1, 2026. Promised on May 4, 2026. Chief , Police",
        "To come 1 Six lamps Due on Sept. 1, 2026. Promised on May 4, 2026. Field director",
        "Kept 1 A sign Kept on June 4, 2026, the body says: 3 days after the first promised day.",
        "Given up 1 A gate Given up on June 4, 2026; due on July 1, 2026.",
        "What Promised on First due on Slipped to State 1. Two patrols May 4, 2026 June 1, 2026"
        " June 30, 2026 late 2. Six lamps May 4, 2026 Sept. 1, 2026 — to come 3. A sign May 4, 2026"
        " June 1, 2026 — kept on June 4, 2026 4. A gate",
    ):
        assert part in page
    assert "Nothing is promised yet" in words(client, make_dialogue("airport").get_absolute_url() +
                                              "commitments/")  # fmt: skip
    make_dialogue("secret", state="draft")
    assert client.get("/d/secret/commitments/").status_code == 404


def test_a_commitment_has_its_whole_story_with_proofs_and_documents(
    client: Client, promised: Dialogue
) -> None:
    page = words(client, f"{LIST}1/")
    for part in (
        "Commitment 1 Two patrols State Late: due on June 30, 2026",
        "Who owes it Chief , Police Promised in Patrols",
        "Milestones Plan Late: due on May 20, 2026.",
        "May 4, 2026 Slipped to June 30, 2026, says Chief, Police: Two fell ill.",
    ):
        assert part in page
    html = client.get(f"{LIST}3/").content.decode()
    assert re.findall(r'itemprop="(\w+)"', html) == [
        "name", "scheduledTime", "endTime", "actionStatus", "agent", "url", "name",
    ]  # fmt: skip
    assert "https://schema.org/CompletedActionStatus" in html
    sign = Commitment.objects.get(number=3)
    hashes = [event.document for event in sign.events.all()]
    assert re.findall(r'href="/ledger/documents/(\w+)"', html) == hashes
    page = words(client, f"{LIST}3/")
    assert "Where to see it It stands at the quay. https://police.example/sign" in page
    assert "The quay is private." in words(client, f"{LIST}4/")
    assert client.get(f"{LIST}5/").status_code == 404


def test_cases_dialogues_feeds_and_bodies_tell_of_them(client: Client, promised: Dialogue) -> None:
    case = words(client, "/d/harbour/answers/1/")
    assert "What was promised 3 A sign Kept on June 4, 2026" in case
    counted = "4 promised: 1 kept, 1 to come, 1 late, 1 given up"
    assert counted in words(client, "/d/harbour/")
    assert counted not in words(client, make_dialogue("airport").get_absolute_url())
    assert "What it promised 3 promised: 1 kept, 0 to come, 1 late, 1 given up Late 1 Two" in words(
        client, "/bodies/police/"
    )
    feed = ElementTree.fromstring(client.get("/d/harbour/answers/feed.atom").content)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = [
        [entry.findtext(f"{atom}{name}") for name in ("title", "summary", "id")]
        for entry in feed.iter(f"{atom}entry")
    ]
    origin = "http://127.0.0.1:8000/d/harbour/commitments"
    assert entries[:2] == [
        ["A gate", "Given up by Chief, Police: The quay is private.", f"{origin}/4/#event-2"],
        ["A sign", "Kept, says Chief, Police.", f"{origin}/3/#event-2"],
    ]
    assert len({entry[2] for entry in entries}) == len(entries)


def test_lists_cost_the_same_for_one_and_for_many(
    client: Client, with_police: Case, chief: Appointment
) -> None:
    office = signed_in(chief.user)

    def queries() -> list[int]:
        counts = []
        for path in (LIST, f"{LIST}1/", "/d/harbour/", "/d/harbour/answers/1/", "/desk/inbox/"):
            with CaptureQueriesContext(connection) as captured:
                office.get(path)
            counts.append(len(captured))
        return counts

    promise(with_police, chief)
    before = queries()
    for number in range(3):
        promise(with_police, chief, f"Promise {number}")
    assert queries() == before
    assert before[:2] == [6, 5]


def test_the_list_has_pages_and_its_picture_tells_the_whole(
    client: Client, promised: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = words(client, LIST)
    monkeypatch.setattr(public, "COMMITMENTS_ON_A_PAGE", 2)
    counted = "4 promised: 1 kept, 1 to come, 1 late, 1 given up"
    first, second = (client.get(f"{LIST}?page={page}") for page in (1, 2))
    pages = [words_of(first), words_of(second)]
    assert [counted in page for page in pages] == [True, True]
    numbers = [re.findall(r'id="commitment-(\d)"', p.content.decode()) for p in (first, second)]
    assert numbers == [["1", "2"], ["3", "4"]]
    table = "4. A gate May 4, 2026 July 1, 2026 — given up on June 4, 2026"
    assert [table in page for page in (whole, *pages)] == [True, True, False]
    assert 'href="?page=2"' in first.content.decode()
    assert words(client, f"{LIST}?page=x") == pages[0]
    assert words(client, f"{LIST}?page=9") == pages[1]
    assert promised


def test_a_group_that_goes_on_is_counted_whole(
    client: Client, with_police: Case, chief: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public, "COMMITMENTS_ON_A_PAGE", 2)
    for number in range(3):
        promise(with_police, chief, f"Promise {number}")
    assert "To come 3 Promise 2" in words(client, f"{LIST}?page=2")


def test_an_official_promises_slips_and_keeps_in_the_inbox(
    staff: User, with_police: Case, chief: Appointment, agent: Appointment, today: list[date]
) -> None:
    office, case = signed_in(chief.user), f"/desk/inbox/{with_police.pk}/"

    def send(path: str, **sent: Any) -> str:
        return words_of(office.post(path, sent, follow=True))

    assert "By which day?" not in words(office, case)
    answer_case(with_police, chief)
    assert "By which day? You said “will do”." in words(office, case)
    lines = "2026-05-20 Plan\n2026-13-01 Hire"
    wrong = send(f"{case}promise/", what="Two patrols", due="2026-06-01", milestones=lines)
    assert "Line 2: write the day as 2026-06-30" in wrong
    assert "2026-13-01 Hire" in wrong
    wrong = send(f"{case}promise/", what="Two patrols", due="2026-05-10", milestones=lines[:15])
    assert "A milestone must come on or before the due day, May 10, 2026." in wrong
    said = send(f"{case}promise/", what="Two patrols", due="2026-06-01", milestones=lines[:15])
    assert "Promised Two patrols Due on June 1, 2026." in said
    made = Commitment.objects.get()
    here = f"/desk/inbox/commitments/{made.pk}/"
    inbox = words(office, "/desk/inbox/")
    assert "Two patrols Promised · Chief" in inbox
    assert "within a week" not in inbox
    today[0] = date(2026, 5, 25)
    assert "due June 1, 2026 due within a week" in words(office, "/desk/inbox/")
    assert "Two patrols" not in words(signed_in(agent.user), "/desk/inbox/")
    assert "Say where people can see it" in send(f"{here}reach/", milestone="1")
    send(f"{here}reach/", milestone="1", words="It is public.")
    assert office.get(f"{here}reach/").status_code == 200
    assert "A milestone is reached" not in words(office, here)
    send(f"{here}slip/", to="2026-06-10", reason="Two fell ill.")
    today[0] = date(2026, 6, 11)
    assert "1 is overdue" in words(office, "/desk/inbox/")
    said = send(f"{here}keep/", link="police.example/patrols")
    assert "Kept on June 11, 2026, the body says: 10 days after" in said
    assert "Nothing waits for you." in words(office, "/desk/inbox/")
    assert "It is already kept or given up." in send(f"{here}give-up/", reason="No money.")
    kinds = [event.kind for event in made.events.all()]
    assert kinds == ["made", "reached", "slipped", "kept"]


def test_only_who_publishes_for_its_post_changes_it(
    staff: User, with_police: Case, chief: Appointment, agent: Appointment
) -> None:
    made = promise(with_police, chief)
    here = f"/desk/inbox/commitments/{made.pk}/"
    sent = {"words": "Done."}
    assert signed_in(staff).post(f"{here}keep/", sent).status_code == 403
    assert signed_in(staff).get(here).status_code == 403
    assert signed_in(agent.user).post(f"{here}keep/", sent).status_code == 404
    assert Client().post(f"{here}keep/", sent).status_code == 403  # signed out
    Authenticator.objects.filter(user=chief.user).delete()
    office = signed_in(chief.user)
    assert office.post(f"{here}keep/", sent).status_code == 403
    assert "Only a verified person who publishes for the post can change it" in words(office, here)
    made.refresh_from_db()
    assert made.status == "open"
