"""Reacting to a comment: a form that works alone, and without a reload where scripts run."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from middleground.core.page.errors import asked_too_often, error_page
from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.queries import public_dialogue
from middleground.threads.models import Comment
from middleground.threads.pages.comments import public_comment
from middleground.threads.reactions.react import ReactionRefused, react_to, reader_of


@require_POST
@never_cache
def react(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Say that a comment is worth reading, or not, or take that back."""
    dialogue = public_dialogue(slug)
    comment, subject = public_comment(dialogue, number)
    token = token_of(request)
    too_many = asked_too_often(request, "react", token)
    if too_many:
        return too_many
    try:
        if token is None or comment.status != Comment.Status.APPROVED:
            raise ReactionRefused("vote_first" if token is None else "unknown")
        react_to(comment, token, request.POST.get("reaction", ""))
    except ReactionRefused as refused:
        return error_page(request, refused.status, _("Nothing was stored"), refused.message)
    reader = reader_of(request, dialogue, comment.thread)
    if request.headers.get("HX-Request") == "true" and reader is not None:
        page = {
            "dialogue": dialogue,
            "comment": comment,
            "own": reader.reaction_to(comment),
            "page_number": _page_number(request),
        }
        return render(request, "threads/_reaction.html", page)
    return redirect(f"{subject.url}?page={_page_number(request)}#c{number}")


def _page_number(request: HttpRequest) -> str:
    """The page of the thread on which the button was."""
    sent = request.POST.get("page", "")
    return sent if sent.isascii() and sent.isdigit() and len(sent) < 6 else "1"
