"""Django's admin for dialogues, for what the desk does not cover.

Do not add participants and votes here: nobody may look at a single one.
"""

from __future__ import annotations

import json

from django.contrib import admin
from django.http import HttpRequest

from middleground.dialogues.models import Dialogue, StaffAction, Statement, StoredMap


class ReadOnly:
    """View only. Changes belong to the desk, which logs them."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Dialogue)
class DialogueAdmin(ReadOnly, admin.ModelAdmin[Dialogue]):
    list_display = ("question", "slug", "state", "opens_at", "closes_at", "revision")
    search_fields = ("question", "slug")


@admin.register(Statement)
class StatementAdmin(ReadOnly, admin.ModelAdmin[Statement]):
    list_display = ("number", "dialogue", "status", "reason", "origin")
    list_filter = ("status", "reason", "origin", "dialogue")
    search_fields = ("text",)
    # Without the author: nobody needs to see a pseudonym beside a text.
    fields = (
        "dialogue", "number", "text", "origin", "status", "reason", "reviewed", "merged_into",
        "received_on",
    )  # fmt: skip


@admin.register(StaffAction)
class StaffActionAdmin(ReadOnly, admin.ModelAdmin[StaffAction]):
    list_display = ("at", "staff", "verb", "dialogue", "statement", "reason")
    list_filter = ("verb", "dialogue")


@admin.register(StoredMap)
class StoredMapAdmin(ReadOnly, admin.ModelAdmin[StoredMap]):
    list_display = ("made_at", "dialogue", "final", "engine_version")
    # Of the data only what says how the map was computed: pages show the facts protected, but the
    # stored numbers are exact.
    fields = ("dialogue", "made_at", "final", "seed", "engine_version", "input_hash", "options")
    readonly_fields = ("seed", "engine_version", "input_hash", "options")

    def seed(self, stored: StoredMap) -> int:
        return int(stored.data["seed"])

    def engine_version(self, stored: StoredMap) -> str:
        return str(stored.data["engine_version"])

    def input_hash(self, stored: StoredMap) -> str:
        return str(stored.data["input_hash"])

    def options(self, stored: StoredMap) -> str:
        return json.dumps(stored.data["options"], sort_keys=True)
