"""Every word that a picture or its table shows; a site in another language passes its own."""

from __future__ import annotations

from dataclasses import dataclass

from middleground.engine.facts import Rate

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Words:
    """Templates in plain English. The names in braces must be kept."""

    map_title: str = "Opinion map with {n} opinion groups"
    map_title_zoom: str = "Opinion map, group {label}"
    map_title_one: str = "Opinion map: no distinct groups"
    map_title_empty: str = "Opinion map: not enough votes yet"
    map_desc: str = "The nearer two people are on the map, the more alike they voted."
    map_lines: str = (
        "About half of a group is within its inner line, about nine in ten within its outer line."
    )
    map_caption: str = "Nearer means voted more alike"
    no_groups: str = "No distinct groups"
    no_groups_desc: str = "The votes do not divide the participants into distinct groups."
    too_little: str = "Not enough votes for a map yet"
    need_participants: str = "{have} of {need} participants"
    need_statements: str = "{have} of {need} statements"
    need_votes_per_participant: str = "{have} of {need} votes per participant"
    you: str = "You are here"
    you_desc: str = "Your own place is marked with a pin."
    you_outside: str = "Your own place is outside this part of the map."
    group: str = "Group {label}"
    group_of: str = "Group {label}: {people}"
    everyone: str = "All"
    thousands: str = ","
    people: str = "{n}" + NBSP + "people"
    at_least: str = "at least" + NBSP + "{n}"
    at_least_people: str = "at least" + NBSP + "{n}" + NBSP + "people"
    about_people: str = "about" + NBSP + "{n}" + NBSP + "people"
    fewer: str = "fewer than" + NBSP + "{n}"
    fewer_people: str = "fewer than" + NBSP + "{n}" + NBSP + "people"
    unsure_people: str = "Belonging to no group for sure: {people}"
    more_agree: str = "agrees more than others: {text}"
    more_disagree: str = "disagrees more than others: {text}"
    head_group: str = "Group"
    head_people: str = "People"
    head_sure: str = "Clearly in this group"
    head_unsure: str = "Not clearly in one group"
    head_missing: str = "Missing"
    head_have: str = "Now"
    head_need: str = "Needed"
    head_agree: str = "Agree"
    head_pass: str = "Pass"  # noqa: S105, a vote, not a password
    head_disagree: str = "Disagree"
    head_low: str = "90" + NBSP + "% interval, from"
    head_high: str = "to"
    head_day: str = "Day"
    participants: str = "participants"
    statements: str = "statements"
    votes_per_participant: str = "votes per participant"
    percent: str = "{n}" + NBSP + "%"
    figure: str = "{n}" + NBSP + "%, {low}–{high}"
    withheld: str = "withheld: fewer than" + NBSP + "{n}"
    withheld_share: str = "withheld: small numbers"
    rates_title: str = "Share that agrees, by group"
    rates_desc: str = (
        "One bar a group. The thin line across its end is the 90 % interval; "
        "the dotted line marks one half."
    )
    rates_desc_plain: str = "One bar a group, without intervals; the dotted line marks one half."
    rate_of: str = "{who}: {figure}."
    votes_title: str = "Agree, pass and disagree, by group"
    votes_desc: str = "One bar a group: blue agrees, grey passes, hatched orange disagrees."
    votes_of: str = "{who}: {agree} agree, {passed} pass, {disagree} disagree."
    days_title: str = "People who took part, by day"
    days_desc: str = "One column a day, from {first} to {last}. The highest day has {most}."
    days_empty: str = "Nobody has taken part yet"
    sure_title: str = "How clearly people belong to their group"
    sure_of: str = "{who}: {sure} clearly, {unsure} not clearly."
    sure_figure: str = "{n}" + NBSP + "% clearly"
    progress_title: str = "{done} of {total}"
    tree_title: str = "The way of entry {n} to the signed root of {size} entries"
    tree_desc: str = (
        "A tree of hashes. Hashes beside the way that are needed to compute the root: {n}. "
        "From the entry upwards they stand for: {needed}."
    )
    tree_desc_one: str = "The log has one entry, whose hash is the root."
    tree_root: str = "signed root of {size}"
    tree_entry: str = "entry {n}"
    tree_entries: str = "{first} to {last}"
    head_step: str = "Step"
    head_beside: str = "Beside the way"
    head_together: str = "Below both"


ENGLISH = Words()


def percent(share: float, words: Words) -> str:
    """A share of 0..1 in whole per cent."""
    return words.percent.format(n=whole_percent(share))


def share_withheld(rate: Rate, words: Words, minimum: int) -> str:
    """Why a share is not shown, or nothing where it is.

    One whose interval is everything from nobody to everybody has been hidden: it would have told
    of fewer people than may be shown.
    """
    if is_withheld(rate, minimum):
        return words.withheld.format(n=minimum)
    return words.withheld_share if rate.low <= 0 and rate.high >= 1 else ""


def whole_percent(share: float) -> int:
    """Halves go up, as readers expect, not to the even number."""
    return int(share * 100 + 0.5)


def is_withheld(rate: Rate, minimum: int) -> bool:
    """Whether too few people voted for the figure to be shown."""
    return rate.tally.seen < minimum


def who(label: str, words: Words) -> str:
    return words.group.format(label=label) if label else words.everyone


# Three wordings, and no others: "at least" is a count down to its step, "about" is a sum or a
# difference of such counts, "fewer than" is anything below the minimum. docs/method.md says so.


def number(count: int, words: Words) -> str:
    return f"{count:,}".replace(",", words.thousands)


def in_steps(count: int, words: Words, step: int) -> str:
    """A count of whatever a sentence names, down to its step."""
    if count < step:
        return words.fewer.format(n=number(step, words))
    return words.at_least.format(n=number(count - count % step, words))


def people(count: int, words: Words, rounding: int, minimum: int) -> str:
    """A count of people, down to a multiple of ``rounding``; exact where that is 1."""
    if count < minimum:
        return words.fewer_people.format(n=number(minimum, words))
    if rounding > 1:
        shown = max(minimum, count - count % rounding)
        return words.at_least_people.format(n=number(shown, words))
    return words.people.format(n=number(count, words))


def about_people(count: int, words: Words, rounding: int, minimum: int) -> str:
    """A sum or a difference of counts in steps, to the nearest multiple of ``rounding``."""
    if rounding <= 1 or count < minimum:
        return people(count, words, rounding, minimum)
    steps = max(1, (2 * count + rounding) // (2 * rounding))
    return words.about_people.format(n=number(steps * rounding, words))
