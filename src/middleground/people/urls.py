"""URLs of bodies and accounts. They come before allauth's, because they replace some of those."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter
from django.views.generic import RedirectView

from middleground.people import views
from middleground.people.bodies.pages import desk, public
from middleground.people.bodies.pages.desk_changes import BODY_CHANGES, POST_CHANGES, TERM_CHANGES
from middleground.people.look import pages as look


class MemberVerb(StringConverter):
    regex = "role|deactivate|reactivate|password|second-factor"


class BodyVerb(StringConverter):
    regex = "|".join(BODY_CHANGES)


class PostVerb(StringConverter):
    regex = "|".join(POST_CHANGES)


class TermVerb(StringConverter):
    regex = "|".join(TERM_CHANGES)


register_converter(MemberVerb, "member_verb")
register_converter(BodyVerb, "body_verb")
register_converter(PostVerb, "post_verb")
register_converter(TermVerb, "term_verb")

_to_account = RedirectView.as_view(pattern_name="mfa_index", query_string=False)

urlpatterns: list[URLPattern] = [
    path("desk/staff/", views.show_staff, name="staff"),
    path("desk/staff/add/", views.add_member, name="add_member"),
    path("desk/staff/<int:member_id>/", views.show_member, name="member"),
    path(
        "desk/staff/<int:member_id>/<member_verb:verb>/", views.change_member, name="change_member"
    ),
    path("desk/staff/look/", look.show_look, name="desk_look"),
    path("desk/staff/look/logo/", look.change_logo, name="desk_logo"),
    path("desk/staff/again/", views.show_kept_form, name="kept_form"),
    path("bodies/", public.show_bodies, name="bodies"),
    path("bodies/<slug:slug>/", public.show_body, name="body"),
    path("desk/bodies/", desk.show_bodies, name="desk_bodies"),
    path("desk/bodies/new/", desk.register_body, name="desk_new_body"),
    path("desk/bodies/<slug:slug>/", desk.show_body, name="desk_body"),
    path("desk/bodies/<slug:slug>/<body_verb:verb>/", desk.change_body, name="desk_change_body"),
    path("desk/posts/", desk.show_my_posts, name="my_posts"),
    path("desk/posts/<int:post_id>/", desk.show_post, name="desk_post"),
    path("desk/posts/<int:post_id>/appoint/", desk.appoint, name="desk_appoint"),
    path("desk/posts/<int:post_id>/<post_verb:verb>/", desk.change_post, name="desk_change_post"),
    path("desk/terms/<int:term_id>/<term_verb:verb>/", desk.change_term, name="desk_change_term"),
    # Replace allauth's features that need e-mail, because this server sends none.
    path("accounts/", _to_account),
    path("accounts/email/", _to_account),
    path("accounts/confirm-email/", _to_account),
    path("accounts/confirm-email/<path:rest>", views.explain_password_reset),
    path("accounts/signup/", views.explain_no_sign_up),
    path("accounts/password/set/", _to_account),
    path("accounts/password/reset/", views.explain_password_reset),
    path("accounts/password/reset/<path:rest>", views.explain_password_reset),
    path("accounts/login/code/confirm/", views.explain_password_reset),
]

if settings.OPENID_SERVICES:
    from middleground.people.openid import views as openid

    urlpatterns += [
        path("accounts/openid/<slug:service_id>/", openid.go_to_service, name="openid_go"),
        path(
            "accounts/openid/<slug:service_id>/return/",
            openid.return_from_service,
            name="openid_return",
        ),
    ]
