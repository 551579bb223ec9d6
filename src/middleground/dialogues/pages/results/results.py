"""The final results of a closed dialogue, to print and cite, with open data."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from middleground.core.languages.first import in_first_language
from middleground.core.page_cache.marks import cached_page
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.maps.schedule import trouble_of_map
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.results import figures, findings, open_data
from middleground.dialogues.results.citing.citation import cited_result
from middleground.dialogues.results.published import PublishedMap, final_map
from middleground.dialogues.results.summary import statement_counts, summary
from middleground.dialogues.results.topics.by_topic import topic_parts
from middleground.disclosure.rounding import VOTE_STEPS

LONGEST_LIST = 200
# So much of a list is printed, which styles/50-results.css decides; a test compares.
PRINTED_FINDINGS, PRINTED_ROWS = 10, 60


@cached_page()
@require_safe
@conditional_page
def show_results(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = public_dialogue(slug)
    phase = dialogue.phase(timezone.now())
    if phase != "closed":
        return _kept(render(request, "dialogues/results_later.html", _page(dialogue, phase)))
    published = final_map(dialogue)
    if published is None:
        page = {**_page(dialogue, phase), "map_trouble": trouble_of_map(dialogue, phase)}
        return _kept(render(request, "dialogues/results_computing.html", page))
    page = {**_page(dialogue, phase), **_findings(published)}
    return _kept(render(request, "dialogues/results.html", page))


@cached_page()
@require_safe
@conditional_page
@in_first_language
def download(request: HttpRequest, slug: str, name: str) -> HttpResponse:  # noqa: ARG001
    dialogue = public_dialogue(slug)
    closed = dialogue.phase(timezone.now()) == "closed"
    published = final_map(dialogue) if closed and name in _FILES else None
    if published is None:
        raise Http404
    kind, make = _FILES[name]
    try:
        content = make(published)
    except open_data.NoTopics:
        raise Http404 from None
    headers = {"Content-Disposition": f'attachment; filename="{slug}-{name}"'}
    return _kept(HttpResponse(content, content_type=kind, headers=headers))


def _address(dialogue: Dialogue) -> str:
    """The stable URL to cite."""
    return absolute(reverse("results", args=[dialogue.slug]))


_TOPICS = "topics.csv"
_FILES: dict[str, tuple[str, Callable[[PublishedMap], bytes]]] = {
    "statements.csv": ("text/csv; charset=utf-8", open_data.statements_csv),
    "statements.parquet": ("application/vnd.apache.parquet", open_data.statements_parquet),
    "map.json": ("application/json", open_data.map_json),
    _TOPICS: ("text/csv; charset=utf-8", open_data.topics_csv),
    "data-card.md": (
        "text/markdown; charset=utf-8",
        lambda published: open_data.data_card(published, _address(published.dialogue)),
    ),
}


_WHAT: dict[str, Callable[[], str]] = {
    "statements.csv": lambda: _("for a spreadsheet"),
    "statements.parquet": lambda: _("the same, for programs"),
    "map.json": lambda: _("the groups and the ranked lists, for programs"),
    _TOPICS: lambda: _("which statement staff sorted into which topic"),
    "data-card.md": lambda: _("what the columns mean: read this first"),
}


def _page(dialogue: Dialogue, phase: str) -> dict[str, object]:
    return {"dialogue": dialogue, "phase": phase}


def _kept(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, no_cache=True)
    return response


def has_lists(published: PublishedMap) -> bool:
    """Whether there is a map at all, or too few voted for one."""
    return published.facts.status != "too_little"


def _findings(published: PublishedMap) -> dict[str, object]:
    facts, address, parts = published.facts, _address(published.dialogue), topic_parts(published)
    page: dict[str, object] = {
        "published": published,
        "facts": facts,
        **figures.numbers_of_participants(published),
        "votes": figures.counted(facts.diagnostics.votes, VOTE_STEPS * published.minimum),
        "address": address,
        "method_address": absolute(reverse("method")),
        "citation": open_data.citation(published, address),
        "bibtex": open_data.bibtex(published, address),
        "cited": cited_result(published, address, open_data.citation(published, address)),
        "licence": open_data.LICENCE,
        "licence_address": open_data.LICENCE_ADDRESS,
        "parts": parts,
        "downloads": [(name, what()) for name, what in _WHAT.items() if parts or name != _TOPICS],
    }
    if not has_lists(published):
        return page
    middle = findings.middle_ground_entries(published, holding=True, most=LONGEST_LIST)
    divisive = findings.divisive_entries(published, holding=True, most=LONGEST_LIST)
    labels = [group.label for group in facts.groups] if facts.status == "groups" else []
    return {
        **page,
        "labels": labels,
        "printed_findings": PRINTED_FINDINGS,
        "printed_rows": PRINTED_ROWS,
        "summary": summary(published),
        "statements_picture": figures.statements_figure(published, href=published.address),
        "statement_counts": statement_counts(published),
        "picture": figures.map_figure(published),
        "middle_ground": middle,
        "divisive": divisive if labels else [],
        "groups": [(label, findings.group_entries(published, label)) for label in labels],
        "sureness": figures.sureness_figure(published) if labels else None,
        "stability": round(100 * (facts.diagnostics.stability or 0)),
        "all_statements": findings.overview(published),
    }
