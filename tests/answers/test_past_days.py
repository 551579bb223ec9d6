"""What is entered for a past day happened on that day, and everything else happens today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from answers.commitments.promised import promise
from answers.entered import make_case
from evidence.entered import make_claim, make_source
from middleground.answers.cases.gathering import set_aside
from middleground.answers.cases.owners import acknowledge
from middleground.answers.models import Concern
from middleground.core import dates
from middleground.dialogues.models import Dialogue
from middleground.people.bodies.changes import register_body
from middleground.people.models import Appointment, User

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
MARCH = date(2026, 3, 2)


def test_verbs_happen_on_the_day_that_is_entered(
    staff: User, harbour: Dialogue, chief: Appointment, today: list[date]
) -> None:
    """The chief's term begins on the Monday: before it nobody's name stands below an answer."""
    with dates.entering(MARCH):
        body = register_body(staff, name="Port Authority", level="city")
        case = make_case(staff, harbour, 1)
        commitment = promise(case, chief)
        set_aside(harbour, [3], "nothing asked")
        claim = make_claim(staff, harbour)
        with dates.entering(MARCH - timedelta(days=1)):
            assert dates.today() == date(2026, 3, 1)
        assert dates.today() == MARCH
    case.refresh_from_db()
    assert {event.on for event in case.events.all()} == {MARCH}
    assert (case.opened_on, case.answered_on) == (MARCH, MARCH)
    response = case.responses.get()
    assert (response.published_on, response.holder) == (MARCH, "")
    assert (commitment.made_on, commitment.events.get().facts["holder"]) == (MARCH, "")
    assert {event.entered_on for event in body.events.all()} == {MARCH}
    assert Concern.objects.get(number=3).set_aside_on == MARCH
    assert {claim.added_on, *(each.added_on for each in harbour.sources.all())} == {MARCH}

    assert dates.today() == today[0] == date(2026, 5, 4)
    other = make_case(staff, harbour, 2)
    assert promise(other, chief).made_on == today[0]
    assert other.responses.get().holder == "A. Example"
    assert make_source(staff, harbour, title="Another").added_on == today[0]
    third = make_case(staff, harbour, 3)
    with pytest.raises(ValueError, match="is to come"), dates.entering(date(2026, 5, 5)):
        acknowledge(staff, third, chief.post)
    assert third.events.count() == 1
    assert dates.today() == today[0]
