"""Others wait while votes are stored, but never for long."""

from __future__ import annotations

import asyncio
import threading
import time
from itertools import pairwise

from middleground.core.threads.urgent import (
    WAIT_SECONDS,
    WORK_SECONDS,
    Pauses,
    Turns,
    UrgentWork,
)


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


def test_nobody_waits_while_urgent_work_rests_and_all_do_after_it() -> None:
    urgent = UrgentWork()
    with urgent.doing():
        with urgent.resting() as rest:
            assert urgent.waits
            rest()
            assert not urgent.waits
        assert urgent.waits
    with urgent.resting() as rest:  # of work that is not urgent
        rest()
    assert not urgent.waits


def test_a_busy_thread_gives_way_again_only_after_some_work() -> None:
    urgent, waited = UrgentWork(), []
    urgent.give_way = lambda *_: waited.append(time.perf_counter())  # type: ignore[method-assign]
    pauses = Pauses(urgent)
    pauses.give_way()
    assert waited == []
    with urgent.doing():
        until = time.perf_counter() + 0.1
        while time.perf_counter() < until:
            pauses.give_way()
    assert len(waited) > 1
    pauses_between = [later - earlier for earlier, later in pairwise(waited)]
    assert min(pauses_between) >= WORK_SECONDS


def log_of(work: UrgentWork, count: int, each: float) -> list[tuple[str, float]]:
    """What an event loop does that has so much work in turns, and looks in every round."""
    done: list[tuple[str, float]] = []

    def note(what: str) -> None:
        done.append((what, time.perf_counter()))

    def busy() -> None:
        until = time.perf_counter() + each
        while time.perf_counter() < until:
            pass
        note("work")

    async def loop() -> None:
        turns = Turns(work)
        for _ in range(count):
            turns.add(busy)
        while sum(what == "work" for what, _ in done) < count:
            note("round")
            await asyncio.sleep(0)

    asyncio.run(loop())
    return done


def test_between_two_turns_the_loop_does_other_things() -> None:
    done = [what for what, _ in log_of(UrgentWork(), 20, 0.002)]
    turns = "".join("w" if what == "work" else " " for what in done).split()
    assert sum(map(len, turns)) == 20
    assert max(map(len, turns)) <= 2  # 3 ms, and what was begun


def test_a_loop_works_a_little_while_urgent_work_goes_on() -> None:
    urgent = UrgentWork()
    with urgent.doing():
        done = log_of(urgent, 9, 0.001)
    times = [time for what, time in done if what == "work"]
    waits = [later - earlier for earlier, later in pairwise(times)]
    assert times[0] - done[0][1] >= WAIT_SECONDS
    assert sum(wait >= WAIT_SECONDS for wait in waits) >= 2


def test_work_that_fails_does_not_end_the_turns() -> None:
    turns, done = Turns(UrgentWork()), []

    async def loop() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda *_: done.append("failed"))
        turns.add(lambda: done.append("first"))
        turns.add(lambda: 1 // 0)
        turns.add(lambda: done.append("second"))
        turns.add(lambda: turns.add(lambda: done.append("added")))
        while "added" not in done:
            await asyncio.sleep(0)

    asyncio.run(loop())
    assert done == ["first", "failed", "second", "added"]
