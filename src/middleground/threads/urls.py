"""URLs of threads."""

from __future__ import annotations

from django.urls import path

from middleground.threads.pages import bodies, comments, for_posts, reactions

urlpatterns = [
    path("d/<slug:slug>/s/<int:number>/comment/", comments.write_comment, name="write-comment"),
    path("d/<slug:slug>/c/<int:number>/", comments.show_comment, name="comment"),
    path("d/<slug:slug>/c/<int:number>/reply/", comments.write_reply, name="write-reply"),
    path("d/<slug:slug>/c/<int:number>/react/", reactions.react, name="react"),
    path("desk/inbox/threads/", for_posts.show_post_comments, name="post-comments"),
    path(
        "desk/inbox/threads/<slug:slug>/comments/<int:number>/",
        for_posts.answer_for_a_post,
        name="answer-for-post",
    ),
    path(
        "desk/inbox/threads/<slug:slug>/<slug:kind>/<int:number>/",
        for_posts.write_for_post,
        name="write-for-post",
    ),
    path("desk/<slug:slug>/bodies/", bodies.choose_bodies, name="desk_bodies_in"),
]
