"""What the server does again and again for dialogues."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from middleground.core.jobs import every
from middleground.dialogues.maps.publish import schedule_due_maps
from middleground.dialogues.privacy.retention import keep_retention
from middleground.dialogues.voting import exposures
from middleground.dialogues.voting.dealing import decks

CLOCK_SECONDS = 3.0


@every(20.0, name="store how often statements were dealt", at_start_and_stop=True)
def store_exposures() -> None:
    exposures.store_exposures(decks)


@every(20.0, name="delete what is due", at_start_and_stop=True)
def delete_what_is_due() -> None:
    keep_retention(timezone.now())


@every(min(CLOCK_SECONDS, settings.MAP_SECONDS), name="look for due maps", own_thread=True)
def look_for_due_maps() -> None:
    schedule_due_maps()


@every(1.0, name="run the task queue", own_thread=True)
def run_tasks() -> None:
    """Run every task that is ready, then return."""
    Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="server",
        excluded_queue_names=[],
    ).run()
