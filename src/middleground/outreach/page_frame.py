"""What this app shows on pages of others: the desk's tab, and how to pass a dialogue on."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from middleground.core.page.frame import PagePart, add_parts, add_styles
from middleground.dialogues.desk_tabs import DeskGroup, DeskTab, add_desk_tabs, facilitates
from middleground.outreach.partners.pages import named_partners
from middleground.outreach.sharing.pages import sharing_of

add_parts(
    PagePart("dialogue-end", "outreach/_partners.html", named_partners, order=40),
    PagePart("dialogue-end", "outreach/_share.html", sharing_of),
)
add_desk_tabs(
    DeskTab(DeskGroup.SET_UP, "outreach", _("Outreach"), "desk_outreach", 65, facilitates)
)
add_styles(Path(__file__).resolve().parent / "styles")
