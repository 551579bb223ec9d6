"""Every word in a picture or its table; a site in another language passes its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from middleground.engine.facts import Rate


def gettext_noop(text: str) -> str:
    """Mark a text for translation: ``makemessages`` knows this name. It needs no Django."""
    return text


Forms = Callable[[int], str]
"""Gives the template for a number of things: languages have up to six forms of it."""


@dataclass(frozen=True, slots=True)
class CountedText:
    """The two forms of English; a site in another language passes a function with all its own."""

    one: str
    many: str

    def __call__(self, n: int) -> str:
        return self.one if n == 1 else self.many


def ngettext_noop(one: str, many: str) -> Any:
    """Mark a text with a number: translations have the forms of their language."""
    return field(default=CountedText(one, many))


def pgettext_noop(context: str, text: str) -> Any:
    """Mark a text that says something else elsewhere: ``context`` is for translators."""
    return field(default=text, metadata={"context": context})


# A number is not torn from its words. Extraction reads no escapes, so the texts have none.
_NUMBERS = (
    "people", "at_least", "at_least_people", "about_people", "fewer", "fewer_people", "withheld",
    "at_least_share", "at_most_share",
)  # fmt: skip
_WHOLE = ("at_least_share", "at_most_share")


def _unbroken(text: str, whole: bool) -> str:
    if whole:
        return text.replace(" ", "\u00a0")
    return text.replace(" {n}", "\u00a0{n}").replace("{n} ", "{n}\u00a0")


def _unbroken_forms(forms: Forms) -> Forms:
    return lambda n: _unbroken(forms(n), whole=False)


@dataclass(frozen=True, slots=True)
class Words:
    """Templates in plain English. Keep the names in braces."""

    map_title: Forms = ngettext_noop(
        "Opinion map with {n} opinion group", "Opinion map with {n} opinion groups"
    )
    map_title_zoom: str = gettext_noop("Opinion map, group {label}")
    map_title_one: str = gettext_noop("Opinion map: no distinct groups")
    map_title_empty: str = gettext_noop("Opinion map: not enough votes yet")
    map_desc: str = gettext_noop("The closer two people are on the map, the more alike they voted.")
    # The form is that of ``most``.
    marks_desc: Forms = ngettext_noop(
        "Each mark stands for {n} to {most} person who voted most alike. Its "
        "shape and color show their group.",
        "Each mark stands for {n} to {most} people who voted most alike. Its "
        "shape and color show their group.",
    )
    marks_desc_one: Forms = ngettext_noop(
        "Each mark stands for {n} to {most} person who voted most alike.",
        "Each mark stands for {n} to {most} people who voted most alike.",
    )
    marks_caption: Forms = ngettext_noop(
        "Each mark stands for {n} to {most} person", "Each mark stands for {n} to {most} people"
    )
    map_caption: str = gettext_noop("Nearer means voted more alike")
    no_groups: str = gettext_noop("No distinct groups")
    no_groups_desc: str = gettext_noop("The votes do not divide people into distinct groups.")
    too_little: str = gettext_noop("Not enough votes for a map yet")
    # The form is that of ``need``.
    need_participants: Forms = ngettext_noop(
        "{have} of {need} participant", "{have} of {need} participants"
    )
    need_statements: Forms = ngettext_noop(
        "{have} of {need} statement", "{have} of {need} statements"
    )
    need_votes_per_participant: Forms = ngettext_noop(
        "{have} of {need} vote per participant", "{have} of {need} votes per participant"
    )
    you: str = gettext_noop("You are here")
    you_desc: str = gettext_noop("Your own place is marked with a pin.")
    you_outside: str = gettext_noop("Your own place is outside this part of the map.")
    you_beyond: str = gettext_noop(
        "Your own place is outside the picture. The pin is at the closest edge."
    )
    end_left: str = gettext_noop("Further left: agree more with {texts}.")
    end_right: str = gettext_noop("Further right: agree more with {texts}.")
    end_down: str = gettext_noop("Further down: agree more with {texts}.")
    end_up: str = gettext_noop("Further up: agree more with {texts}.")
    quoted: str = gettext_noop("“{text}”")
    both: str = gettext_noop("{one} and {other}")
    group: str = gettext_noop("Group {label}")
    group_of: str = gettext_noop("Group {label}: {people}")
    everyone: str = pgettext_noop("people", "All")
    thousands: str = pgettext_noop("between thousands", ",")
    people: Forms = ngettext_noop("{n} person", "{n} people")
    at_least: str = gettext_noop("at least {n}")
    at_least_people: Forms = ngettext_noop("at least {n} person", "at least {n} people")
    about_people: Forms = ngettext_noop("about {n} person", "about {n} people")
    fewer: str = gettext_noop("fewer than {n}")
    fewer_people: Forms = ngettext_noop("fewer than {n} person", "fewer than {n} people")
    unsure_people: str = gettext_noop("Not surely in any group: {people}")
    more_agree: str = gettext_noop("agrees more than others: {text}")
    more_disagree: str = gettext_noop("disagrees more than others: {text}")
    head_group: str = gettext_noop("Group")
    head_people: str = gettext_noop("People")
    head_marks: str = gettext_noop("Marks")
    head_sure: str = gettext_noop("Clearly in this group")
    head_unsure: str = gettext_noop("Not clearly in one group")
    head_missing: str = pgettext_noop("for a map", "Missing")
    head_have: str = pgettext_noop("for a map", "Now")
    head_need: str = pgettext_noop("for a map", "Needed")
    head_agree: str = pgettext_noop("share", "Agree")
    head_pass: str = pgettext_noop("share", "Pass")
    head_disagree: str = pgettext_noop("share", "Disagree")
    head_low: str = gettext_noop("90% interval, from")
    head_high: str = pgettext_noop("end of a range", "to")
    head_day: str = gettext_noop("Day")
    participants: str = gettext_noop("participants")
    statements: str = gettext_noop("statements")
    votes_per_participant: str = gettext_noop("votes per participant")
    percent: str = gettext_noop("{n}%")
    figure: str = gettext_noop("{n}%, {low}–{high}")
    at_least_share: str = gettext_noop("at least {n}%")
    at_most_share: str = gettext_noop("at most {n}%")
    share_between: str = gettext_noop("{low}–{high}%")
    count_between: str = gettext_noop("{low}–{high}")
    withheld: str = gettext_noop("withheld: fewer than {n}")
    withheld_share: str = gettext_noop("withheld: small numbers")
    rates_title: str = gettext_noop("Share that agrees, by group")
    rates_desc: str = gettext_noop(
        "One bar per group. The thin line across its end is the 90% interval; "
        "the dotted line marks one half."
    )
    rates_desc_plain: str = gettext_noop(
        "One bar per group, without intervals; the dotted line marks one half."
    )
    rate_of: str = gettext_noop("{who}: {figure}.")
    votes_title: str = gettext_noop("Agree, pass and disagree, by group")
    votes_desc: str = gettext_noop(
        "One bar per answer. Solid: at least this many people. Faint: at most this many."
    )
    votes_of: str = gettext_noop("{who}: {agree} agree, {passed} pass, {disagree} disagree.")
    plot_title: str = gettext_noop("What people agree on, statement by statement")
    plot_desc_two: str = gettext_noop(
        "One mark per statement. Further right: more of the first group agree. "
        "Further up: more of the second group agree. Lines across a mark are 90% "
        "intervals."
    )
    plot_desc_more: str = gettext_noop(
        "One mark per statement. Further right: more of the most willing group "
        "agree. Further up: more of the least willing group agree. Lines across "
        "a mark are 90% intervals."
    )
    plot_desc_one: str = gettext_noop(
        "One mark per statement. Further right: more people agree. The line "
        "across a mark is the 90% interval."
    )
    plot_ranges: str = gettext_noop(
        "Where only a range is told, the mark is in its middle, and the share may be "
        "anywhere in it."
    )
    plot_shared: str = gettext_noop("Middle ground")
    plot_divisive: str = gettext_noop("Divisive")
    plot_neither: str = gettext_noop("neither for sure")
    plot_axis: str = gettext_noop("{who}: share that agrees")
    plot_most_willing: str = gettext_noop("Share that agrees in the most willing group")
    plot_least_willing: str = gettext_noop("Share in the least willing group")
    plot_both_agree: str = gettext_noop("Both groups agree")
    plot_all_agree: str = gettext_noop("All groups agree")
    plot_only: str = gettext_noop("Only group {label} agrees")
    plot_some_agree: str = gettext_noop("Only some groups agree")
    plot_neither_agrees: str = gettext_noop("Neither agrees")
    plot_none_agrees: str = gettext_noop("No group agrees")
    plot_most_agree: str = gettext_noop("Most agree")
    plot_few_agree: str = gettext_noop("Few agree")
    head_statement: str = gettext_noop("Statement")
    head_finding: str = gettext_noop("What it is")
    days_title: str = gettext_noop("People who took part, by day")
    days_desc: str = gettext_noop(
        "One column per day, from {first} to {last}. The highest day has {most}."
    )
    days_empty: str = gettext_noop("Nobody has taken part yet")
    sure_title: str = gettext_noop("How clearly people belong to their group")
    sure_of: str = gettext_noop("{who}: {sure} clearly, {unsure} not clearly.")
    sure_figure: str = gettext_noop("{people} clearly")
    progress_title: str = gettext_noop("{done} of {total}")
    tree_title: Forms = ngettext_noop(
        "The path of entry {n} to the signed root of {size} entry",
        "The path of entry {n} to the signed root of {size} entries",
    )
    tree_desc: str = gettext_noop(
        "A tree of hashes. Hashes next to the path that are needed to compute "
        "the root: {n}. From the entry upwards they stand for: {needed}."
    )
    tree_desc_one: str = gettext_noop("The log has one entry. Its hash is the root.")
    tree_root: str = gettext_noop("signed root of {size}")
    tree_entry: str = gettext_noop("entry {n}")
    tree_entries: str = gettext_noop("{first} to {last}")
    flow_title: str = gettext_noop("From concern to answer")
    flow_desc: str = gettext_noop("The wider a band, the more concerns go this way.")
    flow_way: str = gettext_noop("{n}: {way}.")
    flow_empty: str = gettext_noop("There are no concerns yet")
    head_count: str = pgettext_noop("concerns", "How many")
    head_step: str = gettext_noop("Step")
    head_beside: str = pgettext_noop("hash in a tree", "Beside the way")
    head_together: str = pgettext_noop("hash in a tree", "Below both")
    series_title: str = gettext_noop("{what}, {place}")
    series_desc: str = gettext_noop(
        "From {first_value} ({first}) to {last_value} ({last}). Lowest: {least} ({least_at})."
        " Highest: {most} ({most_at})."
    )
    series_band: str = gettext_noop("The striped band is the range that the source gives.")
    series_period: str = gettext_noop("Period")
    series_value: str = gettext_noop("Value")
    series_range: str = gettext_noop("Range")
    due_title: str = gettext_noop("What was promised, by due day")
    due_desc: str = gettext_noop(
        "One line per promise, from the day it was made to its due day. Each day "
        "that slipped keeps its mark. The upright line is today."
    )
    due_line: str = gettext_noop("{what}: {days}; {state}.")
    due_ended: str = gettext_noop("{state} on {day}")
    due_today: str = gettext_noop("today")
    due_slipped: str = gettext_noop("due day that slipped")
    due_due: str = gettext_noop("due day")
    due_kept: str = gettext_noop("kept")
    due_given_up: str = gettext_noop("given up")
    due_what: str = pgettext_noop("promise", "What")
    due_made: str = gettext_noop("Promised on")
    due_first: str = gettext_noop("First due on")
    due_now: str = gettext_noop("Slipped to")
    due_state: str = pgettext_noop("status", "State")

    def __post_init__(self) -> None:
        for name in _NUMBERS:
            told = getattr(self, name)
            if callable(told):
                unbroken: str | Forms = _unbroken_forms(told)
            else:
                unbroken = _unbroken(told, name in _WHOLE)
            object.__setattr__(self, name, unbroken)


ENGLISH = Words()


def percent(share: float, words: Words) -> str:
    """A share from 0 to 1 in whole per cent."""
    return words.percent.format(n=whole_percent(share))


def share_range(rate: Rate, words: Words) -> str:
    """The interval in words: a bound, if it reaches nobody or everybody."""
    low, high = whole_percent(rate.low), whole_percent(rate.high)
    if low == 0:
        return words.at_most_share.format(n=high)
    if high == 100:
        return words.at_least_share.format(n=low)
    return words.share_between.format(low=low, high=high)


def share_told(rate: Rate, words: Words) -> str:
    """A published share without its interval; the interval where no share is told."""
    return share_range(rate, words) if rate.rate is None else percent(rate.rate, words)


def share_figure(rate: Rate, words: Words, minimum: int) -> str:
    """All that is told of a share: "71%, 64–78", "at least 56 %" or why it is withheld."""
    if reason := share_withheld(rate, words, minimum):
        return reason
    if rate.rate is None or not rate.has_interval:
        return share_told(rate, words)
    n, low, high = (whole_percent(share) for share in (rate.rate, rate.low, rate.high))
    return words.figure.format(n=n, low=low, high=high)


def share_withheld(rate: Rate, words: Words, minimum: int) -> str:
    """Why a share is not shown, or "" if it is shown.

    A share with the interval 0 to 1 has been withheld: it would have revealed a number of
    participants below the minimum. Published facts have the count zero also where more voted and
    the bands guarantee none of them, so zero never says that fewer than the minimum voted.
    """
    if rate.tally.seen and is_withheld(rate, minimum):
        return words.withheld.format(n=minimum)
    if not rate.tally.seen:
        return words.withheld_share
    return words.withheld_share if rate.low <= 0 and rate.high >= 1 else ""


def whole_percent(share: float) -> int:
    """Round halves up, as readers expect, not to the even number."""
    return int(share * 100 + 0.5)


def is_withheld(rate: Rate, minimum: int) -> bool:
    """Whether too few participants voted for the figure to be shown."""
    return rate.tally.seen < minimum


def who(label: str, words: Words) -> str:
    return words.group.format(label=label) if label else words.everyone


# Wordings: "at least" for a count rounded down to a step, "10–14" for the whole step, "about" for a
# sum or difference of such counts, "fewer than" for what may be nobody. docs/method.md says so.


def number(count: int, words: Words) -> str:
    return f"{count:,}".replace(",", words.thousands)


def count_range(low: int, high: int, words: Words, minimum: int) -> str:
    """A count between two bounds; "fewer than" if it may be nobody or is below the minimum."""
    if high < minimum or (not low and high):
        return words.fewer.format(n=number(max(high + 1, minimum), words))
    if low == high:
        return number(low, words)
    return words.count_between.format(low=number(low, words), high=number(high, words))


def in_steps(count: int, words: Words, step: int) -> str:
    """A count of any noun, rounded down to a step."""
    if count < step:
        return words.fewer.format(n=number(step, words))
    return words.at_least.format(n=number(count - count % step, words))


def participant_count(count: int, words: Words, rounding: int, minimum: int) -> str:
    """A count of participants, rounded down to a multiple of ``rounding``; exact if that is 1."""
    if count < minimum:
        return words.fewer_people(minimum).format(n=number(minimum, words))
    if rounding > 1:
        shown = max(minimum, count - count % rounding)
        return words.at_least_people(shown).format(n=number(shown, words))
    return words.people(count).format(n=number(count, words))


def about_participants(count: int, words: Words, rounding: int, minimum: int) -> str:
    """A sum or difference of stepped counts, to the nearest multiple of ``rounding``."""
    if rounding <= 1 or count < minimum:
        return participant_count(count, words, rounding, minimum)
    steps = max(1, (2 * count + rounding) // (2 * rounding))
    shown = steps * rounding
    return words.about_people(shown).format(n=number(shown, words))
