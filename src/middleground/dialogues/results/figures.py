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
    share_figure,
    share_told,
    who,
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
    facts, minimum = published.facts, published.minimum
    svg = pictures.sureness(facts, rounding=minimum, minimum=minimum, words=words())
    table = pictures.sureness_table(facts, rounding=minimum, minimum=minimum, words=words())
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


def votes_figure(key: str, published: PublishedMap, item: StatementFacts) -> Figure:
    """How many of everyone and of each group gave each answer, in steps."""
    total, by_group = published.total(item.statement), published.bands(item.statement)
    votes = [pictures.CountedVotes("", total.low, total.high)]
    for rate in item.groups:
        bands = by_group[rate.group]
        votes.append(pictures.CountedVotes(rate.group, bands.low, bands.high))
    minimum = published.minimum
    svg = pictures.vote_bars(votes, minimum=minimum, prefix=key, words=words())
    table = pictures.vote_bars_table(votes, minimum=minimum, words=words())
    return Figure(key, _safe(svg), table, gettext("Agree, pass and disagree"), "minimums")


def middle_ground_entries(published: PublishedMap, *, holding: bool, most: int) -> list[Entry]:
    """The first ``most`` statements that are middle ground, or else the next in the ranking."""
    found = [item for item in published.facts.middle_ground if item.holds == holding][:most]
    return [
        _entry(
            published,
            "m",
            item,
            _weakest_says(item, published.minimum),
            strength.middle_ground(item),
        )
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
        figure = votes_figure(f"u{statement.number}", published, item)
        passed = counted_participants(published.total(item.statement).low.passed, published.minimum)
        says = gettext("Passed by %(people)s.") % {"people": passed}
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
            gettext("Group %(label)s agrees more than the others.")
            if item.direction == "agree"
            else gettext("Group %(label)s disagrees more than the others.")
        )
        entries.append(Entry(statement, figure, template % {"label": label}))
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
            rate.group: share_told(rate, spoken)
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


def _weakest_says(item: Finding, minimum: int) -> str:
    """A sentence on the group that agrees least: its share and interval, as far as told."""
    told = [rate for rate in item.groups if is_disclosed(rate)]
    if not told:
        return gettext("The shares are withheld: they would tell of small numbers.")
    rate = min(told, key=lambda rate: rate.low)
    if not rate.group:
        if rate.rate is None:
            return gettext("Of those who answered, %(share)s agree.") % {
                "share": share_told(rate, words())
            }
        return gettext("%(share)s agree; with 90 %% certainty at least %(low)s.") % {
            "share": percent(rate.rate, words()),
            "low": percent(rate.low, words()),
        }
    says = (
        gettext("The weakest support is in %(who)s: %(figure)s.")
        if len(told) == len(item.groups)
        else gettext("The weakest support that can be told is in %(who)s: %(figure)s.")
    )
    return says % {
        "who": who(rate.group, words()),
        "figure": share_figure(rate, words(), minimum),
    }


def _gap_says(item: Finding) -> str:
    told = [rate for rate in item.groups if is_disclosed(rate)]
    if len(told) < 2:
        return gettext("How far they part is withheld: it would tell of small numbers.")
    most = max(told, key=lambda rate: rate.middle)
    least = min(told, key=lambda rate: rate.middle)
    return gettext("In %(most)s %(high)s agree, in %(least)s %(low)s.") % {
        "most": who(most.group, words()),
        "high": share_told(most, words()),
        "least": who(least.group, words()),
        "low": share_told(least, words()),
    }


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 -- pictures escape all texts themselves
