"""What a response rests on: claims and sources of the dialogue's list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext as _

from middleground.answers.models import Case, CaseStatus, Resolution, Response, ResponseCitation
from middleground.answers.responses.refusals import ResponseRefused
from middleground.dialogues.models import Dialogue
from middleground.evidence.models import Claim, Source

# The answer that stands, or that stood when the case was closed.
_ANSWERED = (CaseStatus.ANSWERED, CaseStatus.CLOSED)


def with_cited(lookup: str) -> Prefetch[str]:
    """Prefetches the citations of responses with what they cite."""
    return Prefetch(lookup, ResponseCitation.objects.select_related("claim", "source"))


def citable(dialogue: Dialogue, chosen: Collection[str]) -> list[tuple[str, str]]:
    """What a draft can cite: key and name. What was withdrawn only if it is chosen already."""
    return [
        (key, _("%(name)s (withdrawn)") % {"name": _name(row)} if row.withdrawn else _name(row))
        for key, row in _rows(dialogue)
        if not row.withdrawn or key in chosen
    ]


def check_cited(dialogue: Dialogue, keys: Sequence[str]) -> list[ResponseRefused]:
    """Why a response that cites these is not published."""
    if not keys:
        return []
    gone = [row for key, row in _rows(dialogue) if key in keys and row.withdrawn]
    return [ResponseRefused("cited_withdrawn", what=_short_name(row)) for row in gone]


def citations_of(
    response: Response, dialogue: Dialogue, keys: Sequence[str]
) -> list[ResponseCitation]:
    """The rows for a response, not stored: claims by number, then sources."""
    rows = [row for key, row in _rows(dialogue) if key in keys] if keys else []
    return [
        ResponseCitation(response=response, claim=row)
        if isinstance(row, Claim)
        else ResponseCitation(response=response, source=row)
        for row in rows
    ]


def cases_citing(cited: Claim | Source) -> list[Case]:
    """The cases whose newest answer rests on it, by number."""
    newest = Response.objects.filter(case=OuterRef("response__case")).order_by("-version")
    is_cited = Q(claim=cited) if isinstance(cited, Claim) else Q(source=cited)
    citing = ResponseCitation.objects.filter(is_cited, response__case__status__in=_ANSWERED)
    # A case that waits can be closed, too, when its answer was withdrawn.
    citing = citing.exclude(response__case__resolution=Resolution.WITHDRAWN)
    citing = citing.filter(response=Subquery(newest.values("pk")[:1]))
    cases = Case.objects.filter(pk__in=citing.values("response__case")).order_by("number")
    return list(cases.select_related("dialogue"))


def _rows(dialogue: Dialogue) -> Iterator[tuple[str, Claim | Source]]:
    for claim in dialogue.claims.order_by("number"):
        yield f"claim-{claim.number}", claim
    for source in dialogue.sources.order_by("number"):
        yield f"source-{source.number}", source


def _short_name(row: Claim | Source) -> str:
    text = _("claim %(number)d") if isinstance(row, Claim) else _("source %(number)d")
    return text % {"number": row.number}


def _name(row: Claim | Source) -> str:
    if isinstance(row, Claim):
        return _("Claim %(number)d: %(text)s") % {"number": row.number, "text": row.text}
    return _("Source %(number)d: %(text)s") % {"number": row.number, "text": row.shown_reference}
