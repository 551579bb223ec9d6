"""What happens to bodies and posts: nothing of their history is lost, and nothing is ambiguous."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from middleground.people.bodies.changes import (
    abolish_body,
    describe_body,
    merge_body,
    move_body,
    register_body,
    rename_body,
)
from middleground.people.bodies.history import history
from middleground.people.bodies.posts import end_post, make_post, rename_post
from middleground.people.bodies.refusals import BodyRefused
from middleground.people.bodies.terms import appoint, end_term
from middleground.people.models import Body, BodyEvent, Post, User
from support.refused import refused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 4)


@pytest.fixture(autouse=True)
def _on_a_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY)


def told(body: Body) -> list[str]:
    return [entry.sentence for entry in history(body)]


def test_a_body_keeps_its_address_and_its_old_names(keeper: User, police: Body) -> None:
    assert (police.slug, police.get_absolute_url()) == (
        "police-department",
        "/bodies/police-department/",
    )
    assert rename_body(keeper, police, "Department of Safety", TODAY)
    assert not rename_body(keeper, police, "Department of Safety", TODAY)
    assert rename_body(keeper, police, "Office of Safety", TODAY)
    police.refresh_from_db()
    assert (police.slug, police.name) == ("police-department", "Office of Safety")
    assert told(police) == [
        "Renamed from “Department of Safety” to “Office of Safety”.",
        "Renamed from “Police Department” to “Department of Safety”.",
        "Registered by the host as “Police Department”.",
    ]
    # The name is free again, the address is not.
    again = register_body(keeper, name="Police Department", level="city")
    assert again.slug == "police-department-2"
    with refused(BodyRefused, "name_taken"):
        register_body(keeper, name="office of safety", level="city")
    assert register_body(keeper, name="Office of Safety", level="county").slug == "office-of-safety"


def test_days_are_in_order_and_not_to_come(keeper: User, police: Body) -> None:
    rename_body(keeper, police, "Safety", TODAY - timedelta(days=3))
    with refused(BodyRefused, "before_another"):
        rename_body(keeper, police, "Police", TODAY - timedelta(days=4))
    with refused(BodyRefused, "in_the_future"):
        rename_body(keeper, police, "Police", TODAY + timedelta(days=1))
    entry = history(police)[-1]  # a change is told under its own day, whenever it was entered
    assert (entry.on, entry.entered_on) == (TODAY - timedelta(days=3), TODAY)
    police.refresh_from_db()
    assert police.name == "Safety"


def test_a_description_keeps_what_was_said_before(keeper: User, police: Body) -> None:
    assert not describe_body(keeper, police, {"duties": "Patrols."})
    assert describe_body(keeper, police, {"duties": "Patrols, and records.", "level": "county"})
    entry = history(police)[0]
    assert entry.sentence == "Its description was changed."
    assert [(change.field, change.before, change.after) for change in entry.changes] == [
        ("level", "city", "county"),
        ("what it answers for", "Patrols.", "Patrols, and records."),
    ]
    for field, value in (
        ("place", "Los Angeles"),
        ("place", "ocd-division/country:us\n"),
        ("website", "javascript:alert(1)"),
        ("level", "galaxy"),
    ):
        with pytest.raises(ValidationError):
            describe_body(keeper, police, {field: value})
    county = "ocd-division/country:us/state:ca/county:los_angeles"
    assert describe_body(keeper, police, {"place": county, "website": "https://example.gov/"})


def test_bodies_are_parts_of_others_without_a_circle(keeper: User, police: Body) -> None:
    city = register_body(keeper, name="City", level="city")
    bureau = register_body(keeper, name="Bureau", level="city", parent=police)
    assert move_body(keeper, police, city, TODAY)
    assert not move_body(keeper, police, city, TODAY)
    for below in (police, bureau, city):
        with refused(BodyRefused, "own_parent"):
            move_body(keeper, city, below, TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.filter(pk=city.pk).update(parent=city)
    assert move_body(keeper, police, None, TODAY)
    assert told(police)[:2] == ["No longer part of “City”.", "Part of “City” since then."]


def test_a_merged_bodys_posts_and_holders_go_on_in_the_other(
    keeper: User, police: Body, chief: Post
) -> None:
    safety = register_body(keeper, name="Safety", level="city")
    make_post(keeper, safety, "Chief of Police")
    bureau = register_body(keeper, name="Bureau", level="city", parent=police)
    term, _password = appoint(keeper, chief, name="Example Person", since=TODAY)
    with refused(BodyRefused, "into_itself"):
        merge_body(keeper, police, police, TODAY)
    merge_body(keeper, police, safety, TODAY)
    police, bureau, chief = (
        each._meta.model.objects.get(pk=each.pk) for each in (police, bureau, chief)
    )
    assert (police.ended_on, police.heir(), bureau.parent) == (TODAY, safety, safety)
    assert (chief.body, chief.title) == (safety, "Chief of Police (Police Department)")
    term.refresh_from_db()
    assert term.holds(TODAY)
    assert told(police)[0] == "Became part of “Safety”, which has answered for it since then."
    assert told(safety)[:2] == [
        "“Police Department” became part of it.",
        "The post “Chief of Police (Police Department)” came from “Police Department”.",
    ]
    for act in (
        lambda: rename_body(keeper, police, "X", TODAY),
        lambda: merge_body(keeper, police, safety, TODAY),
        lambda: merge_body(keeper, safety, police, TODAY),
        lambda: abolish_body(keeper, police, TODAY, "Why."),
        lambda: make_post(keeper, police, "Clerk"),
        lambda: register_body(keeper, name="Part", level="city", parent=police),
        lambda: move_body(keeper, safety, police, TODAY),
    ):
        with refused(BodyRefused, "ended"):
            act()
    assert not rename_body(keeper, safety, "Safety", TODAY)  # the control: it goes on


def test_an_abolished_body_has_no_heir_and_its_posts_end(
    keeper: User, police: Body, chief: Post
) -> None:
    appoint(keeper, chief, name="Example Person", since=TODAY)
    abolish_body(keeper, police, TODAY, "The town has none any more.")
    police.refresh_from_db()
    chief.refresh_from_db()
    assert (police.ended_on, police.successor, chief.ended_on) == (TODAY, None, TODAY)
    assert not chief.appointments.current(TODAY).exists()
    assert chief.appointments.current(TODAY - timedelta(days=1)).count() == 0  # it began today
    assert told(police)[0] == (
        "Abolished. Nobody took over its duties. The town has none any more."
    )


def test_posts_are_renamed_and_ended(keeper: User, police: Body, chief: Post) -> None:
    with refused(BodyRefused, "title_taken"):
        make_post(keeper, police, "chief of police")
    assert rename_post(keeper, chief, "Commissioner", TODAY)
    assert not rename_post(keeper, chief, "Commissioner", TODAY)
    make_post(keeper, police, "Chief of Police")
    end_post(keeper, chief, TODAY)
    with refused(BodyRefused, "ended"):
        end_post(keeper, chief, TODAY)
    with refused(BodyRefused, "ended"):
        appoint(keeper, chief, name="Example Person", since=TODAY)
    assert told(police)[:4] == [
        "The post “Commissioner” ended.",
        "The post “Chief of Police” was made.",
        "The post “Chief of Police” is now called “Commissioner”.",
        "The post “Chief of Police” was made.",
    ]


def test_the_history_is_written_once(keeper: User, police: Body, chief: Post) -> None:
    term, _password = appoint(keeper, chief, name="Example Person", since=TODAY)
    end_term(keeper, term, TODAY)
    event = police.events.get(kind=BodyEvent.Kind.REGISTERED)
    event.facts = {"name": "Another"}
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    assert told(police) == [
        "Last day of Example Person as “Chief of Police”.",
        "Example Person holds the post “Chief of Police” from this day.",
        "The post “Chief of Police” was made.",
        "Registered by the host as “Police Department”.",
    ]
