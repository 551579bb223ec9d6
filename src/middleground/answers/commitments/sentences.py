"""The history of a commitment in sentences: one template for each kind of event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from middleground.answers.models import CommitmentEvent
from middleground.core import dates
from middleground.core.languages.direction import with_isolates

Kind = CommitmentEvent.Kind
_SENTENCES: dict[str, str | Promise] = {
    Kind.MADE: gettext_lazy("Promised by %(post)s, %(body)s, by %(due)s: %(what)s"),
    Kind.REACHED: gettext_lazy("Milestone reached, says %(post)s, %(body)s: %(step)s"),
    Kind.KEPT: gettext_lazy("Kept, says %(post)s, %(body)s."),
    Kind.GIVEN_UP: gettext_lazy("Given up by %(post)s, %(body)s: %(reason)s"),
    Kind.INHERITED: gettext_lazy("“%(before)s” ended. “%(after)s” now owes what it owed."),
    Kind.ABANDONED: gettext_lazy("“%(before)s” ended. Nobody owes this now."),
}


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """An event as a page tells it; ``words`` and ``link`` are its proof, if it has one."""

    number: int
    on: date
    kind: str
    sentence: str
    document: str
    words: str = ""
    link: str = ""


def story_of(events: Sequence[CommitmentEvent]) -> list[CommitmentLine]:
    """All events, from the first one on."""
    return [
        CommitmentLine(
            event.number,
            event.on,
            event.kind,
            sentence_of(event),
            event.document,
            event.facts.get("words", ""),
            event.facts.get("link", ""),
        )
        for event in events
    ]


def sentence_of(event: CommitmentEvent) -> str:
    """What happened, with the names of that day."""
    facts = dict(event.facts)
    for name in ("due", "to"):
        if name in facts:
            facts[name] = dates.day(date.fromisoformat(facts[name]))
    values = with_isolates(facts)
    if event.kind == Kind.SLIPPED:
        template = (
            _("%(post)s, %(body)s, needs until %(to)s for “%(step)s”: %(reason)s")
            if facts["step"]
            else _("Slipped to %(to)s, says %(post)s, %(body)s: %(reason)s")
        )
        return f"{template % values}"
    return f"{_SENTENCES[event.kind] % values}"
