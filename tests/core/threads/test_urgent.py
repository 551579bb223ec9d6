"""Others wait while votes are stored, but never for long."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

from middleground.core.threads.urgent import Turns, UrgentWork


def test_others_wait_until_urgent_work_is_done() -> None:
    urgent, done = UrgentWork(), []

    def work() -> None:
        with urgent.doing():
            began.set()
            time.sleep(0.2)
            done.append(True)

    began = threading.Event()
    thread = threading.Thread(target=work)
    thread.start()
    began.wait()
    assert urgent.waits
    urgent.give_way(60)
    assert done == [True]
    thread.join()
    assert not urgent.waits


def test_nobody_waits_longer_than_asked_and_work_that_fails_is_done() -> None:
    urgent = UrgentWork()
    try:
        with urgent.doing():
            urgent.give_way(0.01)
            assert urgent.waits
            raise ValueError
    except ValueError:
        pass
    assert not urgent.waits


def test_a_busy_thread_gives_way_again_only_after_some_work() -> None:
    urgent, waited = UrgentWork(), []
    urgent.give_way = lambda *_: waited.append(time.perf_counter())  # type: ignore[method-assign]
    turns = Turns(urgent)
    turns.give_way()
    assert waited == []
    with urgent.doing():
        until = time.perf_counter() + 0.1
        while time.perf_counter() < until:
            turns.give_way()
    assert len(waited) > 1
    pauses = [later - earlier for earlier, later in pairwise(waited)]
    assert min(pauses) >= 0.003
