"""A published map is disclosed once for all threads, and hides a removed statement at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from middleground.dialogues.maps import publish, worker
from middleground.dialogues.maps.live import LiveMaps
from middleground.dialogues.models import Dialogue, Statement, StoredMap
from middleground.dialogues.results import published
from middleground.dialogues.results.cache import Cache
from middleground.dialogues.results.published import newest_map
from support.camps import add_voters
from support.cast import make_dialogue

THREADS = 8


class WithoutLock(Cache[Any, Any]):
    """The known-bad control: every thread that finds no value computes one."""

    def get(self, key: Any, compute: Callable[[], Any]) -> Any:
        if key not in self._values:
            self.put(key, compute())
        return self._values[key]


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


def ask_at_once(dialogue: Dialogue) -> int:
    """The number of different maps that the threads got."""
    together = threading.Barrier(THREADS)

    def ask(_: int) -> int:
        together.wait()
        try:
            found = newest_map(dialogue)
            assert found is not None
            return id(found.disclosed)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return len(set(pool.map(ask, range(THREADS))))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "once"), [(Cache, True), (WithoutLock, False)])
def test_threads_that_ask_for_a_new_map_disclose_it_once(
    kind: type[Cache[Any, Any]], once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    assert publish.refresh_map(dialogue.pk, LiveMaps()) is not None
    disclose, times = published.disclose, []

    def disclose_slowly(*given: Any) -> Any:
        times.append(1)
        time.sleep(0.2)
        return disclose(*given)

    monkeypatch.setattr(published, "_contents", kind(4))
    monkeypatch.setattr(published, "disclose", disclose_slowly)
    different = ask_at_once(dialogue)
    assert (len(times) == 1, different == 1) == (once, once)


@pytest.mark.django_db
def test_pages_use_the_map_disclosed_by_the_publisher(monkeypatch: pytest.MonkeyPatch) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk, LiveMaps())

    def refuse(*_: object) -> None:
        raise AssertionError("disclosed again")

    monkeypatch.setattr(published, "disclose", refuse)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = newest_map(dialogue)
    assert found is not None
    assert len(asked) == 1  # the map's row, without its data or the statements
    assert '"data"' not in asked[0]["sql"]
    # The control: with another revision the map is disclosed anew.
    dialogue.revision += 1
    with pytest.raises(AssertionError, match="disclosed again"):
        newest_map(dialogue)


@pytest.mark.django_db
def test_facts_decoded_from_the_text_are_those_of_the_stored_document() -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    stored = publish.refresh_map(dialogue.pk, LiveMaps())
    assert stored is not None
    read_again = StoredMap.objects.get(pk=stored.pk)
    assert StoredMap.facts_of(stored.pk) == read_again.facts
    assert read_again.facts.status == "groups"


@pytest.mark.django_db
def test_a_removed_statement_disappears_at_once() -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 20)
    publish.refresh_map(dialogue.pk, LiveMaps())
    before = newest_map(dialogue)
    assert before is not None
    third = dialogue.statements.get(number=3)
    assert third.pk in before.statements
    Statement.objects.filter(pk=third.pk).update(status="rejected", reviewed=True, reason="unclear")
    Dialogue.objects.filter(pk=dialogue.pk).update(revision=F("revision") + 1)
    dialogue.refresh_from_db()
    after = newest_map(dialogue)
    assert after is not None
    assert third.pk not in after.statements
    assert third.pk not in {each.statement for each in after.facts.statements}


def test_the_cache_drops_the_least_recently_used_value() -> None:
    cache: Cache[int, int] = Cache(2)
    computed: list[int] = []

    def value_of(key: int) -> int:
        return cache.get(key, lambda: computed.append(key) or key)

    assert [value_of(key) for key in (1, 2, 1, 3, 1, 2)] == [1, 2, 1, 3, 1, 2]
    assert computed == [1, 2, 3, 2]


def test_after_an_error_the_next_call_computes_again() -> None:
    cache: Cache[int, str] = Cache(2)

    def fail() -> str:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        cache.get(1, fail)
    assert cache.get(1, lambda: "found") == "found"


def test_missing_values_of_several_keys_are_computed_together_and_once() -> None:
    cache: Cache[int, int] = Cache(3)
    computed: list[list[int]] = []

    def values_of(*keys: int) -> list[int]:
        return cache.get_all(
            keys, lambda missing: computed.append(missing) or [-key for key in missing]
        )

    assert values_of(1, 2, 1) == [-1, -2, -1]
    assert values_of(2, 3, 2) == [-2, -3, -2]
    assert values_of(4, 2) == [-4, -2]  # 1 makes room, which was requested longest ago
    assert values_of(2, 3, 4) == [-2, -3, -4]
    assert values_of(1) == [-1]
    assert values_of() == []
    assert computed == [[1, 2], [3], [4], [1]]
