"""Officials see what their posts owe, and answer without losing a text."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from middleground.answers.cases.gathering import open_case
from middleground.answers.cases.owners import assign, offer
from middleground.answers.models import AnswerRules, Case, Response, ResponseDraft
from middleground.people.bodies.changes import abolish_body
from middleground.people.bodies.terms import Verification, appoint, end_term
from middleground.people.models import Appointment, User
from support.cast import add_second_factor, make_official
from support.reading import words, words_of

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 5, 4)
WHOLE = {
    "resolution": "will do",
    "summary": "Two more patrols a week.",
    "details": "From June on.",
    "outcome-1": "accepted",
    "outcome-2": "not accepted",
    "words-2": "It costs too much.",
}


def signed_in(user: User | None) -> Client:
    assert user
    client = Client()
    client.force_login(user)
    return client


def answer(client: Client, case: Case, path: str = "", **sent: Any) -> str:
    return words_of(client.post(f"/desk/inbox/{case.pk}/{path}", sent, follow=True))


def test_the_inbox_has_what_is_due_first_and_nothing_of_others(
    staff: User, with_police: Case, chief: Appointment, agent: Appointment, today: list[date]
) -> None:
    office = signed_in(chief.user)
    later = open_case(staff, with_police.dialogue, title="Lamps", numbers=[3])
    today[0] += timedelta(days=1)
    assign(staff, later, chief.post.body)  # no post of it yet
    text = words(office, "/desk/inbox/")
    assert text.index("Patrols at the quay") < text.index("Lamps")
    assert "due May 18, 2026" in text
    today[0] = date(2026, 5, 19)
    assert "2 are overdue, and the public sees it." in words(office, "/desk/inbox/")
    assert "Nothing waits for you." in words(signed_in(agent.user), "/desk/inbox/")
    assert signed_in(agent.user).get(f"/desk/inbox/{later.pk}/").status_code == 404
    assert signed_in(staff).get(f"/desk/inbox/{later.pk}/").status_code == 403
    assert chief.user
    end_term(staff, chief, today[0])
    today[0] += timedelta(days=1)
    assert "You do not act for any post today" in words(office, "/desk/inbox/")
    assert office.get(f"/desk/inbox/{later.pk}/").status_code == 404


def test_the_inbox_costs_the_same_for_one_and_for_many(
    staff: User, with_police: Case, chief: Appointment
) -> None:
    office = signed_in(chief.user)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            office.get("/desk/inbox/")
        return len(captured)

    before = queries()
    for number in range(3):
        case = open_case(staff, with_police.dialogue, title=f"Case {number}", numbers=[3])
        assign(staff, case, chief.post.body, chief.post)
    assert queries() == before == 6


def test_an_answer_is_drafted_read_through_and_published(
    with_police: Case, chief: Appointment
) -> None:
    office = signed_in(chief.user)
    said = answer(office, with_police, revision="0", summary="Two more", do="save")
    assert "Saved. Only your office can see it." in said
    said = answer(office, with_police, revision="1", summary="Two more", do="publish")
    assert "Choose what you will do about it." in said
    assert "Number 1 is missing" in said
    assert "Number 2 is missing" in said
    assert "Two more" in said
    said = answer(office, with_police, revision="1", do="publish", **WHOLE)
    assert "The answer is published and in the public log." in said
    assert "Version 1, May 4, 2026" in said
    response = Response.objects.get()
    assert (response.summary, response.by) == ("Two more patrols a week.", chief.user)
    said = answer(office, with_police, revision="0", do="publish", **WHOLE)
    assert "Say what you are correcting, and why." in said
    said = answer(office, with_police, revision="1", do="publish", correction="In July.", **WHOLE)
    assert "Version 2" in said
    said = answer(office, with_police, "retract/", reason="It was another quay.")
    assert "withdrew the answer: It was another quay." in said


def test_a_template_is_a_beginning_that_must_be_replaced(
    with_police: Case, chief: Appointment
) -> None:
    office = signed_in(chief.user)
    said = answer(office, with_police, revision="0", do="template", **WHOLE)
    assert "We will do this: [what, and by which day…] From June on." in said
    assert not ResponseDraft.objects.exists()
    details = "We will do this: [what, and by which day…]"
    said = answer(office, with_police, revision="0", do="publish", **{**WHOLE, "details": details})
    assert "“[what, and by which day…]” is still there from the template." in said
    assert not Response.objects.exists()


def test_the_second_of_two_who_write_sees_both_texts(
    staff: User, with_police: Case, chief: Appointment
) -> None:
    term, _password = appoint(
        staff, chief.post, email="office@police.example", name="Office", role="drafts",
        since=MONDAY, verification=Verification("letter", MONDAY),
    )  # fmt: skip
    assert term.user
    term.user.password_is_initial = False
    term.user.save()
    add_second_factor(term.user)
    office, head = signed_in(term.user), signed_in(chief.user)
    answer(office, with_police, revision="0", summary="From the office.", do="save")
    said = answer(head, with_police, revision="0", summary="From the chief.", do="publish", **{
        name: value for name, value in WHOLE.items() if name != "summary"
    })  # fmt: skip
    assert "What Office saved" in said
    assert "From the office." in said
    assert "From the chief." in said
    assert ResponseDraft.objects.get().summary == "From the office."
    html = head.post(
        f"/desk/inbox/{with_police.pk}/", {"revision": "0", "summary": "From the chief."}
    ).content.decode()
    assert 'name="revision" value="1"' in html  # sent again, it replaces the other knowingly
    said = answer(head, with_police, revision="1", summary="From the chief.", do="save")
    assert "Saved." in said
    assert ResponseDraft.objects.get().summary == "From the chief."
    # Whoever drafts publishes nothing, and does nothing in the post's name.
    sent = {"revision": "2", "do": "publish", **WHOLE}
    address = f"/desk/inbox/{with_police.pk}/"
    assert office.post(address, sent).status_code == 403
    assert ResponseDraft.objects.get().summary == "Two more patrols a week."  # kept nonetheless
    assert office.post(f"{address}pause/", {"reason": "Why."}).status_code == 403
    assert not Response.objects.exists()


def test_without_a_second_factor_nothing_is_published(
    with_police: Case, chief: Appointment
) -> None:
    Authenticator.objects.all().delete()
    office = signed_in(chief.user)
    assert "your account needs a passkey" in words(office, f"/desk/inbox/{with_police.pk}/")
    sent = {"revision": "0", "do": "publish", **WHOLE}
    assert office.post(f"/desk/inbox/{with_police.pk}/", sent).status_code == 403
    assert not Response.objects.exists()
    assert ResponseDraft.objects.count() == 1


def test_a_second_person_reads_where_the_host_asks_for_it(
    staff: User, with_police: Case, chief: Appointment
) -> None:
    AnswerRules.objects.update(reviewed=True)
    office = signed_in(chief.user)
    said = answer(office, with_police, revision="0", do="publish", **WHOLE)
    assert "A second person must read this version" in said
    said = answer(office, with_police, revision="1", do="review", **WHOLE)
    assert "somebody else must read it" in said
    deputy, _password = appoint(
        staff, chief.post, email="deputy@police.example", since=MONDAY,
        verification=Verification("letter", MONDAY),
    )  # fmt: skip
    assert deputy.user
    deputy.user.password_is_initial = False
    deputy.user.save()
    add_second_factor(deputy.user)
    said = answer(signed_in(deputy.user), with_police, revision="1", do="review", **WHOLE)
    assert "You have read this version" in said
    said = answer(office, with_police, revision="1", do="publish", **WHOLE)
    assert "The answer is published" in said


def test_an_offered_case_is_read_taken_or_refused_and_its_draft_is_not_shown(
    with_police: Case, chief: Appointment, agent: Appointment
) -> None:
    assert chief.user
    head, other = signed_in(chief.user), signed_in(agent.user)
    answer(head, with_police, revision="0", summary="Our secret plan.", do="save")
    offer(chief.user, with_police, chief.post, agent.post.body, "Only they decide it.")
    assert "Police asks you to take it over" in words(other, "/desk/inbox/")
    text = words(other, f"/desk/inbox/{with_police.pk}/")
    assert "Our secret plan." not in text
    assert "Statement number 1." in text
    said = answer(other, with_police, revision="1", summary="Ours now.", do="save")
    assert ResponseDraft.objects.get().summary == "Our secret plan."
    said = answer(other, with_police, "refuse/", reason="Not our duty.")
    assert "Nothing waits for you." in said
    assert "Agency did not take it" in words(head, f"/desk/inbox/{with_police.pk}/")
    offer(chief.user, with_police, chief.post, agent.post.body, "It is: section 5.")
    assert "Agency took it over." in answer(other, with_police, "accept/")
    assert head.get(f"/desk/inbox/{with_police.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("path", "sent", "said"),
    [
        ("acknowledge/", {}, "has read it"),
        ("pause/", {"reason": "The county has the files."}, "The county has the files."),
        ("extend/", {"days": "3", "reason": "A report."}, "Extended by 3 days"),
        ("extend/", {"days": "0", "reason": "A report."}, "greater than or equal to 1"),
        ("pause/", {"reason": ""}, "This field is required."),
        ("resume/", {}, "Its clock is not paused."),
        ("accept/", {}, "This body was not asked to take it"),
        ("retract/", {"reason": "Why."}, "It is already waiting for an answer."),
        ("offer/", {"to": "1", "reason": "Theirs."}, "Select a valid choice"),
    ],
)
def test_acts_of_a_post_are_done_or_explained(
    with_police: Case, chief: Appointment, path: str, sent: dict[str, str], said: str
) -> None:
    if path == "offer/":
        sent = {**sent, "to": str(chief.post.body_id)}  # itself
    assert said in answer(signed_in(chief.user), with_police, path, **sent)


def test_a_successor_inherits_what_is_owed(
    staff: User, with_police: Case, chief: Appointment, today: list[date]
) -> None:
    end_term(staff, chief, MONDAY)
    today[0] += timedelta(days=1)
    after, _password = appoint(
        staff, chief.post, email="next@police.example", name="B. Example", since=today[0],
        verification=Verification("letter", today[0]),
    )  # fmt: skip
    assert after.user
    after.user.password_is_initial = False
    after.user.save()
    add_second_factor(after.user)
    said = answer(signed_in(after.user), with_police, revision="0", do="publish", **WHOLE)
    assert "The answer is published" in said
    assert Response.objects.get().holder == "B. Example"
    other = make_official(staff, "Parks", "Warden")
    assert "Nothing waits for you." in words(signed_in(other.user), "/desk/inbox/")


def test_what_is_written_for_a_post_that_ended_is_given_back(
    staff: User, with_police: Case, chief: Appointment, agent: Appointment, today: list[date]
) -> None:
    """The day is over, or the case has gone to another body, while the official writes."""
    office, sent = signed_in(chief.user), {"revision": "0", "do": "publish", **WHOLE}
    address = f"/desk/inbox/{with_police.pk}/"
    end_term(staff, chief, MONDAY)
    today[0] += timedelta(days=1)
    late = office.post(address, sent)
    assert late.status_code == 404
    assert "Two more patrols a week.\n\nFrom June on." in late.content.decode()
    assert "It costs too much." in late.content.decode()
    assert "Two more" not in signed_in(agent.user).get("/desk/inbox/").content.decode()
    other = signed_in(staff).post(address, sent)  # who holds no post is told alike
    assert (other.status_code, b"Two more patrols a week." in other.content) == (403, True)
    assert not ResponseDraft.objects.exists()
    assert not Response.objects.exists()
    today[0] = MONDAY  # the control
    assert "The answer is published" in answer(office, with_police, **sent)


@pytest.mark.parametrize("how", ["merged", "withdrawn"])
def test_an_answer_to_what_was_withdrawn_meanwhile_is_published_without_it(
    with_police: Case, chief: Appointment, how: str
) -> None:
    office = signed_in(chief.user)
    first, second = with_police.dialogue.statements.filter(number__in=(1, 2)).order_by("number")
    if how == "merged":
        second.status, second.merged_into, second.reviewed = "merged", first, True
        second.save()
    else:
        second.delete()
    said = answer(office, with_police, revision="0", do="publish", **WHOLE)
    assert "The answer is published" in said
    response = Response.objects.get()
    assert [each.concern.number for each in response.dispositions.all()] == [1]


def test_a_body_that_was_abolished_leaves_its_officials_text_and_its_case_open(
    staff: User, with_police: Case, chief: Appointment
) -> None:
    office = signed_in(chief.user)
    abolish_body(staff, chief.post.body, MONDAY, "Gone.")
    sent = {"revision": "0", "do": "publish", **WHOLE}
    late = office.post(f"/desk/inbox/{with_police.pk}/", sent)
    assert (late.status_code, b"Two more patrols a week." in late.content) == (404, True)
    with_police.refresh_from_db()
    assert (with_police.status, with_police.body) == ("with the body", None)
    assert not Response.objects.exists()
