"""The result in three sentences: what is shared, what divides, and what this rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from middleground.dialogues.models import Statement
from middleground.dialogues.results.figures import words
from middleground.dialogues.results.lists import comma_list
from middleground.dialogues.results.published import PublishedMap
from middleground.disclosure.findings import is_disclosed
from middleground.engine.facts import Finding, Rate
from middleground.pictures.labels import share_told, share_withheld


@dataclass(frozen=True, slots=True)
class Foremost:
    """The first of ``count`` findings of a kind, and the groups' shares: "A 77%, B withheld"."""

    count: int
    statement: Statement
    shares: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands first on map and results; None where there is no such finding."""

    divided: bool
    shared: Foremost | None
    split: Foremost | None


@dataclass(frozen=True, slots=True)
class StatementCounts:
    """Of ``all`` public statements, how many have a share of each group told, and how many not."""

    all: int
    told: int

    @property
    def waiting(self) -> int:
        return self.all - self.told


def statement_counts(published: PublishedMap) -> StatementCounts:
    """Told are those that the picture of statements can show."""
    divided, spoken = published.facts.status == "groups", words()
    told = 0
    for item in published.facts.statements:
        rates = item.groups if divided else (item.everyone,)
        withheld = (share_withheld(rate, spoken, published.minimum) for rate in rates)
        told += item.statement in published.statements and not any(withheld)
    return StatementCounts(len(published.statements), told)


def summary(published: PublishedMap) -> Summary:
    facts = published.facts
    divided = facts.status == "groups"
    return Summary(
        divided,
        _foremost(published, facts.middle_ground),
        _foremost(published, facts.divisive) if divided else None,
    )


def _foremost(published: PublishedMap, ranked: Sequence[Finding]) -> Foremost | None:
    holding = [item for item in ranked if item.holds]
    if not holding:
        return None
    first = holding[0]
    return Foremost(len(holding), published.statements[first.statement], _shares(published, first))


def _shares(published: PublishedMap, finding: Finding) -> str:
    """The share of every group, also that one is withheld; empty if all are."""
    told = {rate.group: rate for rate in finding.groups if is_disclosed(rate)}
    if not told:
        return ""
    divided = published.facts.status == "groups"
    labels = [group.label for group in published.facts.groups] if divided else [""]
    return comma_list([_share(label, told.get(label)) for label in labels])


def _share(label: str, rate: Rate | None) -> str:
    told = gettext("withheld") if rate is None else share_told(rate, words())
    return f"{label}\u00a0{told}" if label else told
