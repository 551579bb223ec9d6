"""Statements in lists: what each says of the groups, in bars and in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from middleground.dialogues.models import Statement
from middleground.dialogues.results import sentences as strength
from middleground.dialogues.results.figures import (
    Figure,
    counted_participants,
    rates_figure,
    statement_file,
    votes_figure,
    words,
)
from middleground.dialogues.results.published import PublishedMap
from middleground.disclosure.findings import is_disclosed, least_told, most_told
from middleground.engine.facts import Finding, Rate
from middleground.pictures.labels import percent, share_told, who
from middleground.texts.language import language_of

_HALF = 0.5  # of those who answered: what more of them agree with may be middle ground


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement in a list: its text, its bars and what these do not say themselves.

    ``strength`` says more of how strong the finding is: its margin and what would overturn it.
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


def middle_ground_entries(published: PublishedMap, *, holding: bool, most: int) -> list[Entry]:
    """The first ``most`` statements that are middle ground, or else of those that may become so."""
    ranked = published.facts.middle_ground
    found = [item for item in ranked if item.holds == holding and not _is_turned_down(item)][:most]
    return [
        _entry(
            published,
            "m",
            item,
            _least_says(item),
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
    """The statements that characterize a group, with the bars of all groups for comparison."""
    group = next(group for group in published.facts.groups if group.label == label)
    entries = []
    for item in group.representative:
        statement, facts = published.statements[item.statement], published.facts_of(item.statement)
        if facts is None:
            continue
        figure = _bars(published, f"g{label}", statement, facts.groups)
        says = (
            gettext("Agrees more than the others.")
            if item.direction == "agree"
            else gettext("Disagrees more than the others.")
        )
        entries.append(Entry(statement, figure, says))
    return entries


def overview(published: PublishedMap) -> Overview:
    """The share that agrees with each statement, by group (or of everyone)."""
    facts, spoken, withheld = published.facts, words(), gettext("withheld")
    divided = facts.status == "groups"
    labels = [group.label for group in facts.groups] if divided else [""]
    rows, page_language = [], get_language() or ""
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
            "lang": statement.language or language_of(statement.text) or page_language,
        }
        for column, label in enumerate(labels, start=1):
            row[f"share{column}"] = shares.get(label, withheld)
        rows.append(row)
    return Overview([who(label, spoken) for label in labels], rows)


def _entry(published: PublishedMap, kind: str, item: Finding, says: str, how_strong: str) -> Entry:
    statement = published.statements[item.statement]
    figure = _bars(published, kind, statement, item.groups)
    return Entry(statement, figure, says, how_strong)


def _bars(
    published: PublishedMap, kind: str, statement: Statement, rates: Sequence[Rate]
) -> Figure:
    """The groups' bars without a scale, which the file of the statement has."""
    key, file = f"{kind}{statement.number}", statement_file(published, statement.number, "rates")
    return rates_figure(key, rates, published.minimum, scale=False, file=file)


def _is_turned_down(item: Finding) -> bool:
    """Whether a group surely does not agree: more votes would hardly decide it otherwise."""
    return any(is_disclosed(rate) and rate.high <= _HALF for rate in item.groups)


def _least_says(item: Finding) -> str:
    """A sentence on the least that agree in every group, as far as it is told."""
    told = [rate for rate in item.groups if is_disclosed(rate)]
    if not told:
        return gettext("We do not show the shares: the numbers are too small.")
    rate = min(told, key=lambda rate: (rate.low, rate.high))
    named = {
        "who": who(rate.group, words()),
        "least": percent(rate.low, words()),
        "told": share_told(rate, words()),
    }
    if item.holds and rate.has_interval and rate.low < _HALF:
        says = _more_than_half(item, told)
    elif not rate.has_interval:
        says = gettext("At least %(least)s of each group agree.")
    elif not item.holds and rate.low == 0 and rate.group:
        says = gettext("Not certain: %(told)s agree (%(who)s).")
    elif not item.holds and rate.low == 0:
        says = gettext("Not certain: %(told)s agree.")
    elif not item.holds and rate.group:
        says = gettext("Not certain: it may be that only %(least)s agree (%(who)s).")
    elif not item.holds:
        says = gettext("Not certain: it may be that only %(least)s agree.")
    elif not rate.group:
        says = gettext("At least %(least)s agree, 90%% certain.")
    elif len(told) < len(item.groups):
        says = gettext("At least %(least)s agree in each group that can be told, 90%% certain.")
    else:
        says = gettext("At least %(least)s agree in each group, 90%% certain.")
    return says % named


def _more_than_half(item: Finding, told: Sequence[Rate]) -> str:
    """Of what is 90 % sure to be above one half, while the interval's end, 95 % sure, is below it.

    A figure in this sentence would be a second one beside the interval of the bar.
    """
    if not any(rate.group for rate in told):
        return gettext("More than half agree, 90%% certain.")
    if len(told) < len(item.groups):
        return gettext("More than half agree in each group that can be told, 90%% certain.")
    return gettext("More than half agree in each group, 90%% certain.")


def _gap_says(item: Finding) -> str:
    """Nothing where the bars show that the groups are apart."""
    told = [rate for rate in item.groups if is_disclosed(rate)]
    most, least = max(told, key=least_told, default=None), min(told, key=most_told, default=None)
    if most is None or least is None or not _are_apart(item, most, least):
        return gettext("We do not show how far apart they are: the numbers are too small.")
    return ""


def _are_apart(item: Finding, most: Rate, least: Rate) -> bool:
    """Whether these two surely differ, and are the ones that make the statement divisive.

    Ranges that overlap show no difference. Of three groups or more it may be another that answers
    differently, unless of these two one agrees and the other does not.
    """
    if least_told(most) <= most_told(least):
        return False
    opposed = most_told(least) < _HALF < least_told(most)
    return opposed or not item.holds or len(item.groups) == 2
