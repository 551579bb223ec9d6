"""In "My votes" and on the dialogue's page: that residents are asked about answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from middleground.answers.checks.people import asked_checks
from middleground.answers.models import ResidentCheck
from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.models import Dialogue


def on_own_page(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The checks that ask whoever reads it. One query where none is open."""
    dialogue = page["dialogue"]
    token = token_of(page["request"])
    checks = list(open_checks(dialogue)) if token else []
    asked = asked_checks(dialogue, checks, token) if token and checks else []
    return {"asked": asked} if asked else None


def open_checks(dialogue: Dialogue) -> QuerySet[ResidentCheck]:
    checks = ResidentCheck.objects.filter(case__dialogue=dialogue)
    read = checks.select_related("case__dialogue", "said_done__commitment__dialogue")
    return read.still_open().order_by("stage_ends_on", "pk")
