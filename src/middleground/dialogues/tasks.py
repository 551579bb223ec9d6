"""Background work. Thin: each task takes an id and calls the action."""

from __future__ import annotations

from django_tasks import task

from middleground.dialogues.actions import maps


@task()
def refresh_map(dialogue_id: int) -> None:
    maps.refresh_map(dialogue_id)


@task()
def finalise(dialogue_id: int) -> None:
    maps.finalise(dialogue_id)
