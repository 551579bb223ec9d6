"""A map whose process is killed is told to the public, with the time, until it comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from middleground.core.jobs import troubles
from middleground.core.jobs.troubles import all_troubles, note_failure
from middleground.core.models import JobTrouble
from middleground.dialogues.maps import worker
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.maps.schedule import FINALISE, MAKE_MAPS, RENEW, make_due_maps
from middleground.dialogues.models import Dialogue, StoredMap
from support.camps import add_voters
from support.cast import make_dialogue

Cause = JobTrouble.Cause
NOT_RENEWED = "The map is not being updated right now"
NO_RESULT = "We cannot compute the result right now"


@pytest.fixture(autouse=True)
def _nothing_in_memory() -> Iterator[None]:
    yield
    troubles.reset()


def rows() -> list[tuple[str, int, int]]:
    return [(row.job, row.about, row.times) for row in all_troubles()]


@pytest.mark.django_db(transaction=True)
def test_a_map_whose_process_is_killed_is_told_to_the_public_until_it_comes(
    keys: Path,
) -> None:
    """The process is killed for real, as often as it is started."""
    dialogue = make_dialogue(statements=12)
    add_voters(dialogue, 40)
    maps, client = LiveMaps(), Client()
    pages = ["/d/harbour/map/", "/d/harbour/take-part/", "/d/harbour/map/middle-ground/"]
    with _killing_workers():
        make_due_maps(maps)
    assert all(NOT_RENEWED in client.get(page).content.decode() for page in pages)
    assert [(row.job, row.cause) for row in all_troubles()] == [(RENEW.name, Cause.KILLED)]
    stale = client.get("/d/harbour/map/newer/?shown=0")
    assert stale["HX-Trigger"] == "newer-map"
    assert "HX-Trigger" not in client.get("/d/harbour/map/newer/?shown=0-late")
    maps.of(dialogue.pk).last_look = None  # else the next look is a minute later
    make_due_maps(maps)
    assert dialogue.maps.count() == 1
    assert all(NOT_RENEWED not in client.get(page).content.decode() for page in pages)
    worker.close()


@pytest.mark.django_db(transaction=True)
def test_a_result_that_cannot_be_computed_is_told_and_then_comes(keys: Path) -> None:
    dialogue = make_dialogue(statements=12)
    add_voters(dialogue, 40)
    Dialogue.objects.update(state="closed")
    client, results = Client(), "/d/harbour/results/"
    assert NO_RESULT not in client.get(results).content.decode()
    with _killing_workers():
        make_due_maps(LiveMaps())
        make_due_maps(LiveMaps())
    assert NO_RESULT in client.get(results).content.decode()
    assert NO_RESULT in client.get("/d/harbour/map/").content.decode()
    assert rows() == [(FINALISE.name, dialogue.pk, 2)]
    make_due_maps(LiveMaps())
    assert StoredMap.objects.filter(final=True).count() == 1
    assert rows() == []
    note_failure(MAKE_MAPS, OSError())
    assert NO_RESULT not in client.get("/d/harbour/map/").content.decode()
    worker.close()


class _killing_workers:  # noqa: N801 -- read as a verb
    """Kill each process that computes maps as soon as it has started."""

    def __enter__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._kill)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        worker.close()

    def _kill(self) -> None:
        while not self._stop.wait(0.002):
            pool = worker._pool
            for process in list(((pool and pool._processes) or {}).values()):
                process.kill()
