"""Desk pages of officials: saying something in a thread in the name of a post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from middleground.core.page.errors import asked_too_often
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.texts.form_fields import TellsWhatIsTakenOut
from middleground.dialogues.translations.languages import ask_language
from middleground.people.bodies.queries import terms_of
from middleground.people.desk_change import done, sent
from middleground.people.models import Post
from middleground.people.permissions import staff_only, staff_user
from middleground.threads.models import AdmittedBody, Comment, Thread
from middleground.threads.pages.advice import advice_on
from middleground.threads.pages.comments import public_comment
from middleground.threads.posts.speak import answer_for_post, say_for_post
from middleground.threads.posts.taking_part import posts_that_speak
from middleground.threads.subjects import subject_about, subject_called, thread_of
from middleground.threads.submit import check_comment

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class PlaceInThread:
    """Where something is said in the name of a post."""

    dialogue: Dialogue
    thread: Thread | None
    title: str  # what it is about, or what it answers
    back: str
    is_reply: bool
    say: Callable[..., Comment]  # by, post, text, stance, for_others, language


class PostCommentForm(TellsWhatIsTakenOut, forms.Form):
    post = forms.ModelChoiceField(
        label=gettext_lazy("In the name of"), queryset=Post.objects.none(), widget=forms.RadioSelect
    )
    stance = forms.ChoiceField(
        label=gettext_lazy("It speaks"),
        choices=Comment.Stance.choices,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("What the post says"),
        help_text=gettext_lazy("At most 1000 characters. You cannot change it later."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        required=False,  # the action says what is missing
        strip=False,
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of your text"), required=False)
    for_others = forms.BooleanField(
        label=gettext_lazy("For people who do not dare to say it themselves."),
        required=False,
    )

    def __init__(self, *args: Any, posts: list[Post], is_reply: bool, dialogue: Dialogue) -> None:
        super().__init__(*args)
        ask_language(self, dialogue)
        field = self.fields["post"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Post.objects.filter(pk__in=[each.pk for each in posts])
        field.empty_label = None
        if len(posts) == 1:
            field.initial = posts[0].pk
        if is_reply:
            del self.fields["stance"]
        if not any(post.body.speaks_for_people for post in posts):
            del self.fields["for_others"]


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def write_for_post(request: HttpRequest, slug: str, kind: str, number: int) -> HttpResponse:
    """Comment on a statement, a source or a case."""
    dialogue = public_dialogue(slug)
    thing = subject_called(dialogue, kind, number)
    if thing is None:
        raise Http404
    about = subject_about(dialogue, thing)

    def say(by: Any, post: Post, text: str, stance: str, **more: Any) -> Comment:
        return say_for_post(by, post, thing, text, stance, **more)

    place = PlaceInThread(
        dialogue, thread_of(thing), about.title, about.url, is_reply=False, say=say
    )
    return _write(request, place)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def answer_for_a_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Answer a comment."""
    dialogue = public_dialogue(slug)
    comment, _subject = public_comment(dialogue, number)
    if comment.status != Comment.Status.APPROVED:
        raise Http404

    def say(by: Any, post: Post, text: str, _stance: str, **more: Any) -> Comment:
        return answer_for_post(by, post, comment, text, **more)

    back = comment.get_absolute_url()
    place = PlaceInThread(dialogue, comment.thread, comment.text, back, is_reply=True, say=say)
    return _write(request, place)


def _write(request: HttpRequest, place: PlaceInThread) -> HttpResponse:
    user, dialogue = staff_user(request), place.dialogue
    posts = posts_that_speak(user, dialogue)
    if not posts:
        raise PermissionDenied
    if request.method == "POST":
        account = b"account %d" % user.pk  # in place of a token: each account has its own limit
        if too_many := asked_too_often(request, "write", account):
            return too_many
    form = PostCommentForm(sent(request), posts=posts, is_reply=place.is_reply, dialogue=dialogue)
    advice = _advice(request, form, place) if form.is_valid() else None
    if form.is_valid() and not advice:
        said = form.cleaned_data
        comment = done(
            form,
            lambda: place.say(
                user,
                said["post"],
                said["text"],
                said.get("stance", ""),
                for_others=said.get("for_others", False),
                language=said.get("language", ""),
            ),
        )
        if comment:
            _tell(request, comment)
            return redirect("post-comments")
    takes = dialogue.takes_comments and dialogue.is_open(timezone.now())
    page = {"place": place, "posts": posts, "form": form, "takes": takes, **(advice or {})}
    return render(request, "threads/desk/write.html", page)


def _advice(
    request: HttpRequest, form: PostCommentForm, place: PlaceInThread
) -> dict[str, Any] | None:
    """What the writer should look at first; a text that cannot be taken is refused in the form."""
    said = form.cleaned_data
    stance = said.get("stance", Comment.Stance.NEITHER)
    text = done(form, lambda: check_comment(said["text"], stance, place.thread))
    if text is None:
        return None
    return advice_on(place.dialogue, place.thread, text, request.POST.get("checked", ""))


def _tell(request: HttpRequest, comment: Comment) -> None:
    if comment.status == Comment.Status.APPROVED:
        messages.success(request, _("It is shown with the name of the post."))
    else:
        messages.success(request, _("Sent. A moderator reads it before others see it."))


@staff_only
@require_safe
def show_post_comments(request: HttpRequest) -> HttpResponse:
    """What the official's posts said in threads, and what became of it; where they may speak."""
    terms = terms_of(staff_user(request), timezone.localdate())
    posts = [term.post for term in terms]
    said = Comment.objects.filter(signature__post__in=posts).with_subjects().with_signatures()
    found = said.select_related("dialogue").order_by("-received_on", "number")
    bodies = {post.body_id for post in posts}
    admitted = AdmittedBody.objects.filter(body__in=bodies).exclude(dialogue__state="draft")
    page = {
        "posts": posts,
        "said": list(found[:MOST_LISTED]),
        "admitted": admitted.select_related("dialogue", "body").order_by("dialogue__slug"),
    }
    return render(request, "threads/desk/post_comments.html", page)
