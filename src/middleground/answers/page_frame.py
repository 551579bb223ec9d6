"""What this app shows on pages of others: the inbox, the tab at the desk, parts, styles."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from middleground.answers.parts.asked import on_own_page
from middleground.answers.parts.bodies import on_body
from middleground.answers.parts.dialogue import on_dialogue, on_report
from middleground.answers.parts.evidence import on_claim, on_source
from middleground.answers.parts.sitemap import public_pages
from middleground.answers.parts.statements import (
    on_comment,
    on_findings,
    on_my_votes,
    on_statement,
)
from middleground.answers.parts.threads import below_case
from middleground.answers.parts.writing import on_writing
from middleground.core.page.frame import (
    PageLink,
    PagePart,
    Place,
    Visitor,
    add_links,
    add_parts,
    add_styles,
)
from middleground.core.site_files.sitemap import add_sitemap
from middleground.dialogues.desk_tabs import DeskGroup, DeskTab, add_desk_tabs
from middleground.people.models import User
from middleground.threads.pages.below import TEMPLATE


def _is_official(visitor: Visitor) -> bool:
    return isinstance(visitor, User) and visitor.is_official


add_links(PageLink(Place.DESK, "inbox", _("Inbox"), order=5, shown=_is_official))
add_parts(
    PagePart("dialogue", "answers/_on_dialogue.html", on_dialogue, order=10),
    PagePart("report", "answers/_on_report.html", on_report),
    PagePart("statement", "answers/_on_statement.html", on_statement, order=10),
    PagePart("comment", "answers/_on_statement.html", on_comment, order=10),
    PagePart("findings", "answers/_on_findings.html", on_findings),
    PagePart("my-votes", "answers/_on_my_votes.html", on_my_votes),
    PagePart("my-votes", "answers/_asked.html", on_own_page, order=20),
    PagePart("key-destroyed", "answers/_asked.html", on_own_page),
    PagePart("writing", "dialogues/_mark_box.html", on_writing),
    PagePart("case-below", TEMPLATE, below_case),
    PagePart("claim-citing", "answers/_citing.html", on_claim),
    PagePart("source-citing", "answers/_citing.html", on_source),
    PagePart("body", "answers/_on_body.html", on_body),
)
add_desk_tabs(DeskTab(DeskGroup.ANSWER, "cases", _("Concerns and answers"), "desk_cases", 10))
add_styles(Path(__file__).resolve().parent / "styles")
add_sitemap("answers", public_pages)
