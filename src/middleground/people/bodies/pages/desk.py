"""Desk pages about bodies, their posts and who holds these."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from middleground.people.bodies import changes, terms
from middleground.people.bodies.history import history
from middleground.people.bodies.pages.desk_changes import BODY_CHANGES, POST_CHANGES, TERM_CHANGES
from middleground.people.bodies.pages.forms import AppointForm, BodyForm
from middleground.people.bodies.pages.public import listed
from middleground.people.bodies.queries import posts_with_holders, terms_of
from middleground.people.desk_change import done, sent, show_change
from middleground.people.models import Appointment, Body, Post
from middleground.people.permissions import (
    Action,
    has_second_factor,
    require,
    staff_only,
    staff_user,
)


@staff_only
@require_safe
def show_bodies(request: HttpRequest) -> HttpResponse:
    require(request, Action.MANAGE_BODIES)
    return render(request, "people/bodies/desk_list.html", listed(request))


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def register_body(request: HttpRequest) -> HttpResponse:
    require(request, Action.MANAGE_BODIES)
    form = BodyForm(sent(request))
    if form.is_valid():
        body = done(form, lambda: changes.register_body(staff_user(request), **form.cleaned_data))
        if body is not None:
            messages.success(request, _("The body is on the list. Now add its posts."))
            return redirect("desk_body", slug=body.slug)
    return render(request, "people/bodies/desk_new.html", {"form": form})


@staff_only
@require_safe
def show_body(request: HttpRequest, slug: str) -> HttpResponse:
    body = get_object_or_404(Body.objects.select_related("parent", "successor"), slug=slug)
    require(request, Action.MANAGE_BODIES)
    page = {
        "body": body,
        "posts": posts_with_holders(body, timezone.localdate()),
        "changes": BODY_CHANGES if body.ended_on is None else {},
        "history": history(body),
    }
    return render(request, "people/bodies/desk_body.html", page)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_body(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    body = get_object_or_404(Body, slug=slug)
    require(request, Action.MANAGE_BODIES)
    return show_change(request, body, BODY_CHANGES[verb], body.get_desk_url())


@staff_only
@require_safe
def show_post(request: HttpRequest, post_id: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("body"), pk=post_id)
    require(request, Action.MANAGE_BODIES)
    page = {
        "post": post,
        "today": timezone.localdate(),
        "terms": post.appointments.select_related("user"),
        "changes": POST_CHANGES if post.ended_on is None and post.body.ended_on is None else {},
    }
    return render(request, "people/bodies/desk_post.html", page)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_post(request: HttpRequest, post_id: int, verb: str) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("body"), pk=post_id)
    require(request, Action.MANAGE_BODIES)
    return show_change(request, post, POST_CHANGES[verb], post.get_desk_url())


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_term(request: HttpRequest, term_id: int, verb: str) -> HttpResponse:
    term = get_object_or_404(Appointment.objects.select_related("post__body", "user"), pk=term_id)
    require(request, Action.MANAGE_BODIES)
    return show_change(request, term, TERM_CHANGES[verb], term.post.get_desk_url())


@staff_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: HttpRequest, post_id: int) -> HttpResponse:
    """Appoint somebody to a post; for a new account, show its initial password once."""
    post = get_object_or_404(Post.objects.select_related("body"), pk=post_id)
    require(request, Action.MANAGE_BODIES)
    form = AppointForm(sent(request), initial={"since": timezone.localdate().isoformat()})
    if form.is_valid():
        appointed = done(form, lambda: terms.appoint(staff_user(request), post, **form.facts()))
        if appointed is not None:
            appointment, password = appointed
            if not password:
                messages.success(request, _("Saved."))
                return redirect(post.get_desk_url())
            # Shown in this response: after a redirect it would have to be stored meanwhile.
            back = {"back": post.get_desk_url(), "back_to": post.title}
            page = {"member": appointment.user, "password": password, **back}
            return render(request, "people/password.html", page)
    return render(request, "people/bodies/desk_appoint.html", {"post": post, "form": form})


@staff_only
@require_safe
def show_my_posts(request: HttpRequest) -> HttpResponse:
    """Show an official for which posts they act, and what is missing before they can publish."""
    user = staff_user(request)
    page = {
        "terms": terms_of(user, timezone.localdate()),
        "second_factor": has_second_factor(user),
    }
    return render(request, "people/bodies/my_posts.html", page)
