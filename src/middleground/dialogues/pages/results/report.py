"""A short report of a dialogue, for paper: the findings, how sure they are, what became of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from middleground.core.page.qr_code import qr_code
from middleground.core.page_cache.marks import cached_page
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.maps.schedule import trouble_of_map
from middleground.dialogues.models import Dialogue
from middleground.dialogues.pages.results.results import has_lists
from middleground.dialogues.pages.trust.log_head import log_head
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.results import figures, findings, open_data
from middleground.dialogues.results.published import PublishedMap, final_map, newest_map
from middleground.dialogues.results.summary import statement_counts, summary
from middleground.disclosure.rounding import VOTE_STEPS

LISTED = 10  # findings of a kind; the results page has all
OF_A_GROUP = 2


@cached_page()
@require_safe
@conditional_page
def show_report(request: HttpRequest, slug: str) -> HttpResponse:
    """Of the final map, or while the dialogue is open of the newest one, which it says."""
    dialogue = public_dialogue(slug)
    phase = dialogue.phase(timezone.now())
    published = final_map(dialogue) if phase == "closed" else newest_map(dialogue)
    page: dict[str, object] = {
        "dialogue": dialogue,
        "phase": phase,
        "published": published,
        "map_trouble": trouble_of_map(dialogue, phase),
    }
    if published:
        page |= _cover(published) | _findings(published)
    response = render(request, "dialogues/report.html", page)
    patch_cache_control(response, no_cache=True)
    return response


def _cover(published: PublishedMap) -> dict[str, object]:
    dialogue, facts = published.dialogue, published.facts
    address = address_of_result(dialogue, final=published.final)
    return {
        "facts": facts,
        **figures.numbers_of_participants(published),
        "votes": figures.counted(facts.diagnostics.votes, VOTE_STEPS * published.minimum),
        "address": address,
        "qr": qr_code(address),
        "report_address": absolute(reverse("report", args=[dialogue.slug])),
        "ledger_address": absolute(reverse("ledger")),
        "method_address": absolute(reverse("method")),
        "log": None if dialogue.imported else log_head(),
        "licence": open_data.LICENCE,
        "licence_address": open_data.LICENCE_ADDRESS,
        "citation": open_data.citation(published, address) if published.final else "",
    }


def address_of_result(dialogue: Dialogue, *, final: bool) -> str:
    """Where the whole result stands: of an open dialogue its map."""
    return absolute(reverse("results" if final else "map", args=[dialogue.slug]))


def _findings(published: PublishedMap) -> dict[str, object]:
    facts = published.facts
    if not has_lists(published):
        return {"listed": []}
    labels = [group.label for group in facts.groups] if facts.status == "groups" else []
    middle = findings.middle_ground_entries(published, holding=True, most=LISTED)
    divisive = findings.divisive_entries(published, holding=True, most=LISTED) if labels else []
    groups = [(label, findings.group_entries(published, label)[:OF_A_GROUP]) for label in labels]
    return {
        "labels": labels,
        "summary": summary(published),
        "statements_picture": figures.statements_figure(published, href=published.address),
        "statement_counts": statement_counts(published),
        "picture": figures.map_figure(published),
        "middle_ground": middle,
        "middle_count": sum(item.holds for item in facts.middle_ground),
        "divisive": divisive,
        "divisive_count": sum(item.holds for item in facts.divisive) if labels else 0,
        "groups": groups,
        "sureness": figures.sureness_figure(published) if labels else None,
        "stability": round(100 * (facts.diagnostics.stability or 0)),
        "listed": [entry.statement for entry in (*middle, *divisive)],
    }
