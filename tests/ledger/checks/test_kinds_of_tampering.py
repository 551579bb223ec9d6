"""Every kind of tampering with a closed dialogue is found by the check that names it, or listed.

The host has the log's key: it signs whatever it likes. Attacks by whoever has no key, or forks the
log, are in ``test_attacks_on_the_log.py``; those on receipts and promises in ``test_receipts.py``
and ``notes/test_promises.py``. ``UNSEEN`` lists what no check can find, and why.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.checking import check, failing
from ledger.tampering.closing import FILES, RECORDS
from ledger.tampering.kinds import Tampering
from ledger.tampering.lists import LISTS
from ledger.tampering.maps import HONEST as HONEST_MAPS
from ledger.tampering.maps import MAPS
from ledger.tampering.own_reasons import HONEST_REASONS, REASONS
from ledger.tampering.totals import TOTALS
from ledger.tampering.unseen import UNSEEN, Unseen
from ledger.town import Close, Town, copy

SEEN = [*TOTALS, *LISTS, *RECORDS, *FILES, *MAPS, *REASONS]
HONEST = HONEST_MAPS | HONEST_REASONS


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_close_holds(open_town: Town, name: str) -> None:
    """The control: with nothing changed, or what an honest host changes, no check fails."""
    close = Close(open_town)
    HONEST[name](close)
    close.publish()
    assert failing(check(open_town)) == {}


def test_there_are_many_kinds_and_none_twice() -> None:
    names = [each.name for each in (*SEEN, *UNSEEN)]
    assert len(set(names)) == len(names) >= 60


@pytest.mark.parametrize("tampering", SEEN, ids=lambda each: each.name)
def test_a_kind_of_tampering_is_found(open_town: Town, tampering: Tampering) -> None:
    close = Close(open_town)
    tampering.change(close)
    close.publish()
    assert set(failing(check(open_town))) == tampering.subjects


@pytest.mark.parametrize("unseen", UNSEEN, ids=lambda each: each.name)
def test_a_kind_that_cannot_be_found_is_known(open_town: Town, unseen: Unseen) -> None:
    """If a check finds it some day, this test fails and the kind moves to the other table."""
    close = Close(open_town)
    unseen.change(close)
    close.publish()
    assert failing(check(open_town)) == {}
    assert unseen.reason


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_changed_byte_that_the_host_signs_is_found(
    original_open: Town, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """In a list whose votes are all counted, and in the totals. No content raises."""

    def change(before: bytes) -> bytes:
        changed = bytearray(before)
        changed[data.draw(st.integers(0, len(before) - 1))] ^= data.draw(st.integers(1, 255))
        return bytes(changed)

    town = copy(original_open, tmp_path_factory.mktemp("signed"))
    close = Close(town)
    if data.draw(st.booleans()):
        close.list_bytes[1] = change
        expected = {"list", "total"}
    else:
        close.totals_bytes = change
        expected = {"total"}
    close.publish()
    assert set() < set(failing(check(town))) <= expected
