"""The desk page of the site's look: name, logo and accent colour, seen before they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from middleground.core.look.accent import (
    BUILT_IN,
    TEXT_CONTRAST,
    Accent,
    ThemeAccent,
    accents,
    file_name,
)
from middleground.core.look.colours import distance, read_colour
from middleground.core.look.current import current_look
from middleground.core.models import SiteLook
from middleground.core.page.errors.field_labels import form_fields
from middleground.people.look import changes
from middleground.people.look.logo import MOST_BYTES, LogoRefused, read_logo
from middleground.people.models import SiteChange
from middleground.people.permissions import Action, require, staff_only, staff_user
from middleground.pictures.palette import AGREE, DISAGREE, GROUP_STYLES

NEAR = 0.06  # in OKLab; the built-in accent is a little farther from its nearest
LATEST = 10


class LookForm(forms.Form):
    site_name = forms.CharField(
        label=gettext_lazy("Name of the site"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("On each page and in shared links. Empty: the host’s name."),
    )
    host_name = forms.CharField(
        label=gettext_lazy("Name of the host"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    accent = forms.CharField(
        label=gettext_lazy("Accent color"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "For links and buttons: six digits after a “#”, such as #4a4a8f. "
            "Empty: the built-in one."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_by = _("At the foot of each page.")
        empty = (
            _("Empty: “%(name)s”, as the settings say.") % {"name": settings.HOST_NAME}
            if settings.HOST_NAME
            else _("Empty: none, since the settings name nobody.")
        )
        self.fields["host_name"].help_text = f"{set_by} {empty}"

    def clean_accent(self) -> str:
        typed = self.cleaned_data["accent"]
        colour = read_colour(typed) if typed else ""
        if colour is None:
            raise forms.ValidationError(
                _("This is no color. Write it like #4a4a8f: six digits from 0 to 9 and a to f.")
            )
        return "" if colour == BUILT_IN else colour


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(
            attrs={"accept": ".png,.jpg,.jpeg,.webp,.svg,image/png,image/jpeg,image/webp"}
        ),
        help_text=gettext_lazy(
            "PNG, JPEG, WebP or SVG, at most 200 kB. It is drawn anew, at most 320 by 96 "
            "pixels; nothing else in the file is kept."
        ),
    )
    logo_plate = forms.ChoiceField(
        label=pgettext_lazy("below a logo", "Ground"),
        choices=SiteLook.Plate.choices,
        initial=SiteLook.Plate.LIGHT,
        widget=forms.RadioSelect,
    )
    name_beside = forms.BooleanField(
        label=gettext_lazy("The site’s name stands beside the logo"), required=False
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """A theme's accent on the page: what was measured, and whose colour it is like."""

    accent: ThemeAccent
    like: list[str]

    @property
    def used(self) -> Accent:
        return self.accent.used

    @property
    def wanted(self) -> Accent:
        return self.accent.wanted

    @property
    def measured(self) -> str:
        """Rounded down, so that what is too little never looks like enough."""
        return f"{int(self.wanted.measured * 100) / 100:.2f}"

    @property
    def reached(self) -> str:
        return f"{int(self.used.measured * 100) / 100:.2f}"


@form_fields(LookForm)
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def show_look(request: HttpRequest) -> HttpResponse:
    require(request, Action.SET_LOOK)
    if request.method != "POST":
        return _page(request, LookForm(initial=_stored()), preview=False)
    if "reset" in request.POST:
        done = changes.reset_look(staff_user(request))
        messages.success(request, _("The built-in look is back.") if done else _nothing())
        return redirect("desk_look")
    form = LookForm(_sent(request))
    if not form.is_valid():
        return _page(request, form, preview=False)
    if "save" not in request.POST or not _was_seen(request, form.cleaned_data["accent"]):
        return _page(request, form, preview=True)
    staff, values = staff_user(request), form.cleaned_data
    named = changes.set_names(staff, values["site_name"], values["host_name"])
    coloured = changes.set_accent(staff, values["accent"])
    messages.success(request, _("Saved.") if named or coloured else _nothing())
    return redirect("desk_look")


def _nothing() -> str:
    return _("Nothing was changed.")


def _sent(request: HttpRequest) -> Any:
    """What was sent; the button beside the picker takes the colour from there."""
    sent = request.POST.copy()
    if "take" in sent:
        sent["accent"] = sent.get("picked", "")
    return sent


def _was_seen(request: HttpRequest, colour: str) -> bool:
    """A colour is stored once the page has shown what becomes of it."""
    return colour in {"", current_look().accent, request.POST.get("seen")}


@form_fields(LogoForm)
@staff_only
@require_POST
def change_logo(request: HttpRequest) -> HttpResponse:
    require(request, Action.SET_LOOK)
    staff = staff_user(request)
    if "remove" in request.POST:
        done = changes.remove_logo(staff)
        messages.success(request, _("The logo is removed.") if done else _nothing())
        return redirect("desk_look")
    form = LogoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, LookForm(initial=_stored()), preview=False, logo_form=form)
    file = form.cleaned_data["logo"]
    try:
        if file or not current_look().logo:
            changes.store_logo(staff, read_logo(file.read(MOST_BYTES + 1) if file else b""))
    except LogoRefused as refused:
        form.add_error("logo", refused.message)
        return _page(request, LookForm(initial=_stored()), preview=False, logo_form=form)
    values = form.cleaned_data
    changes.place_logo(staff, values["logo_plate"], name_beside=values["name_beside"])
    messages.success(request, _("Saved. Look at it in light and dark, below."))
    return redirect("desk_look")


def _stored() -> dict[str, Any]:
    found = SiteLook.objects.defer("logo").first() or SiteLook()
    names = ("site_name", "host_name", "accent", "logo_plate", "name_beside")
    return {name: getattr(found, name) for name in names}


def _page(
    request: HttpRequest, form: LookForm, *, preview: bool, logo_form: LogoForm | None = None
) -> HttpResponse:
    colour = form.cleaned_data["accent"] if preview else current_look().accent
    page = {
        "form": form,
        "logo_form": logo_form or LogoForm(initial=_stored()),
        "preview": preview,
        "colour": colour,
        "picked": colour or BUILT_IN,
        "seen": [Seen(each, _like(each.used)) for each in accents(colour)] if colour else [],
        "sheet": file_name("preview", colour or BUILT_IN),
        "needed": TEXT_CONTRAST,
        "changes": SiteChange.objects.select_related("by")[:LATEST],
    }
    return render(request, "people/look.html", page)


def _like(accent: Accent) -> list[str]:
    """Votes and groups whose colour in this theme is near, which readers could mix up."""
    theme = accent.theme.name
    known = {_("“agree”"): AGREE[theme], _("“disagree”"): DISAGREE[theme]}
    for place, style in enumerate(GROUP_STYLES):
        group = _("group %(letter)s") % {"letter": chr(ord("A") + place)}
        known[group] = style.light if theme == "light" else style.dark
    return [name for name, colour in known.items() if distance(accent.colour, colour) < NEAR]
