"""What this app shows on pages of dialogues: the comments below a statement; and its styles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from middleground.core.page.frame import PagePart, add_parts, add_styles
from middleground.dialogues.models import Statement
from middleground.threads.listing import sides_of
from middleground.threads.reactions.react import reader_of
from middleground.threads.submit import thread_of


def _below_statement(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    dialogue, statement = page["dialogue"], page["statement"]
    thread = thread_of(statement)
    if thread is None and not dialogue.takes_comments:
        return None
    reader = reader_of(page["request"], dialogue, thread)
    sides = sides_of(dialogue, thread, page["request"].GET.get("page", "1"), reader)
    longest = max(sides, key=lambda side: side.page.paginator.num_pages)
    takes = dialogue.takes_comments and statement.status == Statement.Status.APPROVED
    return {
        "sides": sides,
        "pages": longest.page,
        "is_empty": not any(side.shown for side in sides),
        "is_ranked": any(each.comment.rank for side in sides for each in side.shown),
        "may_react": reader is not None,
        "may_write": takes and dialogue.is_open(timezone.now()),
    }


add_parts(PagePart("statement-below", "threads/_thread.html", _below_statement))
add_styles(Path(__file__).resolve().parent / "styles")
