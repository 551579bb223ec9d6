"""What this app shows on pages of others: comments below a statement, posts' words, styles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from middleground.core.page.frame import (
    PageLink,
    PagePart,
    Place,
    Visitor,
    add_links,
    add_parts,
    add_styles,
)
from middleground.dialogues.desk_tabs import DeskGroup, DeskTab, add_desk_tabs, facilitates
from middleground.dialogues.models import Statement
from middleground.people.models import User
from middleground.threads.pages.below import thread_below
from middleground.threads.pages.bodies import on_body


def _below_statement(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    dialogue, statement = page["dialogue"], page["statement"]
    takes = statement.status == Statement.Status.APPROVED
    write = reverse("write-comment", args=[dialogue.slug, statement.number])
    return thread_below(page["request"], dialogue, statement, write if takes else "")


def _is_official(visitor: Visitor) -> bool:
    return isinstance(visitor, User) and visitor.is_official


add_links(PageLink(Place.DESK, "post-comments", _("In threads"), order=8, shown=_is_official))
add_parts(
    PagePart("statement-below", "threads/_thread.html", _below_statement),
    PagePart("body", "threads/_on_body.html", on_body, order=60),
)
add_desk_tabs(
    DeskTab(
        DeskGroup.SET_UP,
        "bodies",
        _("Bodies"),
        "desk_bodies_in",
        40,
        lambda page: page["dialogue"].takes_comments and facilitates(page),
    )
)
add_styles(Path(__file__).resolve().parent / "styles")
