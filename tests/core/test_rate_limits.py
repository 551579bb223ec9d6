"""RateLimit limits each token, and new tokens by network, and stores no address."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from middleground.core import rate_limits
from middleground.core.rate_limits import Counters, Limit, RateLimit, network_of, seconds_to_wait

TIGHT = RateLimit(Limit(3, 60), Limit(2, 60))
HERE, NEAR, FAR = "9.9.9.17", "9.9.9.200", "8.8.8.8"


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    rate_limits.reset()
    monkeypatch.setattr(rate_limits, "RATES", {"vote": TIGHT})
    yield
    rate_limits.reset()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("9.9.9.17", "090909"), ("9.9.9.200", "090909"), ("9.9.8.17", "090908"),
        ("2620:fe:1::9", "262000fe0001"), ("2620:fe:1:2:3::9", "262000fe0001"),
        ("::ffff:9.9.9.17", "090909"), (" 9.9.9.0 ", "090909"),
        ("127.0.0.1", None), ("::1", None), ("10.0.0.7", None), ("192.168.1.2", None),
        ("fe80::1", None), ("fd00::1", None), ("", None), (None, None), ("unix:", None),
        ("9.9.9.17, 8.8.8.8", None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_an_address_is_truncated_to_its_network(address: str | None, network: str | None) -> None:
    assert network_of(address) == network


def test_limiting_one_token_does_not_limit_others() -> None:
    assert [seconds_to_wait("vote", b"a", HERE) > 0 for _ in range(5)] == [False] * 3 + [True] * 2
    assert 0 < seconds_to_wait("vote", b"a", FAR) <= 60
    assert seconds_to_wait("vote", b"b", HERE) == 0


def test_new_tokens_of_a_network_are_limited_and_known_ones_are_not() -> None:
    """Invented cookies do not lock out the known participants of the same network."""
    assert seconds_to_wait("vote", b"known", HERE) == 0
    assert seconds_to_wait("vote", b"second", NEAR) == 0
    assert [seconds_to_wait("vote", b"made up %d" % n, HERE) > 0 for n in range(9)] == [True] * 9
    assert seconds_to_wait("vote", b"known", HERE) == 0
    assert seconds_to_wait("vote", b"elsewhere", FAR) == 0


def test_without_a_known_network_only_tokens_are_limited() -> None:
    assert {seconds_to_wait("vote", b"%d" % n, "127.0.0.1") for n in range(50)} == {0}
    assert [seconds_to_wait("vote", b"a", None) > 0 for _ in range(4)] == [False] * 3 + [True]


def test_a_window_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    at = [1000.0]
    monkeypatch.setattr(rate_limits.time, "monotonic", lambda: at[0])
    for _ in range(3):
        seconds_to_wait("vote", b"a", None)
    assert seconds_to_wait("vote", b"a", None) == 60
    at[0] += 59.5
    assert seconds_to_wait("vote", b"a", None) == 1
    at[0] += 0.5
    assert seconds_to_wait("vote", b"a", None) == 0


def test_neither_address_nor_token_is_stored() -> None:
    token = b"0123456789abcdef"
    seconds_to_wait("vote", token, HERE)
    kept = " ".join(key for window in rate_limits._counters._windows.values() for key in window)
    assert len(kept) > 40
    for told in ("9.9.9", "090909", token.decode(), token.hex()):
        assert told not in kept
    # The control: without the process's key in the hash, all networks could be tried.
    assert len(rate_limits._key) == 32


def test_ended_windows_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    at = [0.0]
    monkeypatch.setattr(rate_limits.time, "monotonic", lambda: at[0])
    counters = Counters()
    for turn in range(20):
        at[0] = turn * 100.0
        for number in range(50):
            counters.increment(f"{turn}:{number}", 60)
    assert counters.reset() <= 100
    gc.collect()


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "MOST_COUNTERS", 100)
    counters = Counters()
    for number in range(1000):
        counters.increment(str(number), 3600)
    assert counters.reset() <= 101


def test_the_header_is_read_only_behind_a_proxy(settings: Any) -> None:
    headers = {"x-network": "9.9.9.0", "x-forwarded-for": "6.6.6.6"}
    assert rate_limits.address_in(headers, "127.0.0.1") == "127.0.0.1"
    settings.NETWORK_HEADER = "x-network"
    assert rate_limits.address_in(headers, "127.0.0.1") == "9.9.9.0"
    assert rate_limits.address_in({}, "9.9.9.9") is None
