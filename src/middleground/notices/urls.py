"""URLs of notices. They come before those of answers."""

from __future__ import annotations

from django.urls import path

from middleground.notices.pages import following, week

urlpatterns = [
    path("d/<slug:slug>/answers/deadlines.ics", following.show_calendar, name="answers_deadlines"),
    path("d/<slug:slug>/answers/week/", week.show_newest_week, name="newest_week"),
    path("d/<slug:slug>/answers/week/<str:code>/", week.show_week, name="week"),
    path(
        "d/<slug:slug>/answers/<int:number>/feed.atom", following.show_case_feed, name="case_feed"
    ),
]
