"""Periodic jobs of answers."""

from __future__ import annotations

from middleground.answers.cases.owners import lapse_offers
from middleground.answers.checks.rounds import keep_checks
from middleground.answers.thresholds import note_thresholds
from middleground.answers.triage.suggestions import compare_statements
from middleground.core.jobs import every


@every(60.0, name="note what is owed an answer, and log what is promised")
def note_what_is_owed() -> None:
    note_thresholds()


@every(600.0, name="end offers that were not answered in time")
def end_offers() -> None:
    lapse_offers()


@every(600.0, name="ask residents whether answers answer them, and count what they say")
def check_answers() -> None:
    keep_checks()


@every(60.0, name="compare statements for triage", own_thread=True)
def suggest() -> None:
    compare_statements()
