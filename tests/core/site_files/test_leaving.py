"""Where “Leave this page quickly” may lead."""

from __future__ import annotations

import pytest

from middleground.config.environment import Misconfigured, exit_address


def test_it_leads_to_a_page_elsewhere_or_to_the_blank_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIDDLEGROUND_ORIGIN", "https://dialogue.example")
    for good in ("", "https://weather.example", "https://county.example/start?day=1"):
        assert exit_address(good) == good


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("http://weather.example", "must be an address with https://"),
        ("weather.example", "must be an address with https://"),
        ("javascript:close()", "must be an address with https://"),
        ("https://", "must be an address with https://"),
        ("https://weather.example/a b", "must be an address with https://"),
        ("https://dialogue.example/method/", "must lead to another site than this one"),
        ("https://DIALOGUE.example", "must lead to another site than this one"),
    ],
)
def test_an_address_that_would_betray_or_fail_is_refused(
    monkeypatch: pytest.MonkeyPatch, bad: str, reason: str
) -> None:
    monkeypatch.setenv("MIDDLEGROUND_ORIGIN", "https://dialogue.example")
    with pytest.raises(Misconfigured, match=f"MIDDLEGROUND_EXIT {reason}"):
        exit_address(bad)
