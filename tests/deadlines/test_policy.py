"""Policies and events as they come in: what is wrong is said, and what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from middleground.deadlines.errors import InvalidDeadline
from middleground.deadlines.events import extended, paused, started
from middleground.deadlines.policy import Policy, Unit, WorkCalendar

FIELDS: dict[str, object] = {
    "amount": 10,
    "unit": "working_days",
    "country": "US",
    "subdivision": "CA",
    "closing_days": ["2026-12-24", "2026-12-31"],
    "very_overdue_after": 30,
}


def test_a_policy_survives_json_and_is_normalised() -> None:
    closed = frozenset({date(2026, 12, 31), date(2026, 12, 24)})
    policy = Policy(10, Unit.WORKING_DAYS, WorkCalendar(" us", "ca ", closed), 30)
    assert policy.to_dict() == FIELDS
    again = Policy.from_dict(json.loads(json.dumps(policy.to_dict())))
    assert (again, hash(again)) == (policy, hash(policy))
    assert WorkCalendar("uk", "eng") == WorkCalendar("GBR", "ENG") == WorkCalendar("GB", "ENG")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": "10"}, "amount"),
        ({"amount": 3651}, "amount"),
        ({"very_overdue_after": -1}, "amount"),
        ({"unit": "months"}, "unit"),
        ({"unit": []}, "unit"),
        ({"country": "ZZ"}, "country"),
        ({"country": "MON"}, "country"),  # a name in the library, and no country
        ({"country": "B3"}, "country"),  # a market of the library
        ({"country": ""}, "country"),
        ({"country": None}, "country"),
        ({"subdivision": "XX"}, "subdivision"),
        ({"subdivision": None}, "subdivision"),
        ({"country": "IL", "subdivision": "TA"}, "subdivision"),
        ({"closing_days": "2026-12-24"}, "closing_days"),
        ({"closing_days": ["24.12.2026"]}, "closing_days"),
        ({"closing_days": [5]}, "closing_days"),
        ({"pauses": []}, "fields"),
    ],
)
def test_a_wrong_policy_is_refused(changes: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidDeadline) as refused:
        Policy.from_dict({**FIELDS, **changes})
    assert refused.value.code == code


def test_the_sentence_says_what_to_do() -> None:
    with pytest.raises(
        InvalidDeadline, match=r"DE has no calendar for 'Bavaria'. Use one of: .*BY"
    ):
        WorkCalendar("DE", "Bavaria")
    with pytest.raises(InvalidDeadline, match=r"IL has no calendar for 'TA'. Leave it empty"):
        WorkCalendar("IL", "TA")
    with pytest.raises(InvalidDeadline, match=r"no holiday calendar for 'ZZ'. Use two letters"):
        WorkCalendar("zz")
    with pytest.raises(InvalidDeadline, match="these were given: none"):
        Policy.from_dict({})
    many = frozenset(date.fromordinal(739000 + n) for n in range(1001))
    with pytest.raises(InvalidDeadline, match="at most 1000 dates"):
        WorkCalendar("US", closing_days=many)
    with pytest.raises(InvalidDeadline, match="The unit 'days' is not known"):
        Policy(1, "days", WorkCalendar("US"), 1)  # type: ignore[arg-type]


def test_pauses_and_extensions_have_a_reason_and_days_have_no_time() -> None:
    day = date(2026, 3, 2)
    for make, code in (
        (lambda: paused(day, " \n"), "reason"),
        (lambda: extended(day, 3, ""), "reason"),
        (lambda: extended(day, 0, "a"), "amount"),
        (lambda: extended(day, -3, "a"), "amount"),
        (lambda: started(datetime(2026, 3, 2, tzinfo=UTC)), "day"),
        (lambda: started("2026-03-02"), "day"),  # type: ignore[arg-type]
    ):
        with pytest.raises(InvalidDeadline) as refused:
            make()
        assert refused.value.code == code


def test_importing_it_does_not_import_the_slow_libraries() -> None:
    program = (
        "import sys\n"
        "from middleground.deadlines import calendar_file, clock, local_days, steps\n"
        "slow = {'holidays', 'icalendar', 'django'}\n"
        "print(slow & set(sys.modules))\n"
        "calendar_file.calendar_file([], 'x')\n"
        "print(slow & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "set()\n{'icalendar'}\n", done.stderr
