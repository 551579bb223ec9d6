"""What a draft has and lacks before it opens, as a list with a page for each point.

Opening checks ``missing_to_open`` only. All else here is advice, and whether texts are fair or good
is never judged by software.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from middleground.dialogues.lifecycle.actions import LifecycleRefused
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import codes_made
from middleground.people.models import Membership, User
from middleground.texts.places import place_left


class PointState(Enum):
    """Each is told by its sign and by a word."""

    DONE = "done"
    TO_DO = "to_do"
    FOR_PEOPLE = "for_people"  # only people can tell whether it is done


@dataclass(frozen=True, slots=True)
class ChecklistPoint:
    """One point. ``url`` is the name of its page, ``field`` the field there; ``""``: none."""

    title: str
    text: str
    state: PointState
    url: str = ""
    field: str = ""
    needed: bool = False
    for_facilitators: bool = True
    address: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """The points in the order in which a host meets them."""

    points: list[ChecklistPoint]

    @property
    def needed(self) -> int:
        return sum(point.needed for point in self.points)

    @property
    def needed_done(self) -> int:
        return sum(point.needed and point.state is PointState.DONE for point in self.points)

    @property
    def ready(self) -> bool:
        return self.needed == self.needed_done


def checklist(
    dialogue: Dialogue, missing: Sequence[LifecycleRefused], *, may_facilitate: bool
) -> Checklist:
    """The checklist of a draft; ``missing`` is what ``missing_to_open`` found."""
    lacks = {each.code: each.message for each in missing}
    found = [
        *_about_texts(dialogue, lacks),
        _first_statements(dialogue, lacks),
        _who_may_take_part(dialogue),
        *_about_moderation(dialogue),
        _retention(dialogue),
        *_about_the_start(dialogue, lacks),
    ]
    return Checklist([_with_address(point, dialogue, may_facilitate) for point in found])


def _with_address(
    point: ChecklistPoint, dialogue: Dialogue, may_facilitate: bool
) -> ChecklistPoint:
    if not point.url or (point.for_facilitators and not may_facilitate):
        return point
    anchor = f"#id_{point.field}" if point.field else ""
    address = reverse(point.url, args=[dialogue.slug]) + anchor
    return replace(point, address=address)


def _done_if(done: object) -> PointState:
    return PointState.DONE if done else PointState.TO_DO


def _about_texts(dialogue: Dialogue, lacks: dict[str, str]) -> list[ChecklistPoint]:
    return [
        ChecklistPoint(
            _("Question"),
            lacks.get("no_question") or _("Open, favoring no answer."),
            _done_if("no_question" not in lacks),
            "desk_edit",
            "question",
            needed=True,
        ),
        ChecklistPoint(
            _("Who hosts it"),
            lacks.get("no_host") or _("Shown below the question."),
            _done_if("no_host" not in lacks),
            "desk_edit",
            "host_name",
            needed=True,
        ),
        _written(
            _("Background"),
            _("Fair to each side."),
            dialogue.background,
            "background",
        ),
        _written(
            _("What happens with the answers"),
            _("Who reads the result, by when, and what they do."),
            dialogue.promise,
            "promise",
        ),
    ]


def _written(title: str, advice: str, text: str, field: str) -> ChecklistPoint:
    """A text that may stay empty, but in which no place of a template may be left."""
    place = place_left(text)
    left = LifecycleRefused("place_left", place=place).message if place else ""
    done = _done_if(text.strip() and not place)
    return ChecklistPoint(title, left or advice, done, "desk_edit", field, needed=bool(place))


def _first_statements(dialogue: Dialogue, lacks: dict[str, str]) -> ChecklistPoint:
    count = dialogue.statements.votable().count()
    have = ngettext("There is %(n)d.", "There are %(n)d.", count) % {"n": count}
    advice = _("Does each side find its view, in its own words? Ask some of them.")
    return ChecklistPoint(
        _("First statements, from all sides"),
        f"{lacks.get('too_few_statements') or have} {advice}",
        _done_if("too_few_statements" not in lacks),
        "desk_seeds",
        needed=True,
    )


def _who_may_take_part(dialogue: Dialogue) -> ChecklistPoint:
    codes = sum(count for _tier, count in codes_made(dialogue))
    if dialogue.open_participation:
        text = _("Everyone may take part. Codes count invited people apart.")
    elif codes:
        text = ngettext(
            "Only with a code. %(n)d code is made.",
            "Only with a code. %(n)d codes are made.",
            codes,
        ) % {"n": codes}
    else:
        text = _("People need a code, and there is none yet.")
    return ChecklistPoint(
        _("Who may take part"),
        text,
        _done_if(dialogue.open_participation or codes),
        "desk_codes",
    )


def _about_moderation(dialogue: Dialogue) -> list[ChecklistPoint]:
    people = _moderators(dialogue)
    when = (
        _("Statements wait for a moderator.")
        if dialogue.moderation == Dialogue.Moderation.BEFORE
        else _("Statements are shown at once and read later.")
    )
    count = ngettext("%(n)d person can decide.", "%(n)d people can decide.", people) % {"n": people}
    return [
        ChecklistPoint(
            _("What is not shown"),
            _("Without your rules, people see the usual reasons."),
            _done_if(dialogue.moderation_policy.strip()),
            "desk_edit",
            "moderation_policy",
        ),
        ChecklistPoint(
            _("Who moderates"),
            f"{when} {count} {_('Agree who looks, and how often.')}",
            PointState.FOR_PEOPLE,
            "desk_edit",
            "moderation_0",
        ),
    ]


def _moderators(dialogue: Dialogue) -> int:
    """How many accounts may moderate it: those with a role everywhere, or in this dialogue."""
    everywhere = Q(role__in=(User.Role.MODERATOR, User.Role.FACILITATOR))
    here = dialogue.memberships.filter(role__in=Membership.Role.values).values("user")
    return User.objects.filter(everywhere | Q(pk__in=here), is_active=True).count()


def _retention(dialogue: Dialogue) -> ChecklistPoint:
    days = ngettext(
        "The key is destroyed %(n)d day after the final map.",
        "The key is destroyed %(n)d days after the final map.",
        dialogue.key_days,
    ) % {"n": dialogue.key_days}
    fewest = _("No number below %(n)d people is shown.") % {"n": dialogue.minimum_shown}
    later = _("Once people take part, both can only get stricter.")
    return ChecklistPoint(
        _("How long things are kept"),
        f"{days} {fewest} {later}",
        PointState.DONE,
        "desk_edit",
        "key_days",
    )


_ABOUT_KEYS = ("keys_of_another_installation", "key_is_missing")


def _about_the_start(dialogue: Dialogue, lacks: dict[str, str]) -> list[ChecklistPoint]:
    """What stands in the way of opening, if anything, and a last look by people."""
    found = []
    if "period_is_over" in lacks:
        found.append(
            ChecklistPoint(
                _("When it closes"),
                lacks["period_is_over"],
                PointState.TO_DO,
                "desk_edit",
                "closes_at",
                needed=True,
            )
        )
    found += [
        ChecklistPoint(_("The key on the server"), lacks[code], PointState.TO_DO, needed=True)
        for code in _ABOUT_KEYS
        if code in lacks
    ]
    look = _("Read it as a stranger would.")
    server = _("Whoever runs it types “middleground doctor”.")
    return [
        *found,
        ChecklistPoint(
            _("Preview"), look, PointState.FOR_PEOPLE, "desk_preview", for_facilitators=False
        ),
        _look_from_outside(dialogue),
        ChecklistPoint(_("The server"), server, PointState.FOR_PEOPLE),
    ]


def _look_from_outside(dialogue: Dialogue) -> ChecklistPoint:
    links = dialogue.preview_links.filter(ends_on__gte=timezone.localdate()).count()
    how = (
        ngettext(
            "%(n)d link with a password exists.",
            "%(n)d links with passwords exist.",
            links,
        )
        % {"n": links}
        if links
        else _("Make a link with a password.")
    )
    who = _("Show it to somebody from each side.")
    return ChecklistPoint(
        _("A look from outside"), f"{who} {how}", PointState.FOR_PEOPLE, "desk_preview_links"
    )
