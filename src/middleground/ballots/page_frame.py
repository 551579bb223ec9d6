"""What this app shows on pages of others: the desk's tab."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.dialogues.desk_tabs import DeskGroup, DeskTab, add_desk_tabs, facilitates

add_desk_tabs(
    DeskTab(DeskGroup.SET_UP, "ballots", _("Forms on paper"), "desk_ballots", 34, facilitates)
)
