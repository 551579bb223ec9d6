"""The opinion map of a dialogue, complete or filtered. Requests show stored maps only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from middleground.core.models import JobTrouble
from middleground.core.page_cache.marks import cached_page, set_own_parts
from middleground.dialogues.identity.cookie import COOKIE, token_of
from middleground.dialogues.identity.keys import WrongKey
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.identity.tokens import read_token
from middleground.dialogues.maps.schedule import trouble_of_map
from middleground.dialogues.models import Dialogue, Participant
from middleground.dialogues.participation.admission import counts_apart
from middleground.dialogues.queries import public_dialogue, votes_of
from middleground.dialogues.results import figures, findings
from middleground.dialogues.results.people.own_place import OwnPlaces
from middleground.dialogues.results.published import (
    PublishedMap,
    newest_map,
    newest_map_id,
    places_on_map,
    tier_map,
)
from middleground.dialogues.results.summary import statement_counts, summary
from middleground.dialogues.results.topics.by_topic import topic_parts
from middleground.engine import Projection

SHORT_LIST = 5
LONG_LIST = 100
NOT_HOLDING = 5


class _Own(NamedTuple):
    """A place, the votes that it follows from, and whether these wait to be confirmed."""

    place: Projection
    votes: Mapping[int, int]
    unconfirmed: bool


@cached_page(fragment="map-body")
@require_safe
@conditional_page
def show_map(request: HttpRequest, slug: str, view: str = "all", label: str = "") -> HttpResponse:
    dialogue = public_dialogue(slug)
    phase = dialogue.phase(timezone.now())
    published = tier_map(dialogue, label) if view == "tier" else newest_map(dialogue)
    if view == "tier" and published is None:
        raise Http404
    if view == "group" and not (published and label in _labels(published)):
        raise Http404
    trouble = trouble_of_map(dialogue, phase)
    page = {
        "dialogue": dialogue,
        "phase": phase,
        "published": published,
        "map_trouble": trouble,
        "shown": map_state(published.pk if published else 0, phase, trouble),
        "view": view,
        "label": label,
        "here": request.path,
    }
    token, own = token_of(request), None
    # Only while the dialogue is open: after the close the key that links a token to votes is to be
    # destroyed.
    has_own_place = published is not None and phase == "open" and view != "tier"
    if published:
        own = _own_places(published, [token])[0] if token and has_own_place else None
        page |= _content(published, view, label, own)
    template = "dialogues/_map_body.html" if _wants_body(request) else "dialogues/map.html"
    response = render(request, template, page)
    if published and has_own_place:
        set_own_parts(response, COOKIE, _OwnParts(published, view, label))
    return _kept_as_it_may(request, response)


@cached_page(query=("shown",))
@require_safe
def newer_map(request: HttpRequest, slug: str) -> HttpResponse:
    """Polled every few seconds by an open page; ``HX-Trigger`` tells it to reload its map."""
    dialogue = public_dialogue(slug)
    phase = dialogue.phase(timezone.now())
    newest = map_state(newest_map_id(dialogue), phase, trouble_of_map(dialogue, phase))
    headers = {"Cache-Control": "no-cache", "ETag": f'"map-{newest}"'}
    if request.headers.get("If-None-Match", "").removeprefix("W/") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    if request.GET.get("shown", "") == newest:
        return HttpResponse(status=204, headers=headers)
    return HttpResponse(status=204, headers={**headers, "HX-Trigger": "newer-map"})


def map_state(map_id: int, phase: str, trouble: JobTrouble | None) -> str:
    """What a page shows of the map, in a word: it is loaded anew when that changes."""
    state = str(map_id) if phase == "open" else f"{map_id}-{phase}"
    return f"{state}-late" if trouble else state


def _wants_body(request: HttpRequest) -> bool:
    return request.headers.get("HX-Target") == "map-body"


def _kept_as_it_may(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Set cache headers: a participant's page shows their own position, so no cache keeps it."""
    if token_of(request) or request.user.is_authenticated:
        patch_cache_control(response, private=True, no_store=True)
    else:
        patch_cache_control(response, no_cache=True)
    patch_vary_headers(response, ["Cookie", "HX-Target"])
    return response


class _OwnParts:
    """What a kept page shows otherwise to each participant, in the language of the page.

    What is the same for all of them is made for the first one.
    """

    def __init__(self, published: PublishedMap, view: str, label: str) -> None:
        self._published, self._labels = published, _labels(published)
        self._zoom, self._href = _zoom(view, label), _href(published)
        self._places = OwnPlaces(published)

    def __call__(self, cookies: Sequence[str]) -> Iterator[dict[str, str] | None]:
        """The parts for who has each cookie; None if they have no place yet."""
        for own in _own_places(self._published, [read_token(cookie) for cookie in cookies]):
            if own is None:
                yield None
            else:
                yield {"picture": self._picture(own.place.position), "place": self._place(own)}

    @cached_property
    def _picture(self) -> Callable[[tuple[float, float]], str]:
        return figures.pinned_map(self._published, zoom=self._zoom, href=self._href)

    def _place(self, own: _Own) -> str:
        context = {
            "own": self._places.of(own.place, own.votes),
            "labels": self._labels,
            "unconfirmed": own.unconfirmed,
            "dialogue": self._published.dialogue,
            "apart": counts_apart(self._published.dialogue, None),
        }
        return render_to_string("dialogues/_map_place.html", context)


def _own_places(published: PublishedMap, tokens: Sequence[bytes | None]) -> list[_Own | None]:
    """The participants' positions and votes; None for who has no token or has voted too little."""
    people = [_participant(published, token) for token in tokens]
    own = votes_of({person for person in people if person is not None})
    votes = {person: each.values for person, each in own.items()}
    places = dict(zip(votes, places_on_map(published, list(votes.values())), strict=True))
    waits = _unconfirmed(published.dialogue, [who for who, place in places.items() if place])
    found = {
        person: _Own(place, votes[person], person in waits)
        for person, place in places.items()
        if place
    }
    return [None if person is None else found.get(person) for person in people]


def _unconfirmed(dialogue: Dialogue, people: Sequence[int]) -> set[int]:
    """Whose votes wait to be confirmed, while they still can be."""
    if not people or not dialogue.open_participation:
        return set()
    waiting = Participant.objects.filter(tier=Participant.Tier.UNCONFIRMED, pk__in=people)
    return set(waiting.values_list("pk", flat=True))


def _participant(published: PublishedMap, token: bytes | None) -> int | None:
    try:
        return pseudonym(published.dialogue.pk, token) if token else None
    except WrongKey:  # the map itself is shown all the same
        return None


def _labels(published: PublishedMap) -> list[str]:
    facts = published.facts
    return [group.label for group in facts.groups] if facts.status == "groups" else []


def _content(published: PublishedMap, view: str, label: str, own: _Own | None) -> dict[str, object]:
    facts = published.facts
    labels = _labels(published)
    content: dict[str, object] = {
        "facts": facts,
        "tier": next(
            (tier for tier in published.tiers if view == "tier" and tier.key == label), None
        ),
        "labels": labels,
        "several_tiers": any(tier.has_map for tier in published.tiers),
        "own": OwnPlaces(published).of(own.place, own.votes) if own else None,
        "unconfirmed": own is not None and own.unconfirmed,
        "apart": counts_apart(published.dialogue, None),
        **figures.numbers_of_participants(published),
    }
    if facts.status == "too_little":
        return content
    if view in ("all", "tier"):
        content["statements_picture"] = figures.statements_figure(published, href=published.address)
        content["statement_counts"] = statement_counts(published)
    if view == "all":
        content["summary"] = summary(published)
        content["parts"] = topic_parts(published)
    content["picture"] = _picture(published, view, label, own.place if own else None)
    content["lists"] = _lists(published, view, label)
    if labels and view == "all":
        content["stability"] = round(100 * (facts.diagnostics.stability or 0))
        content["sureness"] = figures.sureness_figure(published)
        content["groups"] = [(g, findings.group_entries(published, g)[:2]) for g in labels]
    return content


def _picture(
    published: PublishedMap, view: str, label: str, you: Projection | None
) -> figures.Figure:
    return figures.map_figure(
        published,
        you=you.position if you else None,
        zoom=_zoom(view, label),
        href=_href(published),
    )


def _zoom(view: str, label: str) -> str | None:
    return label if view == "group" else None


def _href(published: PublishedMap) -> Callable[[str], str]:
    """The address of each group's own map."""
    slug = published.dialogue.slug
    return lambda group: reverse("map-group", args=[slug, group])


def _lists(published: PublishedMap, view: str, label: str) -> list[dict[str, object]]:
    """The statement lists that the URL asks for."""
    if view == "group":
        return [_list("group", findings.group_entries(published, label))]
    if view == "undecided":
        return [_list("undecided", findings.undecided_entries(published, LONG_LIST))]
    if view in ("all", "tier"):
        kinds = ["middle-ground"]
        if published.facts.status == "groups":
            kinds.append("divisive")
        most = SHORT_LIST if view == "all" else LONG_LIST
        return [_ranked(published, kind, most, 0) for kind in kinds]
    return [_ranked(published, view, LONG_LIST, NOT_HOLDING)]


def _ranked(published: PublishedMap, kind: str, most: int, nearly: int) -> dict[str, object]:
    """Draw only the entries that are shown, because a map may rank thousands of statements."""
    middle = kind == "middle-ground"
    entries = findings.middle_ground_entries if middle else findings.divisive_entries
    ranked = published.facts.middle_ground if middle else published.facts.divisive
    shown = entries(published, holding=True, most=most)
    return {
        **_list(kind, shown),
        "count": sum(item.holds for item in ranked),
        "nearly": entries(published, holding=False, most=nearly),
        "more": most == SHORT_LIST,
    }


def _list(kind: str, entries: list[findings.Entry]) -> dict[str, object]:
    return {"kind": kind, "title": _TITLES[kind](), "entries": entries}


_TITLES = {
    "middle-ground": lambda: _("The middle ground"),
    "divisive": lambda: _("Where the groups disagree"),
    "undecided": lambda: _("Undecided"),
    "group": lambda: _("What characterizes this group"),
}
