"""URLs of forms on paper."""

from __future__ import annotations

from django.urls import path

from middleground.ballots import desk

urlpatterns = [path("desk/<slug:slug>/ballots/", desk.order_forms, name="desk_ballots")]
