"""What the picture of people says in words: title, description, and a table of the same facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from middleground.engine.facts import AxisEnd, Group, MapFacts, UnmetMinimum
from middleground.pictures.labels import (
    ENGLISH,
    Forms,
    Words,
    about_participants,
    participant_count,
    who,
)
from middleground.pictures.tables import Table

_LONGEST_QUOTE = 120  # characters of a statement in the description


@dataclass(frozen=True, slots=True)
class MapOptions:
    """How to draw a map; see ``opinion_map``."""

    zoom: str | None
    rounding: int
    minimum: int
    href: Callable[[str], str] | None
    prefix: str
    words: Words
    standalone: bool = False


def opinion_map_table(
    facts: MapFacts, *, rounding: int = 1, minimum: int = 5, words: Words = ENGLISH
) -> Table:
    """The facts of the picture: groups, sizes and marks, or what is missing."""
    if facts.status == "too_little":
        return Table(
            (words.head_missing, words.head_have, words.head_need),
            tuple(
                (getattr(words, item.code), str(item.have), str(item.need))
                for item in facts.unmet_minimums
            ),
        )
    if facts.status == "one_group":
        size = participant_count(facts.diagnostics.eligible, words, rounding, minimum)
        heads, row = (words.head_group, words.head_people), (words.no_groups, size)
        if not facts.marks:
            return Table(heads, (row,))
        return Table((*heads, words.head_marks), ((*row, str(len(facts.marks))),))
    groups = facts.groups
    columns: list[tuple[str, ...]] = [
        (words.head_group, *(who(group.label, words) for group in groups)),
        (
            words.head_people,
            *(participant_count(group.size, words, rounding, minimum) for group in groups),
        ),
    ]
    # On a Polis-like map every participant is in a group, with no degrees of certainty.
    if not facts.parity:
        sure = (participant_count(group.certain, words, rounding, minimum) for group in groups)
        columns.append((words.head_sure, *sure))
    if facts.marks:
        drawn = [mark.group for mark in facts.marks]
        columns.append((words.head_marks, *(str(drawn.count(g.label)) for g in groups)))
    first, *rows = zip(*columns, strict=True)
    return Table(first, tuple(rows))


def title(facts: MapFacts, options: MapOptions) -> str:
    words = options.words
    if facts.status == "too_little":
        return words.map_title_empty
    if facts.status == "one_group":
        return words.map_title_one
    if options.zoom is not None:
        return words.map_title_zoom.format(label=options.zoom)
    return words.map_title(len(facts.groups)).format(n=len(facts.groups))


def description(facts: MapFacts, texts: Mapping[int, str], options: MapOptions) -> str:
    words, rounding, minimum = options.words, options.rounding, options.minimum
    if facts.status == "too_little":
        return ". ".join(
            [words.too_little, *(missing(item, words) for item in facts.unmet_minimums)]
        )
    one = facts.status == "one_group"
    parts = [words.map_desc]
    if facts.marks:
        marks = words.marks_desc_one if one else words.marks_desc
        most = facts.most_per_mark
        parts.append(marks(most).format(n=facts.people_per_mark, most=most))
    if one:
        size = participant_count(facts.diagnostics.eligible, words, rounding, minimum)
        parts = [words.no_groups_desc, f"{size}.", *parts]
    for group in () if one else facts.groups:
        size = participant_count(group.size, words, rounding, minimum)
        parts.append(
            words.group_of.format(label=group.label, people=size) + _marks_of(group, texts, words)
        )
    if not one and not facts.parity:
        unsure = about_participants(facts.diagnostics.unsure, words, rounding, minimum)
        parts.append(words.unsure_people.format(people=unsure) + ".")
    parts += [line for end in facts.axis_ends if (line := axis_line(end, texts, words))]
    return " ".join(parts)


def axis_line(end: AxisEnd, texts: Mapping[int, str], words: Words) -> str:
    """Which statements the people further towards an end agree more with, or nothing."""
    quoted = [
        words.quoted.format(text=shortened(texts[key])) for key in end.statements if texts.get(key)
    ]
    if not quoted:
        return ""
    told = quoted[0]
    for other in quoted[1:]:
        told = words.both.format(one=told, other=other)
    template: str = getattr(words, f"end_{end.end}")
    return template.format(texts=told)


def shortened(statement: str, longest: int = _LONGEST_QUOTE) -> str:
    """A statement to be quoted in a sentence: cut at a word if it is long, and without its dot."""
    if len(statement) <= longest:
        return statement.removesuffix(".")
    start, _, cut = statement[:longest].rpartition(" ")
    return f"{start or cut}…"


def _marks_of(group: Group, texts: Mapping[int, str], words: Words) -> str:
    for item in group.representative:
        if item.statement in texts:
            template = words.more_agree if item.direction == "agree" else words.more_disagree
            return ", " + template.format(text=f"“{texts[item.statement]}”") + "."
    return "."


def missing(item: UnmetMinimum, words: Words) -> str:
    template: Forms = getattr(words, f"need_{item.code}")
    return template(item.need).format(have=item.have, need=item.need)
