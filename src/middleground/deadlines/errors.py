"""What is wrong with a policy, an event, their order or a calendar's entry."""

from __future__ import annotations

SENTENCES = {
    "amount": "The {what} must be a whole number of days from 1 to {most}, not {given!r}.",
    "unit": "The unit {given!r} is not known. Use one of: {units}.",
    "country": "There is no holiday calendar for {given!r}. Use two letters such as US or DE.",
    "subdivision": "{country} has no calendar for {given!r}. {hint}",
    "closing_days": "Closing days must be at most {most} dates such as 2026-12-24, not {given!r}.",
    "fields": "A policy has exactly the fields {expected}, but these were given: {given}.",
    "day": "A day must be a date without a time, not {given!r}. See local_day for a moment's day.",
    "moment": "The moment {given} has no time zone.",
    "zone": "There is no time zone {given!r}. Use a name such as Europe/Berlin.",
    "year": "Days must lie between the years {first} and {last}; {given} is outside.",
    "reason": "A pause and an extension need a reason.",
    "not_started": "The first event must be the start, and there is none before {day}.",
    "not_in_order": "The event of {day} is given after one of {last}. Give events in day order.",
    "started_already": "The clock is started again on {day}. It starts once, then is restarted.",
    "paused_already": "The clock is paused on {day}, but it has been paused since before.",
    "not_paused": "The clock is resumed on {day}, but it is not paused.",
    "not_stopped": "The clock is restarted on {day}, but it is not stopped.",
    "stopped": "The clock is stopped on {day}. Only a restart can follow.",
    "entry": "A calendar's entry needs a one-line {what}, not {given!r}.",
    "same_uid": "Two entries of the calendar have the identifier {given!r}.",
}


class InvalidDeadline(ValueError):
    """``code``: a key of ``SENTENCES``, for translations. ``values``: those in the sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(SENTENCES[code].format(**values))
        self.code = code
        self.values = values
