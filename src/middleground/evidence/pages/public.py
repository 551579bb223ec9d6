"""The public pages of sources and claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from middleground.core.languages.first import in_first_language
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.statements.redaction import redacted
from middleground.evidence.actions.public_log import shown_claim, shown_source, whole_claims
from middleground.evidence.models import Claim, Passage
from middleground.evidence.pages.data import figure_of
from middleground.evidence.pages.linked_data import claim_item, script_of, source_item
from middleground.threads.pages.below import keep_to_reader

SOURCES_ON_A_PAGE = 50
MOST_CLAIMS = 200  # on one page
BATCH = 100  # since SQLite refuses a condition about thousands of rows


@dataclass(frozen=True, slots=True)
class ClaimSide:
    """One side of a claim with its passages, by the same order on every side."""

    value: str
    label: str
    passages: list[Passage]


@cached_page(query=("page",))
@require_safe
def show_sources(request: HttpRequest, slug: str) -> HttpResponse:
    """List the claims, and the sources page by page."""
    dialogue = public_dialogue(slug)
    listed = dialogue.sources.select_related("address_state").order_by("number")
    paginator = Paginator(listed, SOURCES_ON_A_PAGE)
    sources = paginator.get_page(request.GET.get("page"))
    for source in sources:
        source.dialogue = dialogue
    page = {
        "dialogue": dialogue,
        "sources": sources,
        "claims": claims_with_counts(dialogue) if sources.number == 1 else [],
        "may_propose": dialogue.is_open(timezone.now()),
    }
    return render(request, "evidence/sources.html", page)


def claims_with_counts(dialogue: Dialogue) -> list[Claim]:
    """The dialogue's claims, each with how many sources stand on each side."""
    shown = dialogue.claims.order_by("number").annotate(
        **{
            side: Count(
                "passages__source",
                filter=Q(passages__side=side, passages__source__withdrawn=""),
                distinct=True,
            )
            for side in Passage.Side.values
        }
    )
    claims = list(shown[:MOST_CLAIMS])
    for claim in claims:
        claim.dialogue = dialogue
    return claims


@cached_page(query=("page",))
@require_safe
def show_source(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One source, and the claims that rest on it."""
    dialogue = public_dialogue(slug)
    source = dialogue.sources.filter(number=number).select_related("address_state").first()
    if source is None:
        raise Http404
    source.dialogue = dialogue
    passages = list(
        source.passages.filter(claim__withdrawn="")
        .select_related("claim")
        .order_by("claim__number", "number")
    )
    for passage in passages:
        passage.claim.dialogue = dialogue
    page = {"dialogue": dialogue, "source": source, "passages": passages}
    if not source.withdrawn:
        page["linked_data"] = script_of(source_item(source))
    return keep_to_reader(request, render(request, "evidence/source.html", page))


@cached_page()
@require_safe
def show_claim(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One claim, its sides beside each other, and what cites it."""
    dialogue = public_dialogue(slug)
    claim = dialogue.claims.filter(number=number).first()
    if claim is None:
        raise Http404
    claim.dialogue = dialogue
    page: dict[str, object] = {
        "dialogue": dialogue,
        "claim": claim,
        "may_propose": dialogue.is_open(timezone.now()),
    }
    if not claim.withdrawn:
        passages = passages_of(claim)
        page["sides"] = sides_of(passages)
        page["statements"] = _citing(claim)
        page["figure"] = figure_of(claim)
        sources = {each.source.number: each.source for each in passages}
        in_order = [source for _, source in sorted(sources.items())]
        page["linked_data"] = script_of(claim_item(claim, in_order))
    return render(request, "evidence/claim.html", page)


@cached_page()
@require_safe
@in_first_language
def show_evidence_file(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """All sources and claims as they stand, which verifiers compare with the log."""
    dialogue = public_dialogue(slug)
    sources = dialogue.sources.select_related("dialogue").order_by("number")
    claims = whole_claims().filter(dialogue=dialogue).order_by("number")
    content = {
        "format": "middleground-evidence/1",
        "dialogue": dialogue.slug,
        "sources": [shown_source(each) for each in sources],
        "claims": [shown_claim(each) for each in claims.iterator(chunk_size=BATCH)],
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})


def passages_of(claim: Claim) -> list[Passage]:
    """The passages of sources that are not withdrawn: newest source first, then by number."""
    passages = claim.passages.filter(source__withdrawn="").select_related("source__address_state")
    ordered = list(passages.order_by("-source__published", "source__number", "number"))
    for passage in ordered:
        passage.source.dialogue = claim.dialogue
    return ordered


def sides_of(passages: Iterable[Passage]) -> list[ClaimSide]:
    """All three sides, also those without a passage, in the order of ``Passage.Side``."""
    listed = list(passages)
    return [
        ClaimSide(value, str(label), [each for each in listed if each.side == value])
        for value, label in Passage.Side.choices
    ]


def _citing(claim: Claim) -> list[Statement]:
    """The statements that cite the claim and are shown."""
    shown = Statement.objects.published().filter(citations__claim=claim).order_by("number")
    statements = [redacted(statement) for statement in shown]
    for statement in statements:
        statement.dialogue = claim.dialogue
    return statements
