"""The words of an invitation: who asks what, who sends it, and what becomes of the address."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _

from middleground.core.languages.reader import ReaderLanguage, first_language
from middleground.core.site_files.canonical import absolute_in
from middleground.dialogues.identity.admission_codes import grouped
from middleground.dialogues.models import Dialogue
from middleground.notices.outbox.letters import plain_message
from middleground.outreach.models import InvitationRound
from middleground.outreach.sharing.texts import what_is_asked


def letter_to(round_: InvitationRound, address: str, code: str = "") -> EmailMessage:
    """The e-mail in the round's language. ``code``: empty in a reminder."""
    subject, body = words_of(round_, code)
    with language_of(round_).spoken():
        return plain_message(subject, body, address, {})


def words_of(round_: InvitationRound, code: str = "") -> tuple[str, list[str]]:
    """Subject and paragraphs. The subject says nothing of the matter: others see it in a list."""
    dialogue = round_.dialogue
    host = {"host": dialogue.host_name}
    with language_of(round_).spoken():
        asked = "\n".join(what_is_asked(dialogue))
        if round_.kind == InvitationRound.Kind.REMINDER:
            subject = _("A reminder from %(host)s") % host
            return subject, [round_.words, asked, *_again(dialogue), *_about_the_address(dialogue)]
        subject = _("An invitation from %(host)s") % host
        return subject, [
            round_.words,
            asked,
            *_with_code(dialogue, code),
            *_about_the_address(dialogue),
        ]


def language_of(round_: InvitationRound) -> ReaderLanguage:
    """The first language, too, if the site offers the round's no longer."""
    is_offered = any(code == round_.language for code, _name in settings.LANGUAGES)
    return ReaderLanguage(round_.language, in_address=True) if is_offered else first_language()


def _with_code(dialogue: Dialogue, code: str) -> list[str]:
    # A browser sends no server what stands behind the #.
    page = absolute_in(reverse("code", args=[dialogue.slug]))
    return [
        _("Open this page to take part:\n%(page)s") % {"page": f"{page}#{code}"},
        _("Your code is %(code)s.") % {"code": grouped(code)},
        _(
            "It lets one person in. It does not show who you are or how you vote. Do not pass this "
            "e-mail on."
        ),
    ]


def _again(dialogue: Dialogue) -> list[str]:
    page = absolute_in(dialogue.get_absolute_url())
    return [
        _("This e-mail goes to everybody who was invited: we do not know who has taken part."),
        _("The first e-mail has your code. Open this page to take part:\n%(page)s")
        % {"page": page},
    ]


def _about_the_address(dialogue: Dialogue) -> list[str]:
    kept = _(
        "This site used your address to send this e-mail, and has not kept it. It does not know "
        "which code went to which address."
    )
    sender = _("Sent for %(host)s.") % {"host": dialogue.host_name}
    if settings.CONTACT:
        questions = _("Questions: %(contact)s") % {"contact": settings.CONTACT}
        sender = f"{sender} {questions}"
    return [kept, sender]
