"""Figures and tables for pages: calls ``pictures`` with this site's words and minimums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import Field, dataclass, fields
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, override, pgettext

from middleground import pictures
from middleground.dialogues.results.people.axis_lines import axis_lines, is_shown
from middleground.dialogues.results.published import PublishedMap
from middleground.disclosure.findings import is_disclosed
from middleground.disclosure.rounding import floor_to_step
from middleground.engine.facts import Rate, StatementFacts
from middleground.pictures import Table, Words
from middleground.pictures.labels import (
    CountedText,
    Forms,
    about_participants,
    in_steps,
    participant_count,
)
from middleground.pictures.statements.plotted import has_ranges, plotted


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with a table of the same facts.

    ``method`` is the paragraph on the method's page that explains it, or empty; ``file`` the
    address of the picture as a file, without ``.svg`` or ``.png``, or empty. ``lines``
    stand below a map: what spans its axes.
    """

    key: str
    svg: SafeString
    table: Table
    caption: str
    method: str
    file: str = ""
    lines: Sequence[SafeString] = ()
    frame: str = ""  # the path of a page with this picture alone, for frames on other sites


FRAMED = ("statements", "groups")  # pictures of a whole map that other sites can show


def words() -> Words:
    """The pictures' words in the reader's language."""
    return _words(get_language() or "")


@lru_cache(maxsize=32)
def _words(language: str) -> Words:
    return Words(**{field.name: _translated(field, language) for field in fields(Words)})


def _translated(field: Field[Any], language: str) -> Any:
    """A text, or a function of a number where the languages have plural forms."""
    told, context = field.default, field.metadata.get("context")
    if isinstance(told, CountedText):
        return _forms(told, language)
    return pgettext(context, str(told)) if context else gettext(str(told))


def _forms(told: CountedText, language: str) -> Forms:
    """Of this language, whichever is spoken when the picture is drawn."""

    def form(n: int) -> str:
        with override(language or None):
            return ngettext(told.one, told.many, n)

    return form


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
    """How many voted, shape the map, and belong to no group for sure; in words.

    Those who shape a map with groups are at least as many as the groups surely have together. A sum
    told with "about" could lie below the number who took part, where all of them shape it.
    """
    found, minimum = published.facts.diagnostics, published.minimum
    eligible = found.eligible
    if published.facts.status == "groups":
        surely = sum(floor_to_step(group.size, minimum) for group in published.facts.groups)
        eligible = min(found.participants, surely)
    return {
        "people": counted_participants(found.participants, minimum),
        "eligible": counted_participants(eligible, minimum),
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
        _public_texts(published),
        you=you,
        zoom=zoom,
        rounding=minimum,
        minimum=minimum,
        href=href if facts.status == "groups" else None,
        words=words(),
    )
    table = pictures.opinion_map_table(facts, rounding=minimum, minimum=minimum, words=words())
    divided, lines = facts.status == "groups", axis_lines(published, words())
    caption = gettext("The groups and their sizes") if divided else gettext("The people")
    name = f"tier-{published.tier}" if published.tier else f"group-{zoom}" if zoom else "groups"
    file, frame = _map_file(published, name), _frame(published, name)
    return Figure("map", _safe(svg), table, caption, "groups", file, lines, frame)


def _public_texts(published: PublishedMap) -> dict[int, str]:
    """Without statements whose words were removed: what stands for them says nothing here."""
    return {key: text for key, text in published.shown_texts.items() if is_shown(published, key)}


def pinned_map(
    published: PublishedMap, *, zoom: str | None, href: Callable[[str], str]
) -> Callable[[tuple[float, float]], SafeString]:
    """What draws the map of ``map_figure`` for many people, each with their own pin."""
    facts, minimum = published.facts, published.minimum
    drawn = pictures.PinnedMap(
        facts,
        _public_texts(published),
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
    return Figure("sure", _safe(svg), table, caption, "unsure", _map_file(published, "sure"))


def statements_figure(
    published: PublishedMap,
    *,
    href: Callable[[int], str] | None = None,
    name: str = "statements",
) -> Figure:
    """The picture of statements; ``href`` gives the address of one with a number.

    ``name`` is that of its file, which differs for the statements of one topic.
    """
    facts, texts, minimum = published.facts, published.shown_texts, published.minimum
    svg = pictures.statement_plot(facts, texts, minimum=minimum, href=href, words=words())
    table = pictures.statement_plot_table(facts, texts, minimum=minimum, words=words())
    caption = gettext("What people agree on, statement by statement")
    file, frame = _map_file(published, name), _frame(published, name)
    return Figure("statements", _safe(svg), table, caption, "intervals", file, frame=frame)


def note_on_ranges(published: PublishedMap) -> str:
    """Where the marks of ``statements_figure`` stand if only a range is told; empty if none is."""
    spoken = words()
    marks = plotted(published.facts, published.minimum, spoken)
    return spoken.plot_ranges if has_ranges(marks) else ""


def tree_figure(index: int, size: int, file: str = "") -> Figure:
    """An entry's Merkle path in the public log."""
    svg = pictures.log_tree(index, size, words=words())
    table = pictures.log_tree_table(index, size, words=words())
    return Figure("tree", _safe(svg), table, gettext("The hashes beside the way"), "", file)


def file_of(name: str, *values: object) -> str:
    """The address of a picture as a file, without its ending; ``name`` is that of the route."""
    return reverse(f"{name}-svg", args=values).removesuffix(".svg")


def _map_file(published: PublishedMap, name: str) -> str:
    """Of a map of one tier only the picture of its groups is a file."""
    if published.tier and not name.startswith("tier-"):
        return ""
    return file_of("map-picture", published.dialogue.slug, name)


def _frame(published: PublishedMap, name: str) -> str:
    """Of the whole map only: the picture of statements, and that of people."""
    whole = not published.tier and name in FRAMED
    return reverse("embed-chart", args=[published.dialogue.slug, name]) if whole else ""


def statement_file(published: PublishedMap, number: int, name: str) -> str:
    """Empty for a map of one tier, since the files of statements are of the whole map."""
    if published.tier:
        return ""
    return file_of("statement-picture", published.dialogue.slug, number, name)


def rates_figure(
    key: str, rates: Sequence[Rate], minimum: int, *, scale: bool = True, file: str = ""
) -> Figure:
    svg = pictures.rate_bars(rates, minimum=minimum, prefix=key, words=words(), scale=scale)
    table = pictures.rate_bars_table(rates, minimum=minimum, words=words())
    return Figure(key, _safe(svg), table, gettext("Share that agrees"), "intervals", file)


def shares_figure(
    published: PublishedMap, item: StatementFacts, *, file: str = ""
) -> Figure | None:
    """The share of each group, or of everyone where there are none; None if that is withheld."""
    divided = published.facts.status == "groups"
    rates = item.groups if divided else (item.everyone,)
    if not divided and not is_disclosed(item.everyone):
        return None
    return rates_figure("rates", rates, published.minimum, file=file)


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
    file = statement_file(published, published.statements[item.statement].number, "votes")
    return Figure(key, _safe(svg), table, gettext("Agree, pass and disagree"), "minimums", file)


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 -- pictures escape all texts themselves
