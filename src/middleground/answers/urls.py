"""URLs of cases and answers."""

from __future__ import annotations

from django.urls import path

from middleground.answers.pages import case

urlpatterns = [
    path("d/<slug:slug>/answers/<int:number>/", case.show_case, name="case"),
]
