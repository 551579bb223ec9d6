"""What this app shows on pages of dialogues: cited claims, a link to the sources, a desk tab."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.page.frame import PagePart, add_parts, add_styles
from middleground.core.site_files.sitemap import add_sitemap
from middleground.dialogues.desk_tabs import DeskGroup, DeskTab, add_desk_tabs
from middleground.evidence.exchange.one_reference import on_citing
from middleground.evidence.models import Claim
from middleground.evidence.pages.threads import below_source
from middleground.evidence.queries import public_pages
from middleground.threads.pages.below import TEMPLATE


def _on_dialogue(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    dialogue = page["dialogue"]
    claims = list(dialogue.claims.filter(withdrawn="", in_background=True).order_by("number"))
    if not claims and not dialogue.sources.exists():
        return None
    return {"cited": _of_dialogue(dialogue, claims)}


def _on_statement(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    citing = Claim.objects.filter(withdrawn="", citations__statement=page["statement"])
    claims = list(citing.order_by("number"))
    if not claims:
        return None
    is_open = page["dialogue"].is_open(timezone.now())
    return {"cited": _of_dialogue(page["dialogue"], claims), "may_propose": is_open}


def _of_dialogue(dialogue: Any, claims: list[Claim]) -> list[Claim]:
    for claim in claims:
        claim.dialogue = dialogue
    return claims


add_parts(
    PagePart("cite", "evidence/_on_citing.html", on_citing),
    PagePart("dialogue", "evidence/_on_dialogue.html", _on_dialogue, order=20),
    PagePart("statement", "evidence/_on_statement.html", _on_statement, order=20),
    PagePart("source-below", TEMPLATE, below_source),
)
add_desk_tabs(DeskTab(DeskGroup.ANSWER, "sources", _("Sources"), "desk_sources", 20))
add_styles(Path(__file__).resolve().parent / "styles")
add_sitemap("evidence", public_pages)
