"""Periodic jobs of answers."""

from __future__ import annotations

from middleground.answers.cases.owners import lapse_offers
from middleground.core.jobs import every


@every(600.0, name="end offers that were not answered in time")
def end_offers() -> None:
    lapse_offers()
