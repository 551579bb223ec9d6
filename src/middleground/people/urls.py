"""URLs of staff accounts. They come before allauth's, because they replace some of those."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.views.generic import RedirectView

from middleground.people import views


class MemberVerb(StringConverter):
    regex = "role|deactivate|reactivate|password|second-factor"


register_converter(MemberVerb, "member_verb")

_to_account = RedirectView.as_view(pattern_name="mfa_index", query_string=False)

urlpatterns = [
    path("desk/staff/", views.show_staff, name="staff"),
    path("desk/staff/add/", views.add_member, name="add_member"),
    path("desk/staff/<int:member_id>/", views.show_member, name="member"),
    path(
        "desk/staff/<int:member_id>/<member_verb:verb>/", views.change_member, name="change_member"
    ),
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
