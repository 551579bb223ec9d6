"""What spans the map, in a line for each end of its axes, with links to the statements."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from middleground.dialogues.models import Statement
from middleground.dialogues.results.published import PublishedMap
from middleground.dialogues.templatetags.written import lang
from middleground.dialogues.translations.shown import shown_text
from middleground.pictures import Words
from middleground.pictures.people.described import shortened


def axis_lines(published: PublishedMap, words: Words) -> list[SafeString]:
    """“Further left: agree more with …”, with at most two statements an end."""
    lines = []
    for end in published.facts.axis_ends:
        shown = [published.statements[key] for key in end.statements if is_shown(published, key)]
        if not shown:
            continue
        linked = [quoted(statement, words) for statement in shown]
        told = linked[0]
        for other in linked[1:]:
            told = format_html(words.both, one=told, other=other)
        lines.append(format_html(getattr(words, f"end_{end.end}"), texts=told))
    return lines


def is_shown(published: PublishedMap, statement: int) -> bool:
    """Whether its words are still public: they may have been removed after the final result."""
    found = published.statements.get(statement)
    return found is not None and found.status != Statement.Status.REJECTED


def quoted(statement: Statement, words: Words) -> SafeString:
    """A statement in quotation marks as a link to its page, shortened at a word."""
    shown = shown_text(statement)
    text = format_html('<bdi dir="auto"{}>{}</bdi>', lang(shown), shortened(shown.words))
    return format_html(
        words.quoted, text=format_html('<a href="{}">{}</a>', statement.get_absolute_url(), text)
    )
