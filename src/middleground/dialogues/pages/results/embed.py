"""The dialogue, or one of its pictures, in a frame on another site."""

from __future__ import annotations

from html import unescape

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Statement
from middleground.dialogues.pages.results.pictures import numbered
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.results import figures, open_data
from middleground.dialogues.results.published import PublishedMap, newest_map
from middleground.dialogues.statements.redaction import public_statement
from middleground.disclosure.findings import is_disclosed

# Pixels; enough at a width of 320 with the example banner and a question of 120 characters.
EMBED_HEIGHT = 440


@cached_page()
@require_safe
def show_embed(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the question and a link to take part, which leaves the frame.

    Nobody can vote in the frame: browsers block its cookies, and clickjacking would be possible.
    """
    dialogue = public_dialogue(slug)
    page = {"dialogue": dialogue, "phase": dialogue.phase(timezone.now())}
    return _framed(render(request, "dialogues/embed.html", page))


@cached_page()
@require_safe
def show_chart(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A picture of the newest map, without links that would open in the frame."""
    dialogue = public_dialogue(slug)
    if name not in figures.FRAMED:
        raise Http404
    published = newest_map(dialogue)
    if published is not None and published.facts.status == "too_little":
        published = None
    is_final = published is not None and published.final
    page: dict[str, object] = {
        "dialogue": dialogue,
        "published": published,
        "title": gettext("The opinion groups"),
        "source": reverse("results" if is_final else "map", args=[slug]),
    }
    if name == "statements":
        page["title"] = gettext("What people agree on, statement by statement")
    if published and name == "statements":
        page["figure"] = figures.statements_figure(published)
        page["lines"] = list(numbered(published))
        note = gettext(
            "One mark for each statement. Lines across it: the range in which the true share lies,"
            " with 90% certainty."
        )
        page["note"] = " ".join(filter(None, (note, figures.note_on_ranges(published))))
    elif published:
        figure = figures.map_figure(published)
        lines = [unescape(strip_tags(line)) for line in figure.lines]
        page |= {"figure": figure, "title": figure.caption, "lines": lines}
    return _framed(render(request, "dialogues/embed/chart.html", _credited(page)))


@cached_page()
@require_safe
def show_statement_chart(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The shares of one statement, each with its interval."""
    dialogue = public_dialogue(slug)
    statement = public_statement(dialogue, number)
    if statement.status == Statement.Status.MERGED:
        raise Http404
    published = newest_map(dialogue)
    page: dict[str, object] = {
        "dialogue": dialogue,
        "published": published,
        "title": statement.text,
        "source": statement.get_absolute_url(),
        "note": gettext(
            "Share that agrees, passes counted, and the range in which it lies with 90% certainty."
        ),
        "figure": _bars(published, statement) if published else None,
    }
    return _framed(render(request, "dialogues/embed/chart.html", _credited(page)))


def frame_of(statement: Statement) -> str:
    return reverse("embed-statement", args=[statement.dialogue.slug, statement.number])


def _bars(published: PublishedMap, statement: Statement) -> figures.Figure | None:
    facts = published.facts_of(statement.pk)
    if facts is None:
        return None
    rates = facts.groups if published.facts.status == "groups" else (facts.everyone,)
    if not any(is_disclosed(rate) for rate in rates):
        return None
    return figures.rates_figure("rates", rates, published.minimum)


def _credited(page: dict[str, object]) -> dict[str, object]:
    return {
        **page,
        "licence": open_data.LICENCE,
        "licence_address": open_data.LICENCE_ADDRESS,
    }


def _framed(response: HttpResponse) -> HttpResponse:
    response.may_be_framed = True  # type: ignore[attr-defined]
    # Sites with Cross-Origin-Embedder-Policy load only frames that send this header.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
