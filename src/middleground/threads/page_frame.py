"""What this app shows on pages of dialogues: the comments below a statement; and its styles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.urls import reverse

from middleground.core.page.frame import PagePart, add_parts, add_styles
from middleground.dialogues.models import Statement
from middleground.threads.below import thread_below


def _below_statement(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    dialogue, statement = page["dialogue"], page["statement"]
    takes = statement.status == Statement.Status.APPROVED
    write = reverse("write-comment", args=[dialogue.slug, statement.number])
    return thread_below(page["request"], dialogue, statement, write if takes else "")


add_parts(PagePart("statement-below", "threads/_thread.html", _below_statement))
add_styles(Path(__file__).resolve().parent / "styles")
