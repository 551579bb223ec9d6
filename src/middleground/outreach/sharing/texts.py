"""A text to paste into messages: the question, what one can do, until when, and one address."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from middleground.core import dates
from middleground.core.languages.reader import language_spoken
from middleground.dialogues.models import Dialogue
from middleground.dialogues.translations.shown import shown_part


def message_of(dialogue: Dialogue, address: str, language: str = "") -> str:
    """The text in this language, or in the reader's. The address stands on a line of its own."""
    is_offered = any(code == language for code, _name in settings.LANGUAGES)
    with override(language if is_offered else language_spoken().code):
        return "\n".join([*what_is_asked(dialogue), address])


def what_is_asked(dialogue: Dialogue) -> list[str]:
    """Who asks what, and how and when one takes part, in the language that is spoken."""
    phase = dialogue.phase(timezone.now())
    asks = _("%(host)s asks: %(question)s") % {
        "host": dialogue.host_name,
        "question": str(shown_part(dialogue, "question")),
    }
    if phase == "closed":
        return [asks, _("See what people share, and where they disagree:")]
    how = _("Agree or disagree with short statements. You need no account.")
    if phase == "scheduled" and dialogue.opens_at:
        when = _("From %(day)s:") % {"day": dates.day(timezone.localdate(dialogue.opens_at))}
    elif dialogue.closes_at:
        when = _("Until %(day)s:") % {"day": dates.day(timezone.localdate(dialogue.closes_at))}
    else:
        when = _("Take part here:")
    return [asks, f"{how} {when}"]
