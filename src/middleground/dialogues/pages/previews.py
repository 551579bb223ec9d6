"""What others show beside a link to a page that somebody shares: a picture, and a few words.

The pictures are made here, and nobody is asked for anything. They show no figure that is not on the
page itself, so they go through the same disclosure.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from middleground import core
from middleground.core import dates
from middleground.core.look.current import current_look
from middleground.core.site_files.canonical import absolute_in, canonical_address
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.pages.picture_files import PNG, png_answer
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.results.figures import words
from middleground.dialogues.results.people.axis_lines import is_shown
from middleground.dialogues.results.published import PublishedMap, newest_map
from middleground.dialogues.statements.redaction import public_statement
from middleground.dialogues.translations.shown import shown_part
from middleground.disclosure.findings import is_disclosed
from middleground.engine.facts import Rate
from middleground.pictures.files import Preview, PreviewBar, link_preview
from middleground.pictures.labels import share_figure

WIDTH, HEIGHT = 1200, 630
ICON, TOUCH_ICON = 48, 180  # pixels
_ICON = Path(core.__file__).parent / "static" / "middleground" / "icon.svg"


@require_safe
def show_site_preview(request: HttpRequest) -> HttpResponseBase:
    host = current_look().site_name or "middleground"
    about = _("Hear everyone. Find the middle ground. Answer them.")
    return _shown(request, lambda: Preview(host, about, _place()))


@require_safe
def show_dialogue_preview(request: HttpRequest, slug: str) -> HttpResponseBase:
    return _shown(request, lambda: _of_dialogue(slug))


def _of_dialogue(slug: str) -> Preview:
    dialogue = public_dialogue(slug)
    published = newest_map(dialogue)
    caption, bars = _shared(published) if published else ("", [])
    above = _("%(host)s asks") % {"host": dialogue.host_name}
    question = str(shown_part(dialogue, "question"))
    return Preview(above, question, _below(dialogue), caption, bars)


@require_safe
def show_statement_preview(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    return _shown(request, lambda: _of_statement(slug, number))


def _of_statement(slug: str, number: int) -> Preview:
    dialogue = public_dialogue(slug)
    statement = public_statement(dialogue, number)
    published = newest_map(dialogue) if statement.status != Statement.Status.MERGED else None
    facts = published.facts_of(statement.pk) if published else None
    groups = facts.groups if facts else ()
    rates = groups or ((facts.everyone,) if facts else ())
    bars = _bars(rates, published.minimum) if published else []
    about = _("Share that agrees, by group") if groups else _("Share that agrees")
    caption = about if bars else ""
    return Preview(dialogue.question, statement.text, _below(dialogue), caption, bars)


@require_safe
def show_icon(request: HttpRequest) -> HttpResponseBase:
    """``/favicon.ico`` for programs that ask for it unseen: a file with one PNG in it."""
    return png_answer(
        request,
        lambda: _ICON.read_text("utf-8"),
        lambda png: HttpResponse(_ico(png), content_type="image/vnd.microsoft.icon"),
        ICON,
    )


@require_safe
def show_touch_icon(request: HttpRequest) -> HttpResponseBase:
    """For phones, which cut the corners themselves."""
    return png_answer(
        request,
        lambda: _ICON.read_text("utf-8").replace(' rx="7"', ""),
        lambda png: HttpResponse(png, content_type=PNG),
        TOUCH_ICON,
    )


def sharing(page: Mapping[str, Any]) -> dict[str, object] | None:
    """The words and the picture for the head of a public page; None for any other."""
    address = canonical_address(page.get("request"))
    if not address:
        return None
    dialogue, published = page.get("dialogue"), page.get("published")
    title, picture = current_look().site_name or "middleground", reverse("site-preview")
    about = _("Residents find what they agree on, and public bodies answer them.")
    if isinstance(dialogue, Dialogue):
        question = str(shown_part(dialogue, "question"))
        title, picture = question, reverse("dialogue-preview", args=[dialogue.slug])
        about = _about(dialogue)
        statement, case = page.get("statement"), page.get("case")
        if isinstance(statement, Statement):
            title, about = statement.text, question
            picture = reverse("statement-preview", args=[dialogue.slug, statement.number])
        elif case is not None:
            title, about = case.title, question
    # Another address with each map, so that others show the new picture.
    version = f"?map={published.pk}" if isinstance(published, PublishedMap) else ""
    return {
        "share_address": address,
        "share_title": title,
        "share_about": about,
        "share_picture": absolute_in(picture) + version,
        "share_size": (WIDTH, HEIGHT),
        "share_site": current_look().site_name or "middleground",
    }


def _shown(request: HttpRequest, make: Callable[[], Preview]) -> HttpResponseBase:
    def answer(png: bytes) -> HttpResponse:
        response = HttpResponse(png, content_type=PNG)
        patch_cache_control(response, no_cache=True)
        # It is made to be shown by others.
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return png_answer(request, lambda: link_preview(make()), answer, WIDTH)


def _place() -> str:
    return urlsplit(settings.ORIGIN).netloc


def _below(dialogue: Dialogue) -> str:
    """Where it is, how it stands, and whether it is an example."""
    phase = dialogue.phase(timezone.now())
    closes, opens = dialogue.closes_at, dialogue.opens_at
    if phase == "open":
        state = (
            _("open until %(day)s") % {"day": _day(closes)}
            if closes
            else pgettext("state of a dialogue", "open")
        )
    elif phase == "scheduled" and opens:
        state = _("opens on %(day)s") % {"day": _day(opens)}
    else:
        state = pgettext("state of a dialogue", "closed")
    example = _("example, all simulated") if dialogue.simulated else ""
    return " · ".join(filter(None, (_place(), state, example)))


def _about(dialogue: Dialogue) -> str:
    """What one can do there now, in a sentence or two."""
    phase = dialogue.phase(timezone.now())
    closes, opens = dialogue.closes_at, dialogue.opens_at
    if phase == "open" and closes:
        said = _(
            "Agree or disagree with short statements, and see what all groups share. Until %(day)s."
        )
        said = said % {"day": _day(closes)}
    elif phase == "open":
        said = _("Agree or disagree with short statements, and see what all groups share.")
    elif phase == "scheduled" and opens:
        said = _("You can take part from %(day)s.") % {"day": _day(opens)}
    else:
        said = _("What people share, and where they disagree. This dialogue is closed.")
    example = _("This is an example: all participants are simulated.") if dialogue.simulated else ""
    return " ".join(filter(None, (said, example)))


def _day(moment: Any) -> str:
    return dates.day(timezone.localdate(moment))


def _shared(published: PublishedMap) -> tuple[str, list[PreviewBar]]:
    """The first of the middle ground whose words are public and whose shares may all be told."""
    divided = published.facts.status == "groups"
    for item in published.facts.middle_ground:
        bars = _bars(item.groups, published.minimum)
        if item.holds and bars and is_shown(published, item.statement):
            text = published.texts[item.statement]
            said = _("Every group agrees: %(text)s") if divided else _("Most agree: %(text)s")
            return said % {"text": text}, bars
    return "", []


def _bars(rates: Sequence[Rate], minimum: int) -> list[PreviewBar]:
    """The shares, or the ranges where no share is told; none if one of them is withheld."""
    if not all(is_disclosed(rate) and rate.has_interval for rate in rates):
        return []
    return [
        PreviewBar(rate.group, rate.rate, rate.low, rate.high, share_figure(rate, words(), minimum))
        for rate in rates
    ]


def _ico(png: bytes) -> bytes:
    """An icon file of one picture, which since Windows Vista may be PNG."""
    head = struct.pack("<HHH", 0, 1, 1)
    entry = struct.pack("<BBBBHHII", ICON, ICON, 0, 0, 1, 32, len(png), 6 + 16)
    return head + entry + png
