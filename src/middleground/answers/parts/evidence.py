"""On the pages of a claim and of a source: the answers that rest on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from middleground.answers.responses.citations import cases_citing


def on_claim(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    cases = cases_citing(page["claim"])
    return {"citing": cases} if cases else None


def on_source(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    cases = cases_citing(page["source"])
    return {"citing": cases} if cases else None
