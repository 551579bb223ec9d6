"""URLs of threads."""

from __future__ import annotations

from django.urls import path

from middleground.threads import pages

urlpatterns = [
    path("d/<slug:slug>/s/<int:number>/comment/", pages.write_comment, name="write-comment"),
    path("d/<slug:slug>/c/<int:number>/", pages.show_comment, name="comment"),
    path("d/<slug:slug>/c/<int:number>/reply/", pages.write_reply, name="write-reply"),
]
