"""Sentences that the terminal report and the page share."""

from __future__ import annotations

import re

from middleground.disclosure.rounding import about
from middleground.engine.facts import Finding, Group, MapFacts, Rate, Representative
from middleground.pictures.labels import (
    ENGLISH,
    participant_count,
    percent,
    share_figure,
)

MINIMUM = 5  # a figure about fewer participants is withheld
PARITY = (
    "This is the Polis-like map: what Polis would compute from these votes, for comparison. Shares "
    "have one vote added to each side and no interval, belonging to a group is not a probability, "
    "and there are always at least two groups, whether or not people are divided."
)
# Findings of a map without groups are judged by these people, and not by all who voted.
SHAPING = "Who shape it"
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_STATUS = {
    "one_group": "The votes do not divide the participants into distinct groups.",
    "too_little": "There are not enough votes for an opinion map yet.",
}


def one_line(text: str) -> str:
    """Remove line breaks and bidirectional control characters from a statement."""
    return " ".join(_DIRECTIONS.sub("", text).split())


def counted(facts: MapFacts) -> str:
    d = facts.diagnostics
    return f"{d.participants:,} participants, {d.statements:,} statements, {d.votes:,} votes"


def status(facts: MapFacts) -> str:
    """The map's status in one or two sentences."""
    if facts.status == "groups":
        # Polis always divides, so a division is no evidence of groups.
        verb = "are divided into" if facts.parity else "show"
        return f"The votes {verb} {len(facts.groups)} opinion groups."
    missing = [
        f"{getattr(ENGLISH, item.code)}: {item.have} of {item.need}"
        for item in facts.unmet_minimums
    ]
    return " ".join([_STATUS[facts.status], *([f"Missing: {'; '.join(missing)}."] * bool(missing))])


def size(group: Group) -> str:
    return participant_count(group.size, ENGLISH, 1, MINIMUM)


def sure(group: Group) -> str:
    if group.size < MINIMUM:
        return ENGLISH.withheld.format(n=MINIMUM)
    return percent(group.certain / group.size, ENGLISH)


def figure(rate: Rate) -> str:
    """A share with its interval, if it has one: "71%, 64–78"."""
    return share_figure(rate, ENGLISH, MINIMUM)


def marked(item: Representative, facts: MapFacts) -> str:
    """How a group differs on a statement. ``rate``: the share that answers in its direction.

    ``rest`` is the share of all other groups taken as one. It is estimated on its own, so it may
    lie outside the shares of these groups, and the sentence says whose it is.
    """
    known = []
    if item.rate is not None and item.rest is not None:
        own, rest = percent(item.rate, ENGLISH), percent(item.rest, ENGLISH)
        known.append(f"{own} {item.direction}, {rest} of all others taken as one group")
    # Polis tests each statement separately, which gives no joint probability for all.
    if not facts.parity:
        known.append(f"{_surely(item)} sure")
    return f"{item.direction}s more than the rest ({'; '.join(known)})"


def _surely(item: Representative) -> str:
    """A probability in percent, never "100%", because no finding is certain."""
    return "over " * (item.probability >= 0.995) + percent(min(item.probability, 0.99), ENGLISH)


def meaning(facts: MapFacts) -> str:
    """What is said of statements that are middle ground."""
    return "agreed by every group" if facts.status == "groups" else "agreed by most"


def earned(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(item for item in findings if item.holds)


def certainty(facts: MapFacts) -> str:
    """The condition of certainty for a finding; a Polis-like map has no measure of it."""
    return "" if facts.parity else " with enough certainty"


def strength(item: Finding) -> str:
    """How many invented participants would overturn a finding: "about 60 in B"."""
    known = item.robustness
    if known.fakes_to_overturn is None:
        return ""
    where = " and ".join(filter(None, known.groups))
    return f"about {about(known.fakes_to_overturn):,}" + f" in {where}" * bool(where)


def margin(item: Finding) -> str:
    """The distance of the weakest bound from one half, in percentage points."""
    return f"{100 * item.margin:.0f}"


def overturned(item: Finding) -> str:
    """Margin and robustness of a confirmed finding, in a sentence."""
    said = f"Margin {margin(item)} percentage points."
    known = item.robustness
    if known.fakes_to_overturn is None:
        return said
    how = "agreeing with it" if known.vote == "agree" else "voting against it"
    where = " and ".join(filter(None, known.groups))
    place = f" in group {where}" * bool(where)
    count = about(known.fakes_to_overturn)
    many = "participant" if count == 1 else "participants"
    return f"{said} About {count:,} invented {many}{place} {how} would overturn it."


def integrity_lines(facts: MapFacts) -> list[str]:
    """The votes that were set aside, and the labels not given because they are not robust."""
    known, lines = facts.integrity, []
    if known.looked_up:
        lines.append(f"Votes on statements that were not dealt, set aside: {known.looked_up:,}.")
    if known.near_duplicates:
        lines.append(
            "Participants who repeat another's votes, counted once with them: "
            f"{known.near_duplicates:,}."
        )
    findings = (*facts.middle_ground, *facts.divisive)
    for name, title in (("lost_without", "way of admission"), ("", "most active participant")):
        lost = sum(
            bool(item.robustness.lost_without if name else item.robustness.lost_without_most_active)
            for item in findings
        )
        if lost:
            lines.append(f"Labels not given because they rest on one {title}: {lost}.")
    open_still = sum(bool(item.robustness.untested_without) for item in findings)
    if open_still:
        lines.append(
            "Findings that could not be tested without some way of admission, because too few "
            f"would be left: {open_still}."
        )
    return lines


def weighting_lines(facts: MapFacts) -> list[str]:
    """How the shares were weighted to a population, and the loss of precision."""
    known = facts.weighting
    if known is None:
        return []
    lines = [
        f"Shares are weighted to given margins of {' and '.join(known.margins)}. The weights leave "
        f"{known.effective:,.0f} effective participants of {known.participants:,} (design effect "
        f"{known.design_effect:.2f}). Counts, groups and positions are not weighted."
    ]
    if known.doubtful:
        lines.append("Beware: a few participants speak for many here.")
    if known.gap >= 0.005:
        lines.append(f"A share is still {100 * known.gap:.0f} points off its margin.")
    if known.absent:
        lines.append(f"Nobody took part of: {', '.join(known.absent)}.")
    if len(known.group_shares) > 1:
        shares = zip(facts.groups, known.group_shares, strict=True)
        sizes = ", ".join(f"{group.label} {percent(share, ENGLISH)}" for group, share in shares)
        lines.append(f"Weighted sizes of the groups: {sizes}.")
    return lines


def sureness_lines(facts: MapFacts) -> list[str]:
    """How far to trust the map, in plain sentences."""
    d = facts.diagnostics
    lines = [
        f"{d.eligible:,} of {d.participants:,} participants had enough votes to shape the map; "
        f"half of all participants gave {d.median_votes:g} votes or fewer.",
        *weighting_lines(facts),
        *integrity_lines(facts),
    ]
    if facts.status == "one_group":
        lines.append(
            "Shares of findings are of those who shape the map. A site shows the share of everyone "
            "instead, and gives a label only where that is surely above one half, too."
        )
    if d.calibration is not None:
        lines.append(
            "Votes that the model is made to forget come out as it says, give or take "
            f"{percent(d.calibration, ENGLISH)}."
        )
    if facts.parity or facts.status != "groups":
        return lines
    unsure = participant_count(d.unsure, ENGLISH, 1, MINIMUM)
    lines.append(f"Belonging to no group with more than 90% probability: {unsure}.")
    if d.stability is not None:
        lines.append(
            "When the participants are drawn anew at random, two who were together stay together "
            f"in {percent(d.stability, ENGLISH)} of cases."
        )
    if d.acquiescence is not None:
        lines.append(
            f"{percent(d.acquiescence, ENGLISH)} of the first axis is mere readiness to agree."
        )
    return lines
