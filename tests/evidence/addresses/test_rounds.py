"""Which addresses are looked at, when again, and when one is called dead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.checks import ERROR

from evidence.addresses.web import AGENT, asking, web_server
from evidence.entered import make_source, source_values
from middleground.config.doctor.database import check_source_looks
from middleground.dialogues.models import Dialogue
from middleground.evidence import jobs
from middleground.evidence.actions.sources import edit_source, withdraw_source
from middleground.evidence.addresses.asking import Asking
from middleground.evidence.addresses.look import AddressLook, Found
from middleground.evidence.addresses.rounds import (
    AT_ONCE,
    asking_for_host,
    look_at_due,
    reach_out,
)
from middleground.evidence.models import AddressState, Source
from middleground.people.models import User
from support.cast import make_dialogue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
FIRST = date(2026, 5, 1)
ONE = "https://one.example/a"
OTHER = "https://other.example/b"


class Outside:
    """What each address does; all others answer. It keeps what was asked."""

    def __init__(self, **_: Any) -> None:
        self.does: dict[str, AddressLook] = {}
        self.asked: list[str] = []

    def __call__(self, address: str, asking: Asking, now: datetime) -> AddressLook:  # noqa: ARG002
        self.asked.append(address)
        return self.does.get(address, AddressLook(Found.ANSWERS))

    def round(self, days: float = 0) -> list[str]:
        """Look at what is due so many days later, and return what was asked."""
        self.asked = []
        look_at_due(Asking(AGENT), NOW + timedelta(days=days), self)
        return self.asked


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def source(dialogue: Dialogue, moderator: User) -> Source:
    return make_source(moderator, dialogue, address=ONE)


@pytest.fixture
def other(dialogue: Dialogue, moderator: User) -> Source:
    return make_source(moderator, dialogue, title="Other", address=OTHER)


def state_of(source: Source) -> AddressState:
    return AddressState.objects.get(source=source)


def test_an_address_that_answers_is_looked_at_once_a_week(
    source: Source, outside: Outside, settings: Any
) -> None:
    assert outside.round() == [ONE]
    state = state_of(source)
    assert (state.answered_on, state.dead_since, state.failures) == (FIRST, None, 0)
    assert (outside.round(6.9), outside.round(7)) == ([], [ONE])
    settings.SOURCE_LOOK_DAYS = 2
    assert (outside.round(14), outside.round(15), outside.round(16)) == ([ONE], [], [ONE])


def test_dead_is_what_fails_three_times_over_three_days(source: Source, outside: Outside) -> None:
    outside.round()
    outside.does[ONE] = AddressLook(Found.FAILS)
    for day, failures, dead in ((7, 1, None), (8, 2, None), (9, 3, None), (10, 3, 8)):
        assert outside.round(day) == [ONE]
        state = state_of(source)
        since = dead and FIRST + timedelta(days=7)
        assert (state.failures, state.dead_since, state.answered_on) == (failures, since, FIRST)
    assert (outside.round(11), outside.round(17)) == ([], [ONE])  # weekly again
    outside.does.clear()
    outside.round(24)
    state = state_of(source)
    assert (state.dead_since, state.failing_since, state.failures) == (None, None, 0)
    assert state.answered_on == FIRST + timedelta(days=24)


def test_many_failures_in_one_day_are_not_dead(source: Source, outside: Outside) -> None:
    outside.does[ONE] = AddressLook(Found.FAILS)
    for _ in range(9):
        AddressState.objects.update(next_at=NOW)
        outside.round()
    assert (state_of(source).failures, state_of(source).dead_since) == (3, None)


def test_one_success_between_begins_anew(source: Source, outside: Outside) -> None:
    for day, look in enumerate((Found.FAILS, Found.FAILS, Found.ANSWERS)):
        outside.does[ONE] = AddressLook(look)
        outside.round(day)
    outside.does[ONE] = AddressLook(Found.FAILS)
    outside.round(9)
    assert (state_of(source).failures, state_of(source).dead_since) == (1, None)


def test_a_machine_that_reaches_nobody_calls_nothing_dead(
    source: Source, other: Source, outside: Outside
) -> None:
    outside.does = dict.fromkeys((ONE, OTHER), AddressLook(Found.SILENT))
    for day in range(9):
        outside.round(day)
    for each in (source, other):
        state = state_of(each)
        assert (state.failures, state.answered_on, state.dead_since) == (0, None, None)
    # The control: once another host answers, the same silence counts.
    del outside.does[OTHER]
    for day in range(10, 14):
        outside.round(day)
    assert state_of(source).dead_since == FIRST + timedelta(days=10)


def test_before_silence_counts_a_host_that_answered_is_asked(
    source: Source, other: Source, outside: Outside
) -> None:
    outside.round()
    outside.does[ONE] = AddressLook(Found.SILENT)
    outside.round(7)
    assert state_of(source).failures == 1
    assert outside.round(8) == [ONE, OTHER]  # the second one is not due
    assert state_of(source).failures == 2
    outside.does[OTHER] = AddressLook(Found.SILENT)
    assert outside.round(9) == [ONE, OTHER]
    assert state_of(source).failures == 2
    assert state_of(other).failures == 0


@pytest.mark.parametrize(
    ("wait", "again"),
    [
        (0, timedelta(days=1)), (5, timedelta(hours=1)), (7_200, timedelta(hours=2)),
        (999_999_999, timedelta(days=30)),
    ],
)  # fmt: skip
def test_who_asks_to_come_later_is_left_alone(
    source: Source, outside: Outside, wait: int, again: timedelta
) -> None:
    outside.does[ONE] = AddressLook(Found.BUSY, wait)
    outside.round()
    state = state_of(source)
    assert state.next_at == NOW + again
    assert (state.failures, state.answered_on, state.dead_since) == (0, None, None)


def test_what_the_guard_refuses_is_not_checked(source: Source, outside: Outside) -> None:
    outside.round()
    outside.does[ONE] = AddressLook(Found.REFUSED)
    outside.round(7)
    state = state_of(source)
    assert (state.failures, state.answered_on, state.dead_since) == (0, None, None)


def test_a_look_that_breaks_stops_no_other(
    source: Source, other: Source, outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(address: str, asking: Asking, now: datetime) -> AddressLook:
        if address == ONE:
            raise OverflowError("signed integer is greater than maximum")
        return outside(address, asking, now)

    assert look_at_due(Asking(AGENT), NOW, breaks) == 2
    assert (state_of(source).failures, state_of(other).answered_on) == (1, FIRST)
    assert state_of(source).next_at == NOW + timedelta(days=1)  # as one that is silent
    assert reach_out(Asking(AGENT), NOW, breaks) == (2, True)
    told = f"The look at the address of source {source.pk} failed."
    assert [record.getMessage() for record in caplog.records] == [told, told]
    # Also where it is the host that is asked whether this machine reaches anybody.
    AddressState.objects.filter(source=source).update(answered_on=FIRST)
    outside.does[OTHER] = AddressLook(Found.SILENT)
    AddressState.objects.filter(source=other).update(next_at=NOW)
    assert look_at_due(Asking(AGENT), NOW, breaks) == 1
    assert state_of(other).failures == 0


def test_a_changed_address_is_looked_at_anew(
    source: Source, outside: Outside, moderator: User
) -> None:
    outside.does[ONE] = AddressLook(Found.FAILS)
    for day in range(4):
        outside.round(day)
    assert state_of(source).dead_since == FIRST
    moved = "https://one.example/moved"
    edit_source(moderator, source, source_values(address=moved), 0)
    source = Source.objects.get(pk=source.pk)
    assert source.looked_at is None
    assert outside.round(4) == [moved]
    assert state_of(source).dead_since is None


def test_an_address_that_is_changed_during_the_look_keeps_nothing(
    source: Source, outside: Outside
) -> None:
    def changed(address: str, asking: Asking, now: datetime) -> AddressLook:
        Source.objects.update(address="https://one.example/moved")
        return outside(address, asking, now)

    assert look_at_due(Asking(AGENT), NOW, changed) == 1
    assert not AddressState.objects.exists()


def test_only_listed_sources_of_public_dialogues_are_looked_at(
    dialogue: Dialogue, moderator: User, outside: Outside
) -> None:
    draft = make_dialogue("draft", state="draft")
    make_source(moderator, draft, address="https://draft.example/")
    gone = make_source(moderator, dialogue, title="Gone", address="https://gone.example/")
    withdraw_source(moderator, gone, "Retracted.")
    make_source(moderator, dialogue, title="Book")
    assert outside.round() == []
    make_source(moderator, dialogue, address=ONE)
    assert outside.round() == [ONE]  # the control


def test_a_round_asks_each_host_once_and_not_too_many(
    dialogue: Dialogue, moderator: User, outside: Outside
) -> None:
    for n in range(3):
        make_source(moderator, dialogue, title=f"A {n}", address=f"https://one.example/{n}")
    for n in range(AT_ONCE):
        make_source(moderator, dialogue, title=f"B {n}", address=f"https://h{n}.example/")
    first = outside.round()
    assert (len(first), sum("one.example" in each for each in first)) == (AT_ONCE, 1)
    assert outside.round() == ["https://one.example/1", f"https://h{AT_ONCE - 1}.example/"]


def test_the_job_calls_nobody_unless_the_host_lets_it(
    source: Source, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    done: list[Asking] = []
    monkeypatch.setattr(jobs, "look_at_due", lambda how, _now: done.append(how))
    jobs.look_at_addresses()
    assert done == []
    settings.LOOK_AT_SOURCES = True
    settings.ORIGIN = "https://harbour.example"
    jobs.look_at_addresses()
    assert [how.agent for how in done] == [AGENT]
    assert done[0].guard == asking_for_host().guard == Asking(AGENT).guard  # public ones only


def test_a_real_server_is_looked_at(dialogue: Dialogue, moderator: User) -> None:
    with web_server() as server:
        server.says("/there", 200)
        there = make_source(moderator, dialogue, address=server.url("/there"))
        gone = make_source(moderator, dialogue, title="x", address=server.url("/gone", "b.test"))
        assert look_at_due(asking(server.port), NOW) == 2
        assert (state_of(there).answered_on, state_of(gone).failures) == (FIRST, 1)
        assert server.asked == [("HEAD", "/there"), ("HEAD", "/gone"), ("GET", "/gone")]


def test_the_doctor_asks_a_few_hosts(dialogue: Dialogue, moderator: User, outside: Outside) -> None:
    assert reach_out(Asking(AGENT), NOW, outside) == (0, False)
    for n in range(5):
        address = f"https://h{n}.example/"
        make_source(moderator, dialogue, title=f"B {n}", address=address)
        outside.does[address] = AddressLook(Found.SILENT)
    assert reach_out(Asking(AGENT), NOW, outside) == (3, False)
    outside.does["https://h1.example/"] = AddressLook(Found.FAILS)  # a web server said so
    assert reach_out(Asking(AGENT), NOW, outside) == (2, True)
    assert not AddressState.objects.exists()


def test_the_doctor_says_so_where_looks_are_allowed_and_reach_nobody(
    dialogue: Dialogue, moderator: User, settings: Any
) -> None:
    """Nothing leaves the machine: the guard refuses the address by its number."""
    assert list(check_source_looks()) == []
    settings.LOOK_AT_SOURCES = True
    assert [found.id for found in check_source_looks()] == ["middleground.I095"]
    make_source(moderator, dialogue, address="http://127.0.0.1/")
    [found] = check_source_looks()
    assert (found.id, found.level) == ("middleground.E094", ERROR)
    assert found.msg == "It is 1, and none of 1 hosts of sources answers."
