"""URLs of notices. They come before those of answers."""

from __future__ import annotations

from django.urls import path

from middleground.notices.desk import email as desk_email
from middleground.notices.desk import waiting as desk_waiting
from middleground.notices.pages import email, following, waiting_feed, week

urlpatterns = [
    path("d/<slug:slug>/answers/deadlines.ics", following.show_calendar, name="answers_deadlines"),
    path("d/<slug:slug>/answers/week/", week.show_newest_week, name="newest_week"),
    path("d/<slug:slug>/answers/week/<str:code>/", week.show_week, name="week"),
    path(
        "d/<slug:slug>/answers/<int:number>/feed.atom", following.show_case_feed, name="case_feed"
    ),
    path("d/<slug:slug>/answers/<int:number>/follow/", email.follow_case, name="follow_case"),
    path("d/<slug:slug>/answers/<int:number>/follow/asked/", email.show_asked, name="follow_asked"),
    path("follow/<str:token>/", email.show_following, name="following"),
    path("follow/<str:token>/confirm/", email.confirm_following, name="confirm_following"),
    path("follow/<str:token>/stop/", email.stop_following, name="stop_following"),
    path("desk/<slug:slug>/email/", desk_email.choose_for_dialogue, name="desk_email"),
    path("desk/staff/notices/", desk_waiting.choose, name="waiting_notices"),
    path("feeds/waiting/<str:token>/", waiting_feed.show, name="waiting_feed"),
    path("accounts/notices/", desk_email.choose_for_official, name="official_email"),
]
