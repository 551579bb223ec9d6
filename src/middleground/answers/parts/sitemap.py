"""The public pages of cases and commitments, for search engines."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Max
from django.urls import reverse

from middleground.answers.models import Case, Commitment
from middleground.core.site_files.sitemap import PublicPage
from middleground.dialogues.queries import listed_dialogues


def public_pages() -> Iterator[PublicPage]:
    listed = listed_dialogues()
    answered = listed.annotate(changed_on=Max("cases__events__on")).exclude(changed_on=None)
    for dialogue in answered.order_by("-pk"):
        yield PublicPage(reverse("answers", args=[dialogue.slug]), dialogue.changed_on)
        yield PublicPage(reverse("commitments", args=[dialogue.slug]))
    for model in (Case, Commitment):
        shown = model.objects.filter(dialogue__in=listed).select_related("dialogue")
        for each in shown.annotate(changed_on=Max("events__on")).order_by("-pk"):
            yield PublicPage(each.get_absolute_url(), each.changed_on)  # type: ignore[union-attr]
