"""A dialogue cannot have the address of one of our pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from dialogues.exchange.test_polis import small_export
from middleground.dialogues.exchange.polis import ImportRefused, import_conversation
from middleground.dialogues.lifecycle.actions import create_dialogue
from middleground.dialogues.models import RESERVED_SLUGS, Dialogue
from support.cast import make_staff


def addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield here
        else:
            yield from addresses(entry, here)


def test_every_page_address_beside_dialogues_is_reserved() -> None:
    beside = set()
    for address in addresses(get_resolver()):
        first, _, rest = address.partition("/")
        name = rest.split("/")[0]
        if first in {"d", "desk"} and name and "<" not in name:
            beside.add(name)
    assert beside == RESERVED_SLUGS
    # No further one: a dialogue may have it already, and would lose its page.
    assert {"bodies", "inbox", "new", "posts", "staff", "terms"} == RESERVED_SLUGS


@pytest.mark.django_db
@pytest.mark.usefixtures("keys")
def test_a_dialogue_keeps_its_page_beside_newer_pages_of_the_desk(client: Client) -> None:
    client.force_login(make_staff())
    shown = {}
    for slug in ("again", "notices", "staff"):
        Dialogue.objects.create(slug=slug, question=f"What of {slug}?", host_name="Port City")
        shown[slug] = client.get(f"/desk/{slug}/").content.decode()
    assert "What of again?" in shown["again"]
    assert "What of notices?" in shown["notices"]
    assert "What of staff?" not in shown["staff"]  # the control


@pytest.mark.django_db
@pytest.mark.parametrize("slug", [*sorted(RESERVED_SLUGS), "two words", "a/b", ""])
def test_neither_the_desk_nor_an_import_accepts_a_reserved_address(slug: str) -> None:
    values = {"slug": slug, "question": "Where?", "host_name": "Port City"}
    with pytest.raises(ValidationError):
        create_dialogue(make_staff(), values)
    with pytest.raises(ImportRefused, match="cannot be an address"):
        import_conversation(small_export(), slug)
    assert Dialogue.objects.count() == 0
