"""Dialogues are created, edited, opened and closed at the desk."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from middleground.dialogues.desk.forms import DialogueForm, propose_slug
from middleground.dialogues.lifecycle import actions
from middleground.dialogues.models import Dialogue, StaffAction, StoredMap
from middleground.people.models import User
from support.cast import make_dialogue, make_participant, make_statement
from support.refused import refused

pytestmark = pytest.mark.django_db

FIELDS = {
    "question": "What should the harbour be?",
    "background": "## History\n\nShips *came*.",
    "promise": "The council answers by May.",
    "host_name": "Port City",
    "slug": "",
    "opens_at": "",
    "closes_at": "",
    "open_participation": "on",
    "moderation": "before",
    "votes_before_writing": "0",
    "vote_goal": "20",
    "moderation_policy": "",
    "votes_before_commenting": "5",
    "statements_an_hour": "30",
    "statement_limit": "200",
    "minimum_shown": "5",
    "map_minutes": "0",
    "key_days": "14",
}


def verbs() -> list[str]:
    return list(StaffAction.objects.order_by("id").values_list("verb", flat=True))


def store_final_map(dialogue: Dialogue) -> None:
    StoredMap.objects.create(
        dialogue=dialogue, made_at=timezone.now(), final=True, participants=9,
        data={},
    )  # fmt: skip


def test_a_new_dialogue_is_a_draft_with_a_proposed_address(desk: Client) -> None:
    response = desk.post("/desk/new/", FIELDS)
    dialogue = Dialogue.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/desk/{dialogue.slug}/")
    assert dialogue.slug == "what-should-the-harbour-be"
    assert (dialogue.state, dialogue.revision, dialogue.minimum_shown) == ("draft", 1, 5)
    assert verbs() == ["create"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"question": " \u200b "}, "Write the question."),
        ({"question": "Où? 港?"}, None),
        ({"question": "港はどうなる"}, "We cannot make an address from this question."),
        ({"slug": "new"}, "The desk uses “new” itself."),
        ({"slug": "taken"}, "already exists"),
        ({"slug": "no spaces"}, "Use only small letters"),
        ({"opens_at": "2027-03-02T10:00", "closes_at": "2027-03-01T10:00"}, "It must close after"),
        ({"opens_at": "soon"}, "Write day and time like 2027-03-31 18:00"),
        ({"minimum_shown": "4"}, "greater than or equal to 5"),
        ({"statement_limit": "5000"}, "less than or equal to 1000"),
        ({"host_name": ""}, "This field is required."),
    ],
)
def test_mistakes_are_explained_and_the_input_is_kept(
    desk: Client, change: dict[str, str], said: str | None
) -> None:
    make_dialogue("taken")
    response = desk.post("/desk/new/", {**FIELDS, **change})
    if said is None:
        assert response.status_code == 302
        return
    page = response.content.decode()
    assert response.status_code == 200
    assert said in page
    assert "Nothing is saved yet, and nothing you typed is lost." in page
    assert "## History\n\nShips *came*." in page.replace("\r", "")
    assert "The council answers by May." in page
    for name, value in change.items():
        if value.strip(" \u200b"):
            assert value in page, name
    assert Dialogue.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "is_open"),
    [({}, False), ({"minimum_shown": "4"}, True), ({"host_name": ""}, False)],
)
def test_fine_settings_are_folded_unless_one_is_wrong(
    desk: Client, change: dict[str, str], *, is_open: bool
) -> None:
    sent = desk.post("/desk/new/", {**FIELDS, **change}) if change else desk.get("/desk/new/")
    page = sent.content.decode()
    (folded,) = re.findall(r"<details (open)?>.*?</details>", page, re.DOTALL)
    begin = page.index("<details open>" if is_open else "<details >")
    inside = page[begin : page.index("</details>", begin)]
    assert bool(folded) == is_open
    assert all(f'name="{name}"' in inside for name in DialogueForm.FOLDED)
    assert set(re.findall(r'name="(\w+)"', page)) >= set(DialogueForm.base_fields)
    assert 'name="question"' not in inside


def test_the_preview_renders_and_stores_nothing(desk: Client) -> None:
    fields = {**FIELDS, "background": "Ships *came*. <script>alert(1)</script>", "preview": "1"}
    page = desk.post("/desk/new/", fields).content.decode()
    assert "Ships <em>came</em>." in page
    assert "<script>alert" not in page
    assert "Ships *came*." in page
    assert Dialogue.objects.count() == 0


def test_the_period_is_in_the_hosts_time_zone(desk: Client, settings: object) -> None:
    settings.TIME_ZONE = "America/Los_Angeles"
    desk.post("/desk/new/", {**FIELDS, "closes_at": "2027-03-31T18:00"})
    dialogue = Dialogue.objects.get()
    there = ZoneInfo("America/Los_Angeles")
    assert dialogue.closes_at == datetime(2027, 3, 31, 18, tzinfo=there)
    page = desk.get(f"/desk/{dialogue.slug}/edit/").content.decode()
    assert 'value="2027-03-31T18:00"' in page
    assert "Time zone: America/Los_Angeles." in page


def test_editing_bumps_the_revision_once_and_logs_names_only(desk: Client) -> None:
    make_dialogue(state="draft")
    desk.post("/desk/harbour/edit/", {**FIELDS, "slug": "port"})
    dialogue = Dialogue.objects.get()
    assert (dialogue.slug, dialogue.revision) == ("port", 1)
    assert StaffAction.objects.get().details == {"fields": ["background", "promise", "slug"]}
    # The list of what staff did names them as the form does.
    page = desk.get("/desk/port/").content.decode()
    assert "changed “background”, “what happens with the answers”, “address”" in page
    desk.post("/desk/port/edit/", {**FIELDS, "slug": "port"})
    assert Dialogue.objects.get().revision == 1


def test_an_empty_address_keeps_the_old_one(desk: Client) -> None:
    make_dialogue()
    desk.post("/desk/harbour/edit/", FIELDS)
    assert Dialogue.objects.get().slug == "harbour"
    assert StaffAction.objects.get().details == {"fields": ["background", "promise"]}


def test_terms_that_participants_relied_on_are_fixed(desk: Client) -> None:
    dialogue = make_dialogue(minimum_shown=10, background=FIELDS["background"])
    make_participant(dialogue)
    fields = {**FIELDS, "slug": "other", "question": "Something else?", "minimum_shown": "5"}
    page = desk.post("/desk/harbour/edit/", fields).content.decode()
    assert "The address cannot change" in page
    assert "People have answered this question." in page
    assert "You can only raise it." in page
    dialogue.refresh_from_db()
    assert (dialogue.slug, dialogue.question, dialogue.minimum_shown) == (
        "harbour", "What should the harbour be?", 10,
    )  # fmt: skip
    with refused(actions.LifecycleRefused, "minimum_only_grows"):
        actions.edit_dialogue(User.objects.get(), dialogue, {"minimum_shown": 5})
    # Control: the minimum can grow.
    actions.edit_dialogue(User.objects.get(), dialogue, {"minimum_shown": 20})


def test_editing_keeps_the_seconds_of_the_end(desk: Client) -> None:
    end = datetime(2027, 3, 31, 18, 0, 42, tzinfo=ZoneInfo("UTC"))
    make_dialogue(closes_at=end)
    desk.post("/desk/harbour/edit/", {**FIELDS, "slug": "harbour", "closes_at": "2027-03-31T18:00"})
    dialogue = Dialogue.objects.get()
    assert dialogue.closes_at == end
    assert StaffAction.objects.get().details == {"fields": ["background", "promise"]}


def test_a_dialogue_opens_once_two_statements_are_approved(desk: Client) -> None:
    dialogue = make_dialogue(state="draft", statements=1)
    page = desk.get("/desk/harbour/").content.decode()
    assert "At least 2 must be ready to be shown; 1 are." in page
    assert "/desk/harbour/state/open/" not in page
    desk.post("/desk/harbour/state/open/")
    dialogue.refresh_from_db()
    assert dialogue.state == "draft"
    make_statement(dialogue, 2)
    desk.post("/desk/harbour/state/open/")
    dialogue.refresh_from_db()
    assert (dialogue.state, dialogue.revision) == ("open", 1)
    assert verbs() == ["open"]
    # Opening again changes nothing.
    page = desk.post("/desk/harbour/state/open/", follow=True).content.decode()
    assert "This dialogue is no longer a draft." in page
    assert verbs() == ["open"]


def test_a_period_that_is_over_cannot_be_opened(facilitator: User) -> None:
    dialogue = make_dialogue(state="draft", closes_at=timezone.now() - timedelta(days=1))
    with pytest.raises(actions.LifecycleRefused, match="Set a later end"):
        actions.open_dialogue(facilitator, dialogue)


def test_a_scheduled_dialogue_can_be_withdrawn_or_opened_early(desk: Client) -> None:
    later = timezone.now() + timedelta(days=2)
    dialogue = make_dialogue(state="draft", opens_at=later)
    desk.post("/desk/harbour/state/open/")
    dialogue.refresh_from_db()
    assert dialogue.phase(timezone.now()) == "scheduled"
    desk.post("/desk/harbour/state/withdraw/")
    dialogue.refresh_from_db()
    assert dialogue.state == "draft"
    desk.post("/desk/harbour/state/open/")
    desk.post("/desk/harbour/state/open-now/")
    dialogue.refresh_from_db()
    assert dialogue.phase(timezone.now()) == "open"
    assert verbs() == ["schedule", "withdraw", "schedule", "open"]


def test_a_dialogue_with_participants_cannot_be_withdrawn(desk: Client) -> None:
    dialogue = make_dialogue()
    make_participant(dialogue)
    page = desk.post("/desk/harbour/state/withdraw/", follow=True).content.decode()
    assert "People have taken part" in page
    dialogue.refresh_from_db()
    assert dialogue.state == "open"


def test_a_closed_dialogue_can_be_reopened(desk: Client) -> None:
    dialogue = make_dialogue()
    desk.post("/desk/harbour/state/close/")
    dialogue.refresh_from_db()
    assert dialogue.state == "closed"
    assert dialogue.closes_at is not None
    desk.post("/desk/harbour/state/reopen/")
    dialogue.refresh_from_db()
    assert dialogue.phase(timezone.now()) == "open"
    assert dialogue.closes_at is None
    assert verbs() == ["close", "reopen"]


def test_a_dialogue_with_a_final_result_cannot_be_reopened(desk: Client, facilitator: User) -> None:
    dialogue = make_dialogue(state="closed")
    store_final_map(dialogue)
    page = desk.post("/desk/harbour/state/reopen/", follow=True).content.decode()
    assert "The final result is published" in page
    assert "/desk/harbour/state/reopen/" not in page
    dialogue.refresh_from_db()
    assert dialogue.state == "closed"
    # Moving the end of an expired period cannot reopen it either.
    over = make_dialogue("over", closes_at=timezone.now() - timedelta(hours=1))
    store_final_map(over)
    with pytest.raises(actions.LifecycleRefused, match="final result"):
        actions.edit_dialogue(facilitator, over, {"closes_at": None})


def test_the_home_page_groups_dialogues_by_phase(desk: Client) -> None:
    busy = make_dialogue("busy", question="Busy?")
    make_statement(busy, 8, "One waits.", status="pending")
    make_statement(busy, 9, "Two wait.", status="pending")
    make_dialogue("draft", question="Draft?", state="draft")
    make_dialogue("closed", question="Closed?", state="closed")
    page = desk.get("/desk/").content.decode()
    assert [h.strip() for h in re.findall(r"<h2>(.*?)</h2>", page, re.DOTALL)] == [
        "Open", "Drafts", "Closed",
    ]  # fmt: skip
    assert re.findall(r'class="row-title">\s*<a href="([^"]+)"', page) == [
        "/desk/busy/", "/desk/draft/", "/desk/closed/",
    ]  # fmt: skip
    assert "2 statements wait" in page


def test_an_empty_desk_offers_a_new_dialogue_to_facilitators_only(
    desk: Client, moderation: Client
) -> None:
    assert "There is no dialogue yet." in desk.get("/desk/").content.decode()
    assert "New dialogue" not in moderation.get("/desk/").content.decode()


def test_the_home_page_takes_nine_queries(desk: Client, django_assert_num_queries: object) -> None:
    make_dialogue("a")
    desk.get("/desk/")  # the first page of a process makes the log's key
    with django_assert_num_queries(9):
        desk.get("/desk/")
    make_dialogue("b")
    make_dialogue("c")
    with django_assert_num_queries(9):
        desk.get("/desk/")


def test_the_overview_takes_twelve_queries(
    desk: Client, facilitator: User, django_assert_num_queries: object
) -> None:
    dialogue = make_dialogue()
    actions.edit_dialogue(facilitator, dialogue, {"promise": "1"})
    with django_assert_num_queries(12):
        desk.get("/desk/harbour/")
    for promise in "23":
        actions.edit_dialogue(facilitator, dialogue, {"promise": promise})
    with django_assert_num_queries(12):
        desk.get("/desk/harbour/")


def test_proposed_addresses_are_free_valid_and_short() -> None:
    assert propose_slug("Should we?", {"should-we"}) == "should-we-2"
    assert propose_slug("New", set()) == "new-2"
    assert propose_slug("???", set()) == ""
    assert propose_slug("x" * 300, set()) == "x" * 50
