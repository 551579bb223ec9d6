"""The words of e-mails: plain text. The subject says nothing about the matter.

A follower chose the language. Letters to accounts are in the first one: none is stored for them.
Links stand on lines of their own, so that they can be used in letters from right to left, too.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from middleground.answers.cases.sentences import sentence_of
from middleground.answers.models import CaseEvent, Commitment
from middleground.core import dates
from middleground.core.languages.direction import isolated
from middleground.core.languages.reader import first_language, language_spoken
from middleground.core.look.current import current_look
from middleground.core.site_files.canonical import absolute
from middleground.notices.addresses import recipient_of, token_of
from middleground.notices.models import Follower, Mail
from middleground.notices.waiting import WaitingTexts, waiting_for

Kind = Mail.Kind


def letter(mail: Mail) -> EmailMessage:
    """Write an e-mail that waits. Raises ``NoKey``."""
    if mail.follower is None:
        with first_language().spoken():
            if mail.kind in (Kind.WAITING, Kind.TEST):
                return _to_staff(mail)
            return _to_official(mail)
    recipient = recipient_of(mail.follower)
    link = absolute(reverse("following", args=[token_of(mail.follower)]))
    headers = {
        "List-Unsubscribe": f"<{link}stop/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
    }
    with recipient.language.spoken():
        subject, paragraphs = _to_follower(mail, mail.follower, link)
        return plain_message(subject, paragraphs, recipient.address, headers)


def is_last(mail: Mail) -> bool:
    """Whether nothing comes after this mail, so that its follower's address goes with it."""
    if mail.kind == Kind.LAST:
        return True
    events = CaseEvent.objects.filter(pk__in=mail.facts.get("events", ()))
    return events.filter(kind=CaseEvent.Kind.CLOSED).exists()


def _to_follower(mail: Mail, follower: Follower, link: str) -> tuple[str, list[str]]:
    case, host = follower.case, _host()
    page = absolute(case.get_absolute_url())
    values = {"host": host, "page": page, "link": link, "title": case.title}
    stop = _("To stop these e-mails and delete your address:\n%(link)s")
    if mail.kind == Kind.CONFIRM:
        return _("Please confirm: news from %(host)s") % values, [
            _("Somebody asked us to send this address news of this case:") % values,
            case.title,
            page,
            _("If you want that, confirm here by the end of tomorrow:\n%(link)s") % values,
            _("If not, do nothing. Your address will be deleted."),
        ]
    subject = _("News on something you follow at %(host)s") % values
    if mail.kind == Kind.KNOWN:
        again = _("Somebody asked us to send this address news of this case. It already gets it:")
        return subject, [again, case.title, page, stop % values]
    last = _("This was the last news. Your address is deleted now.")
    if mail.kind == Kind.LAST:
        quiet = _("Nothing has happened here for a long time, and nothing is due:")
        return subject, [quiet, case.title, page, last]
    told = _told(mail)
    ending = last if is_last(mail) else stop % values
    return subject, [_("There is news of this case:"), case.title, *told, page, ending]


def _told(mail: Mail) -> Sequence[str]:
    """What happened, as the case's page tells it; and promises that are due."""
    events = CaseEvent.objects.filter(pk__in=mail.facts.get("events", ())).order_by("pk")
    told = [f"{dates.day(event.on)}: {sentence_of(event)}" for event in events]
    due = Commitment.objects.filter(pk__in=mail.facts.get("commitments", ())).order_by("pk")
    promised = _("%(day)s: Today was the day promised for this: %(what)s")
    told += [
        promised % {"day": dates.day(each.due_on), "what": isolated(each.what)} for each in due
    ]
    return told


def _to_official(mail: Mail) -> EmailMessage:
    """What is owed in numbers, and one link; no words of anybody."""
    assert mail.official
    facts, lines = mail.facts, []
    if n := facts.get("given", 0):
        text = ngettext("%(n)d case was given to you.", "%(n)d cases were given to you.", n)
        lines.append(text % {"n": n})
    if n := facts.get("due", 0):
        text = ngettext("%(n)d answer is due in a week.", "%(n)d answers are due in a week.", n)
        lines.append(text % {"n": n})
    if n := facts.get("late", 0):
        text = ngettext(
            "%(n)d answer is overdue since yesterday.",
            "%(n)d answers are overdue since yesterday.",
            n,
        )
        lines.append(text % {"n": n})
    if n := facts.get("promised due", 0):
        text = ngettext(
            "%(n)d commitment is due in a week.", "%(n)d commitments are due in a week.", n
        )
        lines.append(text % {"n": n})
    if n := facts.get("promised late", 0):
        text = ngettext(
            "%(n)d commitment is late since yesterday.",
            "%(n)d commitments are late since yesterday.",
            n,
        )
        lines.append(text % {"n": n})
    paragraphs = [
        "\n".join(lines),
        absolute(reverse("inbox")),
        _("You turned these e-mails on. You can turn them off under “Your account”."),
    ]
    subject = _("What is due at %(host)s") % {"host": _host()}
    return plain_message(subject, paragraphs, mail.official.email, {})


def _to_staff(mail: Mail) -> EmailMessage:
    """How much waits now, and where it is decided; no words of anybody."""
    assert mail.official
    host, address = {"host": _host()}, mail.official.email
    switch = _("You asked for these e-mails. You can change that here:\n%(page)s") % {
        "page": absolute(reverse("waiting_notices"))
    }
    if mail.kind == Kind.TEST:
        arrived = _("This is the test e-mail you asked for at the desk. It arrived.")
        return plain_message(_("A test from %(host)s") % host, [arrived, switch], address, {})
    lines = [_waiting_line(each) for each in waiting_for(mail.official)]
    if not lines:
        lines = [_("Nothing is waiting any more. Somebody was faster.")]
    subject = _("Something is waiting for you at %(host)s") % host
    return plain_message(subject, [*lines, switch], address, {})


def _waiting_line(each: WaitingTexts) -> str:
    parts = []
    if n := each.texts:
        text = ngettext(
            "%(n)d text is waiting for a decision", "%(n)d texts are waiting for a decision", n
        )
        parts.append(text % {"n": n})
    if n := each.appeals:
        parts.append(ngettext("%(n)d appeal waits", "%(n)d appeals wait", n) % {"n": n})
    page = reverse("desk_dialogue", args=[each.dialogue.slug])
    return f"{'; '.join(parts)}:\n{absolute(page)}"


def plain_message(
    subject: str, paragraphs: Sequence[str], to: str, headers: dict[str, str]
) -> EmailMessage:
    """An e-mail of plain text, whose number tells nothing of this machine."""
    # Django's own number of a message would tell the machine's name and process.
    number = f"<{secrets.token_hex(16)}@{urlsplit(settings.ORIGIN).hostname}>"
    headers = {
        "Message-ID": number,
        "Auto-Submitted": "auto-generated",
        "Content-Language": language_spoken().code,
        **headers,
    }
    body = "\n\n".join(paragraphs) + "\n"
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to], headers=headers)


def _host() -> str:
    return current_look().site_name or urlsplit(settings.ORIGIN).netloc
