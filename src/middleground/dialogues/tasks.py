"""Background work. Thin: each task takes an id and calls the action."""

from __future__ import annotations

from django_tasks import task

from middleground.dialogues.maps import publish


@task()
def refresh_map(dialogue_id: int) -> None:
    publish.refresh_map(dialogue_id)


@task()
def finalise(dialogue_id: int) -> None:
    publish.finalise(dialogue_id)
