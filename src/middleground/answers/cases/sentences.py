"""The history of a case in sentences: one template for each kind of event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from middleground.answers.cases.story import Happened
from middleground.answers.models import CaseEvent, Resolution
from middleground.core.dates import day
from middleground.core.languages.direction import with_isolates

Kind = CaseEvent.Kind
_SENTENCES: dict[str, str | Promise] = {
    Kind.OPENED: gettext_lazy("The host opened the case. Its clock starts."),
    Kind.DESCRIBED: gettext_lazy("The host changed its title or summary."),
    Kind.INHERITED: gettext_lazy("“%(before)s” ended. “%(after)s” now has its duties."),
    Kind.ABANDONED: gettext_lazy("“%(before)s” ended. Nobody has its duties now."),
    Kind.ACKNOWLEDGED: gettext_lazy("%(post)s, %(body)s, has read it."),
    Kind.PAUSED: gettext_lazy("Clock paused by %(post)s, %(body)s: %(reason)s"),
    Kind.RESUMED: gettext_lazy("The clock runs again."),
    Kind.OFFERED: gettext_lazy("%(body)s offered it to %(to)s: %(reason)s"),
    Kind.ACCEPTED: gettext_lazy("%(body)s took it over."),
    Kind.REFUSED: gettext_lazy("%(body)s did not take it: %(reason)s"),
    Kind.LAPSED: gettext_lazy("%(body)s did not say in time if it takes it."),
    Kind.ANSWERED: gettext_lazy("Answered by %(post)s, %(body)s: %(said)s."),
    Kind.CORRECTED: gettext_lazy("%(post)s, %(body)s, corrected the answer: %(reason)s"),
    Kind.RETRACTED: gettext_lazy("%(post)s, %(body)s, withdrew the answer: %(reason)s"),
    Kind.REOPENED: gettext_lazy("Reopened: %(reason)s"),
    Kind.CLOSED: gettext_lazy("Closed: %(reason)s"),
}


@dataclass(frozen=True, slots=True)
class StoryLine:
    """An event as a page tells it."""

    on: date
    kind: str
    sentence: str


def story_of(events: list[CaseEvent]) -> list[StoryLine]:
    return [StoryLine(event.on, event.kind, sentence_of(event)) for event in events]


def sentence_of(event: Happened) -> str:
    """What happened, with the names of that day."""
    facts, kind = event.facts, event.kind
    if kind in (Kind.GATHERED, Kind.RELEASED):
        return f"{_of_concerns(kind, len(facts['concerns']))}{_owed(facts)}"
    if kind == Kind.OPENED and "since" in facts:
        return f"{_('The host opened the case.')}{_owed(facts)}"
    if kind == Kind.ASSIGNED:
        template = (
            _("It is with %(post)s, %(body)s.") if facts["post"] else _("It is with %(body)s.")
        )
        return f"{template % with_isolates(facts)}"
    if kind == Kind.EXTENDED:
        template = ngettext(
            "Extended by %(days)d day by %(post)s, %(body)s: %(reason)s",
            "Extended by %(days)d days by %(post)s, %(body)s: %(reason)s",
            facts["days"],
        )
        return f"{template % with_isolates(facts)}"
    if kind == Kind.LAPSED and facts.get("ended"):
        ended = _("“%(body)s” ended before it said if it takes it.")
        return f"{ended % with_isolates(facts)}"
    if kind == Kind.REOPENED:
        facts = {"reason": reason_of(event)}
    if kind == Kind.ANSWERED:
        facts = {**facts, "said": str(Resolution(facts["resolution"]).label)}
    return f"{_SENTENCES[kind] % with_isolates(facts)}"


def _owed(facts: dict[str, Any]) -> str:
    """Since when the clock runs by the rules of the dialogue."""
    if "since" not in facts:
        return ""
    template = _("By the dialogue’s rules, an answer is owed; its time runs from %(day)s.")
    return " " + template % {"day": day(date.fromisoformat(facts["since"]))}


def reason_of(event: Happened) -> str:
    """Why it was corrected, withdrawn or reopened."""
    if "check" not in event.facts:
        return str(event.facts["reason"])
    return ngettext(
        "the published numbers show that more than %(n)d percent of the "
        "residents who replied say the answer does not answer their concern.",
        "the published numbers show that more than %(n)d percent of the "
        "residents who replied say the answer does not answer their concern.",
        event.facts["percent"],
    ) % {"n": event.facts["percent"]}


def _of_concerns(kind: str, number: int) -> str:
    if kind == Kind.GATHERED:
        template = ngettext(
            "%(n)d more concern is part of it.", "%(n)d more concerns are part of it.", number
        )
    else:
        template = ngettext(
            "%(n)d concern is no longer part of it.",
            "%(n)d concerns are no longer part of it.",
            number,
        )
    return template % {"n": number}
