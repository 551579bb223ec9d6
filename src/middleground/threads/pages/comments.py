"""A comment's own page, and the pages on which comments and answers are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from middleground.core.page.errors import asked_too_often
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.identity.cookie import keep_token, token_of
from middleground.dialogues.identity.tokens import new_token
from middleground.dialogues.models import Dialogue
from middleground.dialogues.participation.admission import may_take_part
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.statements.redaction import public_statement
from middleground.dialogues.translations.languages import language_choice, said_language
from middleground.people.models import User
from middleground.threads.models import COMMENTS, Comment, Thread
from middleground.threads.pages.advice import advice_on
from middleground.threads.pages.below import keep_to_reader
from middleground.threads.pages.listing import tiers_told, with_replies
from middleground.threads.posts.taking_part import posts_that_speak
from middleground.threads.reactions.react import reader_of
from middleground.threads.subjects import (
    ThreadSubject,
    key_of,
    subject_about,
    subject_of,
    thread_of,
)
from middleground.threads.submit import (
    LONGEST,
    CommentRefused,
    check_comment,
    comment_on,
    missing_to_comment,
    reply_to,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A comment that is being written, and where it goes."""

    dialogue: Dialogue
    thread: Thread | None
    title: str  # what it is about, or what it answers
    back: str
    store: Callable[[bytes, str, str, str, str], Comment]  # token, text, stance, mark, language
    is_reply: bool
    for_post: str  # where officials say it in the name of a post


@cached_page()
@require_safe
def show_comment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One comment with its answers, below what it is about."""
    dialogue = public_dialogue(slug)
    comment, subject = public_comment(dialogue, number)
    top = comment.parent or comment
    reader = reader_of(request, dialogue, comment.thread)
    [shown] = with_replies(dialogue, [top], tiers_told(dialogue), reader)
    page = {
        "dialogue": dialogue,
        "subject": subject,
        "shown": shown,
        "comment": comment,
        "may_write": dialogue.takes_comments and dialogue.is_open(timezone.now()),
    }
    response = render(request, "threads/comment.html", page | {"may_react": reader is not None})
    return keep_to_reader(request, response)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write_comment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Write an argument for or against a statement, or a remark."""
    dialogue = public_dialogue(slug)
    statement = public_statement(dialogue, number)
    if statement.status != "approved":
        raise Http404
    return write_about(request, dialogue, statement)


def write_about(request: HttpRequest, dialogue: Dialogue, thing: Model) -> HttpResponse:
    """The page on which a comment on a thing is written, and what becomes of it."""
    subject = subject_about(dialogue, thing)

    def store(token: bytes, text: str, stance: str, mark: str, language: str) -> Comment:
        return comment_on(thing, token, text, stance, marked=bool(mark), language=language)

    draft = Draft(
        dialogue=dialogue,
        thread=thread_of(thing),
        title=subject.title,
        back=subject.url,
        store=store,
        is_reply=False,
        for_post=address_for_post(thing),
    )
    return _write(request, draft)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write_reply(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Answer a comment."""
    dialogue = public_dialogue(slug)
    comment, _subject = public_comment(dialogue, number)
    if comment.status != Comment.Status.APPROVED:
        raise Http404

    def store(token: bytes, text: str, _stance: str, mark: str, language: str) -> Comment:
        return reply_to(comment, token, text, marked=bool(mark), language=language)

    draft = Draft(
        dialogue=dialogue,
        thread=comment.thread,
        title=comment.text,
        back=comment.get_absolute_url(),
        store=store,
        is_reply=True,
        for_post=reverse("answer-for-post", args=[slug, number]),
    )
    return _write(request, draft)


def address_for_post(thing: Any) -> str:
    """Where officials comment on a thing in the name of a post."""
    return reverse("write-for-post", args=[thing.dialogue.slug, key_of(thing), thing.number])


def public_comment(dialogue: Dialogue, number: int) -> tuple[Comment, ThreadSubject]:
    """A comment that has a place in a public thread. Others raise ``Http404``."""
    rows = Comment.objects.filter(dialogue=dialogue)
    found = rows.with_subjects().with_signatures()
    found = found.select_related("parent__signature__post__body")
    comment = found.filter(number=number).first()
    if comment is None:
        raise Http404
    comment.dialogue = comment.thread.dialogue = dialogue
    has_place = comment.parent_id or comment.is_of_post
    seen = rows.placed() if has_place else rows.listed()
    subject = subject_of(comment.thread)
    if not seen.filter(pk=comment.pk).exists() or subject is None or not subject.is_public:
        raise Http404
    return comment, subject


def _write(request: HttpRequest, draft: Draft) -> HttpResponse:
    dialogue, text = draft.dialogue, request.POST.get("text", "")
    if not dialogue.takes_comments or not dialogue.is_open(timezone.now()):
        return _form(request, draft, text, status=409 if text else 200)
    if isinstance(request.user, User) and request.user.is_official:
        return _in_whose_name(request, draft, text, request.user)
    if request.method != "POST" or "turn" in request.POST:
        missing = missing_to_comment(dialogue, token_of(request) or new_token())
        return _form(request, draft, text, missing=missing)
    token = token_of(request) or new_token()
    if not may_take_part(dialogue, token):
        return _form(request, draft, text, status=403, needs_code=True)
    too_many = asked_too_often(request, "write", token, kept_text=text)
    if too_many:
        return too_many
    try:
        response = _check_or_send(request, draft, token, text)
    except CommentRefused as refused:
        response = _refused(request, draft, token, text, refused)
    except OperationalError:  # for example a full disk: keep the draft
        error = _("It could not be saved just now. Please send it again in a moment.")
        response = _form(request, draft, text, status=503, error=error)
    keep_token(request, response, token)
    return response


def _in_whose_name(request: HttpRequest, draft: Draft, text: str, user: User) -> HttpResponse:
    """Let an official choose: this form takes nothing from them, since it would have no name."""
    page = {
        "dialogue": draft.dialogue,
        "draft": draft,
        "text": text,
        "posts": posts_that_speak(user, draft.dialogue),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "threads/in_whose_name.html", page, status=status)


def _check_or_send(request: HttpRequest, draft: Draft, token: bytes, text: str) -> HttpResponse:
    dialogue, stance = draft.dialogue, _stance(request, draft)
    if missing_to_comment(dialogue, token):  # before the writer reads any advice about the text
        raise CommentRefused("not_yet")
    normalised = check_comment(text, stance, draft.thread)
    language = said_language(dialogue, request.POST.get("language", ""))
    checked = request.POST.get("checked", "")
    advice = advice_on(dialogue, draft.thread, normalised, checked, language)
    if advice:
        return _form(request, draft, text, **advice)
    comment = draft.store(token, text, stance, request.POST.get("mark", ""), language)
    where = reverse("my-votes", args=[dialogue.slug])
    return redirect(f"{where}?commented={comment.number}#{COMMENTS}")


def _refused(
    request: HttpRequest, draft: Draft, token: bytes, text: str, refused: CommentRefused
) -> HttpResponse:
    draft.dialogue.refresh_from_db()
    if refused.code in {"not_open", "switched_off"}:  # after the page was opened
        return _form(request, draft, text, status=refused.status)
    if refused.code == "not_yet":
        missing = missing_to_comment(draft.dialogue, token)
        return _form(request, draft, text, status=refused.status, missing=missing)
    text = str(refused.values.get("cleaned", text))
    return _form(request, draft, text, status=refused.status, error=refused.message)


def _stance(request: HttpRequest, draft: Draft) -> str:
    return Comment.Stance.NEITHER.value if draft.is_reply else request.POST.get("stance", "")


def _form(
    request: HttpRequest, draft: Draft, text: str, status: int = 200, **more: Any
) -> HttpResponse:
    page = {
        "dialogue": draft.dialogue,
        "phase": draft.dialogue.phase(timezone.now()),
        "draft": draft,
        "text": text,
        "stances": Comment.Stance.choices,
        "stance": request.POST.get("stance", request.GET.get("stance", "")),
        "limit": LONGEST,
        **language_choice(request, draft.dialogue),
        **more,
    }
    return render(request, "threads/write.html", page, status=status)
