"""The parts of a dialogue's desk, in five groups, so that a newcomer knows where to go.

An app adds its own tabs in its ``page_frame.py``. Of the tabs that a member of staff may not use
none is shown; each page decides for itself all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from middleground.dialogues.models import Dialogue

Page = Mapping[str, Any]  # the context of a desk page, with what ``dialogue_frame`` gives


class DeskGroup(Enum):
    """The groups in their order."""

    OVERVIEW = _("Overview")
    SET_UP = _("Set up")
    MODERATE = _("Moderate")
    ANSWER = pgettext_lazy("part of the desk", "Answer")
    RECORDS = _("Records")


def sees(page: Page) -> bool:
    """Whoever only translates or enters sees no other part."""
    return bool(page["may_see"])


def facilitates(page: Page) -> bool:
    return bool(page["may_facilitate"])


def translates(page: Page) -> bool:
    return bool(page["may_translate"])


def enters(page: Page) -> bool:
    return bool(page["may_enter"])


@dataclass(frozen=True, slots=True)
class DeskTab:
    """A page of a dialogue's desk; ``key`` is its ``here``, ``url`` the name of its pattern.

    Tabs of a group are sorted by ``order``, ascending. ``waiting`` counts what waits there.
    """

    group: DeskGroup
    key: str
    text: str | Promise
    url: str
    order: int = 50
    shown: Callable[[Page], bool] = sees
    waiting: Callable[[Page], int] = lambda _page: 0


@dataclass(frozen=True, slots=True)
class ShownTab:
    """A tab on a page."""

    text: str | Promise
    address: str
    current: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group with its tabs, at least one; its address is that of the first."""

    text: str | Promise
    tabs: list[ShownTab]

    @property
    def address(self) -> str:
        return self.tabs[0].address

    @property
    def current(self) -> bool:
        return any(tab.current for tab in self.tabs)

    @property
    def waiting(self) -> int:
        return sum(tab.waiting for tab in self.tabs)


_tabs: list[DeskTab] = [
    DeskTab(DeskGroup.OVERVIEW, "overview", _("Overview"), "desk_dialogue"),
    DeskTab(DeskGroup.SET_UP, "edit", _("Question and rules"), "desk_edit", 10, facilitates),
    DeskTab(DeskGroup.SET_UP, "seeds", _("First statements"), "desk_seeds", 20, facilitates),
    DeskTab(DeskGroup.SET_UP, "codes", _("Who may take part"), "desk_codes", 30, facilitates),
    DeskTab(DeskGroup.SET_UP, "entries", _("Helpers’ entries"), "desk_batches", 35, enters),
    DeskTab(
        DeskGroup.SET_UP,
        "translations",
        _("Translations"),
        "desk_translations",
        40,
        translates,
        lambda page: page["translations_waiting"],
    ),
    DeskTab(DeskGroup.SET_UP, "preview", _("Preview"), "desk_preview", 60),
    DeskTab(DeskGroup.SET_UP, "embedding", _("Embed"), "desk_embedding", 70, facilitates),
    DeskTab(
        DeskGroup.SET_UP,
        "roles",
        _("Staff"),
        "desk_roles",
        80,
        lambda page: bool(page["may_grant_roles"]),
    ),
    DeskTab(
        DeskGroup.MODERATE,
        "statements",
        _("Statements"),
        "desk_moderation",
        10,
        waiting=lambda page: page["waiting"],
    ),
    DeskTab(DeskGroup.MODERATE, "topics", _("Topics"), "desk_topics", 20),
    DeskTab(DeskGroup.MODERATE, "reasons", _("Reasons"), "desk_reasons", 80),
    DeskTab(DeskGroup.MODERATE, "patterns", _("Unusual patterns"), "desk_patterns", 90),
    DeskTab(DeskGroup.RECORDS, "participation", _("Participation"), "desk_participation", 10),
    DeskTab(DeskGroup.RECORDS, "retention", _("What is kept"), "desk_retention", 20),
]


def add_desk_tabs(*tabs: DeskTab) -> None:
    _tabs.extend(tabs)


def groups_of(page: Page) -> list[ShownGroup]:
    """The tabs for whoever asked for ``page``; its ``here`` is the key of the current one."""
    dialogue, here = page["dialogue"], str(page.get("here") or "overview")
    by_group: dict[DeskGroup, list[ShownTab]] = {group: [] for group in DeskGroup}
    for tab in sorted(_tabs, key=lambda tab: tab.order):
        if tab.shown(page):
            address = reverse(tab.url, args=[dialogue.slug])
            shown = ShownTab(tab.text, address, tab.key == here, tab.waiting(page))
            by_group[tab.group].append(shown)
    if sees(page):
        by_group[DeskGroup.MODERATE] += _of_texts(dialogue, page, here)
    return [ShownGroup(group.value, tabs) for group, tabs in by_group.items() if tabs]


def _of_texts(dialogue: Dialogue, page: Page, here: str) -> Iterator[ShownTab]:
    """Appeals, and the kinds of texts beside statements of which the dialogue has some."""
    if page["appeals"] or here == "appeals":
        address = reverse("desk_appeals", args=[dialogue.slug])
        yield ShownTab(_("Appeals"), address, here == "appeals", page["appeals"])
    for each in page["other_texts"]:
        kind = each["kind"]
        address = reverse("desk_texts", args=[dialogue.slug, kind.collection])
        yield ShownTab(kind.label, address, here == kind.collection, each["waiting"])
        if each["appeals"]:
            text = _("Appeals: %(what)s") % {"what": kind.label}
            address = reverse("desk_text_appeals", args=[dialogue.slug, kind.collection])
            yield ShownTab(text, address, False, each["appeals"])
