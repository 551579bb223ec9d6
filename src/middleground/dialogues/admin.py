"""Django's administration of dialogues, for the rare rest.

Participants and votes are not here, and shall not be: nobody looks at a single one.
"""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from middleground.dialogues.models import Dialogue, StaffAction, Statement, StoredMap


class ReadOnly:
    """To look at. Changes belong to the desk, which logs them."""

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
    # Not the author: a pseudonym beside a text is more than anybody needs.
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
    # Not the facts: what pages show of them is protected, the stored numbers are not.
    fields = ("dialogue", "made_at", "final", "seed", "engine_version", "input_hash", "options")
