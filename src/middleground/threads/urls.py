"""URLs of threads."""

from __future__ import annotations

from django.urls import path

from middleground.threads.pages import comments, reactions

urlpatterns = [
    path("d/<slug:slug>/s/<int:number>/comment/", comments.write_comment, name="write-comment"),
    path("d/<slug:slug>/c/<int:number>/", comments.show_comment, name="comment"),
    path("d/<slug:slug>/c/<int:number>/reply/", comments.write_reply, name="write-reply"),
    path("d/<slug:slug>/c/<int:number>/react/", reactions.react, name="react"),
]
