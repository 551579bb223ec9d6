"""Posts of a file, stored: new ones many at once, changes by the verbs."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone

from middleground.people.bodies.importing.files.entries import PostEntry
from middleground.people.bodies.importing.listed import ListedPosts
from middleground.people.bodies.importing.outcome import Storing, act_of, reason_of
from middleground.people.bodies.posts import end_post, made, rename_post
from middleground.people.bodies.refusals import BodyRefused
from middleground.people.models import BodyEvent, Post


class PostsOfFile:
    """Stores the posts of a file. ``end`` comes last, when terms are stored."""

    def __init__(self, job: Storing, listed: ListedPosts) -> None:
        self.job = job
        self.listed = listed
        self.new: list[PostEntry] = []
        self.matched: list[tuple[PostEntry, Post]] = []

    def store(self) -> None:
        claimed: set[int] = set()
        for entry in sorted(self.job.file.posts, key=_order):
            self.job.step()
            if not self.job.lacks(entry, "body", entry.body_ref):
                self._match(entry, claimed)
        self.job.try_all(
            [
                act_of(entry, self._change, post)
                for entry, post in self.matched
                if entry.outside_id
                and (entry.outside_id, entry.title) != (post.outside_id, post.title)
            ]
        )
        self._make()

    def end(self) -> None:
        """End the posts of which the file says that they ended."""
        today = timezone.localdate()
        ends = [pair for pair in self.matched if pair[0].ended_on is not None]
        now = [(entry, post) for entry, post in ends if entry.ended_on and entry.ended_on <= today]
        self.job.later += len(ends) - len(now)
        self.job.later += sum(entry.ended_on is not None for entry in self.new)
        self.job.try_all([act_of(entry, self._end, post) for entry, post in now])

    def _match(self, entry: PostEntry, claimed: set[int]) -> None:
        body = self.job.bodies[entry.body_ref]
        post = self.listed.find(entry.outside_id, body, entry.title)
        if post is not None and post.pk in claimed:
            post = None
        over = entry.ended_on is not None and entry.ended_on <= timezone.localdate()
        if over and (post is None or post.ended_on is not None):
            self.job.settled.add(entry.ref)
        elif post is None:
            self.new.append(entry)
        elif post.ended_on is not None:
            reason = (
                f"“{post}” ended on {post.ended_on}, as the list says. Take it out of the file, or"
                " give the day in “post ended” (“end_date” in Popolo)."
            )
            self.job.leave_out(entry.place, entry.ref, reason)
        elif post.body_id != body.pk:
            reason = (
                f"its id is that of “{post}” on the list, and a post goes to another body only when"
                " bodies are merged. Give it an id of its own, or merge the bodies at the desk."
            )
            self.job.leave_out(entry.place, entry.ref, reason)
        else:
            claimed.add(post.pk)
            self.job.posts[entry.ref] = post
            self.matched.append((entry, post))

    def _change(self, entry: PostEntry, post: Post) -> None:
        if not post.outside_id:
            Post.objects.filter(pk=post.pk).update(outside_id=entry.outside_id)
            post.outside_id = entry.outside_id
        if entry.title != post.title:
            before = str(post)
            rename_post(None, post, entry.title, timezone.localdate())
            del self.listed.by_title[post.body_id, post.title.casefold()]
            post.title = entry.title
            self.listed.put(post)
            self.job.outcome.note_done("changed posts", f"{before}, now {post.title}")

    def _end(self, entry: PostEntry, post: Post) -> None:
        assert entry.ended_on is not None
        end_post(None, post, entry.ended_on)
        self.job.outcome.note_done("ended posts", post)

    def _make(self) -> None:
        """Add the new posts, with the rules of ``make_post``."""
        done: list[tuple[PostEntry, Post]] = []
        for entry in self.new:
            body = self.job.bodies[entry.body_ref]
            post = Post(body=body, title=entry.title, outside_id=entry.outside_id)
            try:
                post.clean_fields(exclude=["body"])
                if (body.pk, entry.title.casefold()) in self.listed.by_title:
                    raise BodyRefused("title_taken", body=str(body))
            except (BodyRefused, ValidationError) as error:
                self.job.leave_out(entry.place, entry.ref, reason_of(error))
                continue
            done.append((entry, post))
            self.listed.put(post)
        Post.objects.bulk_create(post for _entry, post in done)
        BodyEvent.objects.bulk_create(made(None, post) for _entry, post in done)
        for entry, post in done:
            self.job.posts[entry.ref] = post
            self.job.outcome.note_done("new posts", post)


def _order(entry: PostEntry) -> tuple[bool, str, str]:
    return not entry.outside_id, entry.outside_id, entry.ref
