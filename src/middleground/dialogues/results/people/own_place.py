"""A participant's own place in words: where they lie, and what they share with whom.

Made from their own votes, which only their browser is shown, and from what is published. What is
the same for all participants is made once, so that a sentence more costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from middleground.dialogues.results.figures import words
from middleground.dialogues.results.lists import comma_list
from middleground.dialogues.results.people.axis_lines import is_shown, quoted
from middleground.dialogues.results.published import PublishedMap, sure_group
from middleground.disclosure.findings import is_disclosed
from middleground.engine import Projection
from middleground.engine.facts import Rate

_MOST = 2  # statements shared with each group
# Two groups between which somebody lies have at least so much of their membership together.
_BETWEEN = 0.9

_Answer = tuple[int, int]  # a statement, and 1 for agree or -1 for disagree


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """``group`` if the votes lie clearly in one, or the two groups ``between`` which they lie."""

    group: str
    between: tuple[str, ...]
    shared: tuple[SafeString, ...]


class OwnPlaces:
    """The places of a map's participants, in the language that was active at the first."""

    def __init__(self, published: PublishedMap) -> None:
        self._published, facts = published, published.facts
        self._labels = [g.label for g in facts.groups] if facts.status == "groups" else []
        self._answers: dict[_Answer, SafeString] = {}

    def of(self, place: Projection, votes: Mapping[int, int]) -> OwnPlace:
        near = self._nearest(place)
        between = sum(share for _, share in near) >= _BETWEEN
        lines = [self._with_group(label, votes) for label, _ in near] + [self._with_all(votes)]
        return OwnPlace(
            sure_group(place, self._labels),
            tuple(label for label, _ in near) if between else (),
            tuple(mark_safe(line) for line in lines if line),  # noqa: S308 -- ``_told`` escapes
        )

    def _nearest(self, place: Projection) -> list[tuple[str, float]]:
        """The two likeliest groups, the likeliest first, and how likely they are."""
        if len(place.membership) != len(self._labels):
            return []
        by_label = zip(self._labels, place.membership, strict=True)
        return sorted(by_label, key=lambda item: -item[1])[:2]

    def _with_group(self, label: str, votes: Mapping[int, int]) -> str:
        shared = _first(self._distinct[label], votes)
        if not shared:
            return ""
        line = gettext("With group %(label)s you share: %(answers)s.")
        return line % {"label": label, "answers": self._listed(shared)}

    def _with_all(self, votes: Mapping[int, int]) -> str:
        shared = _first(self._common, votes)
        if not shared:
            return ""
        if self._labels:
            line = gettext("With every group you share: %(answers)s.")
        else:
            line = gettext("With most people you share: %(answers)s.")
        return line % {"answers": self._listed(shared)}

    def _listed(self, answers: list[_Answer]) -> str:
        return comma_list([self._told(answer) for answer in answers])

    def _told(self, answer: _Answer) -> SafeString:
        """ "yes to “…”", with a link to the statement."""
        if answer not in self._answers:
            statement = self._published.statements[answer[0]]
            told = gettext("yes to {text}") if answer[1] > 0 else gettext("no to {text}")
            self._answers[answer] = format_html(told, text=quoted(statement, words()))
        return self._answers[answer]

    @cached_property
    def _distinct(self) -> dict[str, dict[_Answer, int]]:
        """Each group's majorities that another group does not share, the furthest apart first."""
        found: dict[str, list[tuple[float, _Answer]]] = {label: [] for label in self._labels}
        for item in self._published.facts.statements:
            if not is_shown(self._published, item.statement):
                continue
            rates = {rate.group: rate for rate in item.groups if is_disclosed(rate)}
            majorities = {label: _majority(rate) for label, rate in rates.items()}
            for label, value in majorities.items():
                others = [rates[g].middle for g in rates if g != label and majorities[g] != value]
                if value and others and label in found:
                    apart = max(value * (rates[label].middle - other) for other in others)
                    found[label].append((-apart, (item.statement, value)))
        return {
            label: {answer: rank for rank, (_, answer) in enumerate(sorted(ranked))}
            for label, ranked in found.items()
        }

    @cached_property
    def _common(self) -> dict[_Answer, int]:
        """The middle ground, the surest first."""
        found = [item.statement for item in self._published.facts.middle_ground if item.holds]
        shown = [key for key in found if is_shown(self._published, key)]
        return {(key, 1): rank for rank, key in enumerate(shown)}


def _first(ranks: Mapping[_Answer, int], votes: Mapping[int, int]) -> list[_Answer]:
    """Those of one's votes that come first."""
    own = [answer for answer in votes.items() if answer in ranks]
    return sorted(own, key=lambda answer: ranks[answer])[:_MOST]


def _majority(rate: Rate) -> int:
    """1 or -1 where the published figures leave no doubt that most agree or disagree, else 0."""
    if rate.low > 0.5:
        return 1
    return -1 if rate.high < 0.5 and 2 * rate.tally.disagree > rate.tally.seen else 0
