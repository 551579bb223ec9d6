"""Which statements a published map says that groups agree with, by number."""

from __future__ import annotations

from collections.abc import Iterable

from middleground.dialogues.results.published import PublishedMap
from middleground.engine.facts import Rate


def middle_ground(published: PublishedMap) -> set[int]:
    """What lies in the middle ground, as far as the label is earned."""
    found = (each.statement for each in published.facts.middle_ground if each.holds)
    return _numbers(published, found)


def agreed_by_group(published: PublishedMap) -> dict[str, set[int]]:
    """What each group surely agrees with by majority; empty without distinct groups."""
    groups = published.facts.groups
    found: dict[str, set[int]] = {group.label: set() for group in groups if len(groups) > 1}
    for item in published.facts.statements:
        for rate in item.groups:
            if rate.group in found and _agrees(rate):
                found[rate.group] |= _numbers(published, [item.statement])
    return found


def smallest_group_alone(published: PublishedMap) -> set[int]:
    """What the smallest group agrees with and no other does, as far as the intervals tell."""
    groups = published.facts.groups
    if len(groups) < 2:
        return set()
    smallest = min(groups, key=lambda group: group.size).label
    found = []
    for item in published.facts.statements:
        theirs = [rate for rate in item.groups if rate.group == smallest]
        others = [rate for rate in item.groups if rate.group != smallest]
        if theirs and _agrees(theirs[0]) and others and all(rate.high < 0.5 for rate in others):
            found.append(item.statement)
    return _numbers(published, found)


def _agrees(rate: Rate) -> bool:
    return rate.low > 0.5


def _numbers(published: PublishedMap, keys: Iterable[int]) -> set[int]:
    return {published.statements[key].number for key in keys if key in published.statements}
