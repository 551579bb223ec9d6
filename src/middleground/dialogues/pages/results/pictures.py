"""The pictures of a map and of a statement, as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext

from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.results import figures
from middleground.dialogues.results.figures import Figure
from middleground.dialogues.results.picture_files import PictureFile
from middleground.dialogues.results.published import PublishedMap, newest_map, tier_map
from middleground.dialogues.results.topics.by_topic import part_of, topic_parts
from middleground.dialogues.statements.redaction import public_statement
from middleground.pictures.statements.plotted import plotted

# A picture of the whole map by the name of its file. None: this map has no such picture.
MAP_PICTURES: dict[str, Callable[[PublishedMap], Figure | None]] = {
    "statements": figures.statements_figure,
    "groups": figures.map_figure,
    "sure": lambda published: figures.sureness_figure(published) if _labels(published) else None,
}


def map_picture(slug: str, name: str) -> PictureFile:
    dialogue = public_dialogue(slug)
    kind, _, label = name.partition("-")
    published = tier_map(dialogue, label) if kind == "tier" else newest_map(dialogue)
    if published is None or published.facts.status == "too_little":
        raise Http404
    if kind == "topic":
        return _topic_picture(published, label)
    figure = _figure(published, name, label if kind == "group" else "")
    if figure is None:
        raise Http404
    page = reverse("map", args=[slug])
    if name != "statements":
        return _file(figure, figure.caption, published, page)
    return _statements_file(figure, figure.caption, published, page)


def _topic_picture(published: PublishedMap, number: str) -> PictureFile:
    """The picture of the statements of one topic."""
    part = next((each for each in topic_parts(published) if str(each.number) == number), None)
    if part is None:
        raise Http404
    alone = part_of(published, part.keys)
    figure = figures.statements_figure(alone)
    return _statements_file(figure, f"{part.name}: {figure.caption}", alone, part.address)


def _statements_file(figure: Figure, title: str, published: PublishedMap, page: str) -> PictureFile:
    note = gettext(
        "One mark per statement. The lines across it show the range in which the "
        "true share lies, with 90% certainty."
    )
    note = " ".join(filter(None, (note, figures.note_on_ranges(published))))
    file = _file(figure, title, published, page, note=note)
    return replace(file, lines=tuple(numbered(published)))


def numbered(published: PublishedMap) -> Iterator[str]:
    """What the numbers in the picture of statements stand for."""
    kinds = {
        "middle_ground": gettext("Circles, the middle ground: all agree, for sure"),
        "divisive": gettext("Diamonds: the groups disagree, for sure"),
    }
    marks = plotted(published.facts, published.minimum, figures.words())
    for kind, told in kinds.items():
        found = [each for each in marks if each.kind == kind and each.rank]
        if found:
            yield told
        for each in sorted(found, key=lambda mark: mark.rank):
            yield f"{each.rank}. {published.texts[each.facts.statement]}"


def _figure(published: PublishedMap, name: str, group: str) -> Figure | None:
    if published.tier:
        return figures.map_figure(published)
    if group:
        known = group in _labels(published)
        return figures.map_figure(published, zoom=group) if known else None
    draw = MAP_PICTURES.get(name)
    return draw(published) if draw else None


def statement_picture(slug: str, number: int, name: str) -> PictureFile:
    dialogue = public_dialogue(slug)
    statement = public_statement(dialogue, number)
    published = newest_map(dialogue) if statement.status != Statement.Status.MERGED else None
    figure = _statement_figure(published, statement, name) if published else None
    if published is None or figure is None:
        raise Http404
    words, page = figures.words(), statement.get_absolute_url()
    note = words.votes_desc
    if name == "rates":
        found = published.facts_of(statement.pk)
        shares = (found.groups or (found.everyone,)) if found is not None else ()
        ranges = any(rate.has_interval for rate in shares)
        note = words.rates_desc if ranges else words.rates_desc_plain
    return _file(figure, statement.text, published, page, caption=figure.caption, note=note)


def _statement_figure(published: PublishedMap, statement: Statement, name: str) -> Figure | None:
    facts = published.facts_of(statement.pk)
    if facts is None or not facts.everyone.tally.seen:
        return None
    if name == "votes":
        return figures.votes_figure("votes", published, facts)
    return figures.shares_figure(published, facts) if name == "rates" else None


def _file(
    figure: Figure,
    title: str,
    published: PublishedMap,
    page: str,
    *,
    caption: str = "",
    note: str = "",
) -> PictureFile:
    dialogue: Dialogue = published.dialogue
    day = timezone.localdate(published.made_at)
    lines = tuple(unescape(strip_tags(line)) for line in figure.lines)
    return PictureFile(figure.svg, title, dialogue, page, day, caption, note, lines)


def _labels(published: PublishedMap) -> list[str]:
    facts = published.facts
    return [group.label for group in facts.groups] if facts.status == "groups" else []
