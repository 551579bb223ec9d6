"""Posters, cards and half pages of a campaign as PDF. Needs the optional part "paper"."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language_info, gettext_lazy, override
from django.utils.translation import gettext as _

from middleground.core import dates
from middleground.core.look.current import current_look
from middleground.core.models import SiteLook
from middleground.core.refusals import RefusalText, Refused
from middleground.dialogues.models import Dialogue
from middleground.dialogues.translations.shown import shown_part
from middleground.outreach.campaigns.short_codes import short_address
from middleground.outreach.models import Campaign


class PosterRefused(Refused):
    """Nothing was printed."""

    refusals = {
        "no_part": RefusalText(
            gettext_lazy(
                "This server cannot print: the part “paper” is not installed. "
                "Use “Codes and addresses to print”, or ask who runs the server."
            )
        ),
        "no_font": RefusalText(
            gettext_lazy("This server has no font for some letters. It needs: %(package)s.")
        ),
        "bad_logo": RefusalText(
            gettext_lazy("The logo cannot be printed. Put another one under “Look”.")
        ),
    }


class PosterForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("What to print"),
        choices=[
            ("poster", gettext_lazy("A poster")),
            ("cards", gettext_lazy("Eight cards to hand out")),
            ("half-page", gettext_lazy("Half a page for a newspaper")),
        ],
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=lambda: settings.LANGUAGES)
    paper = forms.ChoiceField(
        label=gettext_lazy("Paper"), choices=[("letter", "Letter"), ("a4", "A4")]
    )


def print_campaign(campaign: Campaign, kind: str, language: str, paper: str) -> bytes:
    """The PDF in this language, with the host's logo and colour. Raises ``PosterRefused``."""
    try:
        from middleground.paper import printing  # of the optional part, and slow to import
    except ImportError:
        raise PosterRefused("no_part") from None
    print_it = {
        "poster": printing.print_poster,
        "cards": printing.print_cards,
        "half-page": printing.print_half_page,
    }[kind]
    address = short_address(campaign)
    look = current_look()
    logo = SiteLook.objects.values_list("logo", flat=True).first() if look.logo else None
    with override(language):
        poster = printing.Poster(
            language=language,
            direction="rtl" if get_language_info(language)["bidi"] else "ltr",
            paper="a4" if paper == "a4" else "letter",
            title=_("Take part"),
            question=str(shown_part(campaign.dialogue, "question")),
            call=_call(campaign.dialogue),
            link=address,
            address=address.partition("://")[2],
            hosted_by=_("Hosted by %(host)s") % {"host": campaign.dialogue.host_name},
            notice=_notice(campaign.dialogue),
            logo=bytes(logo) if logo else None,
            **({"accent": look.accent} if look.accent else {}),
        )
    try:
        return print_it(poster)
    except printing.MissingFont as missing:
        raise PosterRefused("no_font", package=missing.package) from missing
    except printing.LogoNotRead as unread:
        raise PosterRefused("bad_logo") from unread


def _call(dialogue: Dialogue) -> str:
    how = _("Agree or disagree with short statements. You need no account.")
    if not dialogue.closes_at:
        return how
    day = dates.day(timezone.localdate(dialogue.closes_at))
    return f"{how} {_('You can take part until %(at)s.') % {'at': day}}"


def _notice(dialogue: Dialogue) -> str:
    if not dialogue.simulated:
        return ""
    return _("This is an example: all participants are simulated.")
