"""Periodic jobs of answers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.answers.cases.owners import lapse_offers
from middleground.answers.checks.rounds import keep_checks
from middleground.answers.thresholds import note_thresholds
from middleground.answers.triage.suggestions import compare_statements
from middleground.core.jobs import every


@every(
    60.0,
    name="note what is owed an answer, and log what is promised",
    missing=_("The newest map’s list of what is owed an answer is not shown yet."),
)
def note_what_is_owed() -> None:
    note_thresholds()


@every(
    600.0,
    name="end offers that were not answered in time",
    missing=_("Cases are still offered to bodies whose time to reply is over."),
)
def end_offers() -> None:
    lapse_offers()


@every(
    600.0,
    name="ask residents whether answers answer them, and count what they say",
    missing=_("Resident checks do not start or end on time."),
)
def check_answers() -> None:
    keep_checks()


@every(
    60.0,
    name="compare statements for triage",
    missing=_("The triage desk’s suggestions come from an earlier day."),
    own_thread=True,
)
def suggest() -> None:
    compare_statements()
