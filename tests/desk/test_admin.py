"""Django's admin shows how a stored map was computed, and none of its exact numbers."""

from __future__ import annotations

import re

from django.test import Client
from django.utils import timezone

from middleground.dialogues.models import StoredMap
from middleground.people.models import User
from support.cast import make_dialogue
from support.reading import words


def test_the_admin_shows_how_a_map_was_computed_without_its_numbers(superuser: User) -> None:
    stored = StoredMap.objects.create(
        dialogue=make_dialogue(), made_at=timezone.now(), participants=70_001,
        data={
            "seed": 80_002, "engine_version": "9.8.7", "input_hash": "abc123",
            "options": {"min_group": 5}, "diagnostics": {"votes": 90_003},
        },
    )  # fmt: skip
    client = Client()
    client.force_login(superuser)
    assert "9.8.7" in words(client, "/admin/dialogues/storedmap/")
    page = client.get(f"/admin/dialogues/storedmap/{stored.pk}/change/").content.decode()
    fields = re.findall(r'<div class="readonly">(.*?)</div>', page, re.DOTALL)
    assert [re.sub("<[^>]+>", "", field) for field in fields[-4:]] == [
        "80002", "9.8.7", "abc123", "{&quot;min_group&quot;: 5}",
    ]  # fmt: skip
    assert "70001" not in page
    assert "90003" not in page
