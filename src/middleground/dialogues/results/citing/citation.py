"""How to cite a statement's figures, or a whole result: in words, and for reference managers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from middleground.core.site_files.canonical import absolute
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.results.citing.dated import dated_address
from middleground.dialogues.results.figures import words
from middleground.dialogues.results.published import PublishedMap
from middleground.engine.facts import Rate
from middleground.pictures.labels import share_figure, who


@dataclass(frozen=True, slots=True)
class Cited:
    """What is cited. ``key`` is for programs; ``plain`` is the reference in words."""

    key: str
    title: str
    host: str
    day: date
    address: str
    plain: str


def cited_statement(published: PublishedMap, statement: Statement) -> Cited | None:
    """With the figures that its page tells; None if it has none."""
    facts = published.facts_of(statement.pk)
    if facts is None or not facts.everyone.tally.seen:
        return None
    day = timezone.localdate(published.made_at)
    address = absolute(dated_address(published, statement))
    divided = published.facts.status == "groups"
    return _cited(
        published.dialogue.slug,
        statement,
        day,
        address,
        figures=_figures(facts.groups if divided else (facts.everyone,), published.minimum),
        state=_("final") if published.final else _("not final"),
    )


def _cited(
    slug: str, statement: Statement, day: date, address: str, *, figures: str, state: str
) -> Cited:
    dialogue = statement.dialogue
    named = {
        "host": dialogue.host_name,
        "year": day.year,
        "number": statement.number,
        "text": statement.text,
        "question": dialogue.question,
        "figures": figures,
        "date": f"{day:%Y-%m-%d}",
        "state": state,
        "address": address,
    }
    plain = _(
        "%(host)s (%(year)d). Statement %(number)d: “%(text)s” In: %(question)s Share that agrees,"
        " with the range in which it lies with 90%% certainty: %(figures)s. As of %(date)s"
        " (%(state)s). %(address)s"
    )
    title = _("Statement %(number)d: “%(text)s” In: %(question)s") % named
    key = f"{slug}-{statement.number}-{day:%Y%m%d}"
    made_up = _made_up(dialogue)
    return Cited(key, made_up + title, dialogue.host_name, day, address, made_up + plain % named)


def cited_result(published: PublishedMap, address: str, plain: str) -> Cited:
    dialogue, day = published.dialogue, timezone.localdate(published.made_at)
    title = _("%(question)s Results of a dialogue") % {"question": dialogue.question}
    key, made_up = f"{dialogue.slug}-{day:%Y%m%d}", _made_up(dialogue)
    return Cited(key, made_up + title, dialogue.host_name, day, address, made_up + plain)


def _made_up(dialogue: Dialogue) -> str:
    """What each reference to an example begins with, in words and in programs."""
    note = _("Example, all participants are simulated.")
    return f"{note} " if dialogue.simulated else ""


def _figures(rates: Sequence[Rate], minimum: int) -> str:
    spoken = words()
    told = [f"{who(rate.group, spoken)} {share_figure(rate, spoken, minimum)}" for rate in rates]
    return "; ".join(told)
