"""Figures and tables for pages: calls ``pictures`` with this site's words and minimums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from middleground import pictures
from middleground.dialogues.models import Statement
from middleground.dialogues.results import sentences as strength
from middleground.dialogues.results.published import PublishedMap
from middleground.disclosure.findings import is_disclosed
from middleground.engine.facts import Finding, Rate, StatementFacts
from middleground.pictures import Table, Words
from middleground.pictures.labels import (
    about_participants,
    in_steps,
    participant_count,
    percent,
    who,
    whole_percent,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with a table of the same facts.

    ``method`` is the paragraph on the method's page that explains it, or empty.
    """

    key: str
    svg: SafeString
    table: Table
    caption: str
    method: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement in a list: its text, its bars and a sentence that describes them.

    ``strength`` says how strong the finding is: its margin and what would overturn it.
    """

    statement: Statement
    figure: Figure
    says: str
    strength: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """A table of all statements: the heads of the columns of shares, and the values of each row."""

    heads: list[str]
    rows: list[dict[str, str]]


def words() -> Words:
    """The pictures' words in the reader's language."""
    return _words(get_language() or "")


@lru_cache(maxsize=32)
def _words(language: str) -> Words:  # noqa: ARG001
    return Words(**{field.name: gettext(str(field.default)) for field in fields(Words)})


def counted(count: int, step: int) -> str:
    """A published count of the noun in the sentence: "at least 40", "fewer than 5"."""
    return in_steps(count, words(), step)


def counted_participants(count: int, step: int) -> str:
    """A published count of participants: "at least 40 people"."""
    return participant_count(count, words(), step, step)


def summed_participants(count: int, step: int) -> str:
    """A sum or difference of published counts: "about 40 people"."""
    return about_participants(count, words(), step, step)


def numbers_of_participants(published: PublishedMap) -> dict[str, str]:
    """How many voted, shape the map, and belong to no group for sure; in words."""
    found, minimum = published.facts.diagnostics, published.minimum
    divided = published.facts.status == "groups"
    eligible = summed_participants if divided else counted_participants
    return {
        "people": counted_participants(found.participants, minimum),
        "eligible": eligible(found.eligible, minimum),
        "unsure": summed_participants(found.unsure, minimum),
    }


def map_figure(
    published: PublishedMap,
    *,
    you: tuple[float, float] | None = None,
    zoom: str | None = None,
    href: Callable[[str], str] | None = None,
) -> Figure:
    facts, minimum = published.facts, published.minimum
    svg = pictures.opinion_map(
        facts,
        published.texts,
        you=you,
        zoom=zoom,
        rounding=minimum,
        minimum=minimum,
        href=href if facts.status == "groups" else None,
        words=words(),
    )
    table = pictures.opinion_map_table(facts, rounding=minimum, minimum=minimum, words=words())
    return Figure("map", _safe(svg), table, gettext("The groups and their sizes"), "groups")


def pinned_map(
    published: PublishedMap, *, zoom: str | None, href: Callable[[str], str]
) -> Callable[[tuple[float, float]], SafeString]:
    """What draws the map of ``map_figure`` for many people, each with their own pin."""
    facts, minimum = published.facts, published.minimum
    drawn = pictures.PinnedMap(
        facts,
        published.texts,
        zoom=zoom,
        rounding=minimum,
        minimum=minimum,
        href=href if facts.status == "groups" else None,
        words=words(),
    )
    return lambda you: _safe(drawn.svg(you))


def sureness_figure(published: PublishedMap) -> Figure:
    svg = pictures.sureness(published.facts, minimum=published.minimum, words=words())
    table = pictures.sureness_table(published.facts, minimum=published.minimum, words=words())
    caption = gettext("How clearly people belong to their group")
    return Figure("sure", _safe(svg), table, caption, "unsure")


def tree_figure(index: int, size: int) -> Figure:
    """An entry's Merkle path in the public log."""
    svg = pictures.log_tree(index, size, words=words())
    table = pictures.log_tree_table(index, size, words=words())
    return Figure("tree", _safe(svg), table, gettext("The hashes beside the way"), "")


def rates_figure(key: str, rates: Sequence[Rate], minimum: int) -> Figure:
    svg = pictures.rate_bars(rates, minimum=minimum, prefix=key, words=words())
    table = pictures.rate_bars_table(rates, minimum=minimum, words=words())
    return Figure(key, _safe(svg), table, gettext("Share that agrees"), "intervals")


def votes_figure(key: str, item: StatementFacts, minimum: int) -> Figure:
    svg = pictures.vote_bars(item, minimum=minimum, prefix=key, words=words())
    table = pictures.vote_bars_table(item, minimum=minimum, words=words())
    return Figure(key, _safe(svg), table, gettext("Agree, pass and disagree"), "minimums")


def middle_ground_entries(published: PublishedMap, *, holding: bool, most: int) -> list[Entry]:
    """The first ``most`` statements that are middle ground, or else the next in the ranking."""
    found = [item for item in published.facts.middle_ground if item.holds == holding][:most]
    return [
        _entry(published, "m", item, _weakest_says(item), strength.middle_ground(item))
        for item in found
    ]


def divisive_entries(published: PublishedMap, *, holding: bool, most: int) -> list[Entry]:
    found = [item for item in published.facts.divisive if item.holds == holding][:most]
    return [
        _entry(published, "d", item, _gap_says(item), strength.divisive(item)) for item in found
    ]


def undecided_entries(published: PublishedMap, most: int) -> list[Entry]:
    entries = []
    for item in published.undecided()[:most]:
        statement = published.statements[item.statement]
        figure = votes_figure(f"u{statement.number}", item, published.minimum)
        passed = pictures.shares(item.everyone.tally)[1]
        says = gettext("About %(share)d in 100 pass.") % {"share": passed}
        entries.append(Entry(statement, figure, says))
    return entries


def group_entries(published: PublishedMap, label: str) -> list[Entry]:
    """The statements that characterise a group, with the bars of all groups for comparison."""
    group = next(group for group in published.facts.groups if group.label == label)
    entries = []
    for item in group.representative:
        statement, facts = published.statements[item.statement], published.facts_of(item.statement)
        if facts is None:
            continue
        figure = rates_figure(f"g{label}{statement.number}", facts.groups, published.minimum)
        template = (
            gettext("About %(rate)s of group %(label)s agree, against %(rest)s of the others.")
            if item.direction == "agree"
            else gettext(
                "About %(rate)s of group %(label)s disagree, against %(rest)s of the others."
            )
        )
        says = template % {
            "label": label,
            "rate": percent(item.rate, words()),
            "rest": percent(item.rest, words()),
        }
        entries.append(Entry(statement, figure, says))
    return entries


def overview(published: PublishedMap) -> Overview:
    """The share that agrees with each statement, by group (or of everyone)."""
    facts, spoken, withheld = published.facts, words(), gettext("withheld")
    divided = facts.status == "groups"
    labels = [group.label for group in facts.groups] if divided else [""]
    rows = []
    for key, statement in published.statements.items():
        item = published.facts_of(key)
        shares = {
            rate.group: percent(rate.rate, spoken)
            for rate in (item.groups or (item.everyone,) if item else ())
            if is_disclosed(rate)
        }
        row = {
            "number": str(statement.number),
            "address": statement.get_absolute_url(),
            "text": statement.text,
        }
        for column, label in enumerate(labels, start=1):
            row[f"share{column}"] = shares.get(label, withheld)
        rows.append(row)
    return Overview([who(label, spoken) for label in labels], rows)


def _entry(published: PublishedMap, kind: str, item: Finding, says: str, how_strong: str) -> Entry:
    statement = published.statements[item.statement]
    figure = rates_figure(f"{kind}{statement.number}", item.groups, published.minimum)
    return Entry(statement, figure, says, how_strong)


def _weakest_says(item: Finding) -> str:
    """A sentence on the group that agrees least: its share and interval."""
    told = [rate for rate in item.groups if is_disclosed(rate)]
    if not told:
        return gettext("The shares are withheld: they would tell of small numbers.")
    rate = min(told, key=lambda rate: rate.low)
    if not rate.group:
        return gettext("%(share)s agree; with 90 %% certainty at least %(low)s.") % {
            "share": percent(rate.rate, words()),
            "low": percent(rate.low, words()),
        }
    says = (
        gettext("The weakest support is in %(who)s: %(share)s, between %(low)d and %(high)d.")
        if len(told) == len(item.groups)
        else gettext(
            "The weakest support that can be told is in %(who)s: %(share)s, between %(low)d and"
            " %(high)d."
        )
    )
    return says % {
        "who": who(rate.group, words()),
        "share": percent(rate.rate, words()),
        "low": whole_percent(rate.low),
        "high": whole_percent(rate.high),
    }


def _gap_says(item: Finding) -> str:
    told = [rate for rate in item.groups if is_disclosed(rate)]
    if len(told) < 2:
        return gettext("How far they part is withheld: it would tell of small numbers.")
    most = max(told, key=lambda rate: rate.rate)
    least = min(told, key=lambda rate: rate.rate)
    return gettext("In %(most)s %(high)s agree, in %(least)s %(low)s.") % {
        "most": who(most.group, words()),
        "high": percent(most.rate, words()),
        "least": who(least.group, words()),
        "low": percent(least.rate, words()),
    }


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 -- pictures escape all texts themselves
