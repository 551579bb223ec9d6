"""What this app shows on pages of others: how to follow answers, and choices about e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from middleground.answers.models import CaseStatus
from middleground.core.page.frame import PagePart, add_parts, add_styles
from middleground.dialogues.desk_tabs import DeskGroup, DeskTab, add_desk_tabs, facilitates
from middleground.notices.following import takes_email
from middleground.notices.models import OfficialEmailChoice


def _on_case(page: Mapping[str, Any]) -> Mapping[str, Any]:
    is_open = page["case"].status != CaseStatus.CLOSED
    return {"takes_email": is_open and takes_email(page["dialogue"])}


def _for_staff(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return None if page["user"].is_official else {}


def _on_account(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    user = page["user"]
    if not settings.MAIL or not user.is_official:
        return None
    return {"gets_email": OfficialEmailChoice.objects.filter(user=user, on=True).exists()}


add_parts(
    PagePart("answers", "notices/_on_answers.html"),
    PagePart("case-head", "notices/_case_feed.html"),
    PagePart("case", "notices/_on_case.html", _on_case),
    PagePart("account", "notices/desk/_on_account.html", _on_account),
    PagePart("account", "notices/desk/_waiting_on_account.html", _for_staff),
    PagePart("desk-home", "notices/desk/_waiting_on_home.html", _for_staff),
)
add_desk_tabs(DeskTab(DeskGroup.SET_UP, "email", _("E-mail"), "desk_email", 50, facilitates))
add_styles(Path(__file__).resolve().parent / "styles")
