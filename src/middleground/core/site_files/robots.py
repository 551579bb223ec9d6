"""``/robots.txt`` (RFC 9309): search engines may read what is public, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from middleground.core.languages.first import in_first_language
from middleground.core.languages.reader import languages_of
from middleground.core.page_cache.marks import cached_page
from middleground.core.site_files.canonical import absolute

# What staff, officials, one participant or one follower sees, and forms that lead there. A page
# that is not public protects itself; this only spares visitors a result that they cannot open.
NOT_PUBLIC = (
    "/accounts/",
    "/admin/",
    "/desk/",
    "/feeds/",
    "/follow/",
    "/go/",
    "/healthz",
    "/partner/",
    "/preview/",
    "/search/",
    "/you/",
    "/d/*/answers/*/check/",
    "/d/*/answers/*/comment/",
    "/d/*/answers/*/follow/",
    "/d/*/c/*/react/",
    "/d/*/c/*/reply/",
    "/d/*/code/",
    "/d/*/entered/",
    "/d/*/commitments/*/check/",
    "/d/*/confirm/",
    "/d/*/embed/",
    "/d/*/hand-on/",
    "/d/*/map/newer/",
    "/d/*/mine/",
    "/d/*/s/*/comment/",
    "/d/*/s/*/receipt/",
    "/d/*/translation/",
    "/d/*/sources/*/comment/",
    "/d/*/sources/*/copy/",
    "/d/*/sources/propose/",
    "/d/*/take-part/",
    "/d/*/vote",
    "/d/*/wall/",
    "/d/*/write/",
)


@cached_page()
@require_safe
@in_first_language
def show_robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in NOT_PUBLIC),
        *(f"Disallow: {path}" for path in _in_languages()),
        "",
        f"Sitemap: {absolute('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


def _in_languages() -> Iterator[str]:
    """The same with each language in front; an asterisk there would be any dialogue's name, too."""
    for path in NOT_PUBLIC:
        codes = [code for code, _name in languages_of(path)]
        yield from (f"/{code}{path}" for code in codes if len(codes) > 1)
