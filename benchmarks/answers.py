"""Pages, desk and files of answers in a large dialogue, beside the page of a plain statement.

    python benchmarks/answers.py

Fills a folder of its own, on SQLite, with 5,000 concerns, 800 cases in which eight bodies act, 200
commitments, 20,000 comments and 200 sources, all made up, through the product's own functions. Then
it asks for each page as often as ``--times`` says, in turns, in one process and without the kept
pages, so each is rendered each time; garbage is collected as rarely as in the server. Prints median
and 95th percentile in milliseconds, on the clock and of processor time, which tells the same on a
machine that does other work; and the median of processor time as a ratio to the baseline: the page
of a statement with no thread, in the same run. The last column is how long a kept page takes.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from serving.site import texts

# The tests have a folder of this file's name, which this file would hide.
HERE = Path(__file__).resolve().parent
sys.path[:] = [place for place in sys.path if Path(place).resolve() != HERE]
CONCERNS, CASES, COMMENTS, COMMITMENTS = 5_000, 800, 20_000, 200
IN_A_CASE = 6
SOURCES = 200
ON_A_PAGE = 50  # of triage
BELOW_EACH = 200  # comments below each of the first statements
BASELINE = "a statement without a thread"
AIMS = {"inbox": 150.0}  # milliseconds; of the others it is 100
HOST = "127.0.0.1"


def fill() -> tuple[Any, Any]:
    """Store the dialogue; return it and the account of an official who owes the most."""
    from django.db import transaction

    from middleground.answers.models import AnswerRules
    from support.cast import make_dialogue, make_official, make_staff

    with transaction.atomic():
        staff = make_staff()
        dialogue = make_dialogue(statements=0, takes_comments=True)
        AnswerRules.objects.create(dialogue=dialogue)
        raise_concerns(dialogue)
        levels = ("city", "federal", "state", "county")
        terms = [make_official(staff, f"Body {n}", f"Post {n}", levels[n % 4]) for n in range(8)]
        for place in range(CASES):
            handle_case(staff, dialogue, place, terms[place % len(terms)])
        comment(dialogue)
        name_sources(dialogue)
    return dialogue, terms[0].user


def raise_concerns(dialogue: Any) -> None:
    from django.utils import timezone

    from middleground.dialogues.models import Statement
    from middleground.texts.sameness import dedup_hash

    Statement.objects.bulk_create(
        Statement(
            dialogue=dialogue, number=number, text=text, dedup_hash=dedup_hash(text),
            received_on=timezone.localdate(), status="approved", origin="participant",
        )
        for number, text in enumerate(texts(CONCERNS), start=1)
    )  # fmt: skip


def handle_case(staff: Any, dialogue: Any, place: int, term: Any) -> None:
    """Open a case and give it to the term's body, which answers two of three, and promises."""
    from django.utils import timezone

    from answers.entered import answer_case
    from middleground.answers.cases.gathering import open_case
    from middleground.answers.cases.owners import assign
    from middleground.answers.commitments.keeping import make_commitment

    first = place * IN_A_CASE + 1
    numbers = list(range(first, first + IN_A_CASE))
    case = open_case(staff, dialogue, title=f"Matter {place}", numbers=numbers)
    if place % 3 == 0:
        assign(staff, case, term.post.body, term.post)
        return
    answer_case(case, term)
    if place < 1.5 * COMMITMENTS:
        due = timezone.localdate() + timedelta(days=place + 1)
        make_commitment(term.user, case, term.post, what=f"Thing {place}", due=due)


def comment(dialogue: Any) -> None:
    """Comments for and against, below the first statements, as many below each."""
    from django.utils import timezone

    from middleground.texts.sameness import dedup_hash
    from middleground.threads.models import NUMBERS, Comment, StatementThread, Thread

    below = dialogue.statements.order_by("number")[: COMMENTS // BELOW_EACH]
    threads = [Thread.objects.create(dialogue=dialogue) for _ in below]
    StatementThread.objects.bulk_create(
        StatementThread(statement=each, thread=thread)
        for each, thread in zip(below, threads, strict=True)
    )
    Comment.objects.bulk_create(
        Comment(
            dialogue=dialogue, thread=threads[n // BELOW_EACH], number=NUMBERS.start + n,
            text=f"Comment {n}: because the quay is like that.", dedup_hash=dedup_hash(str(n)),
            received_on=timezone.localdate(), status="approved", reviewed=True, tier="open",
            stance=("for", "against", "neither")[n % 3],
        )
        for n in range(COMMENTS)
    )  # fmt: skip


def name_sources(dialogue: Any) -> None:
    from django.utils import timezone

    from middleground.evidence.models import Source

    kinds = Source.Kind.values
    Source.objects.bulk_create(
        Source(
            dialogue=dialogue, number=number, kind=kinds[number % len(kinds)],
            title=f"What was measured at the quay, part {number}", added_on=timezone.localdate(),
            identity=f"{number:064x}",
        )
        for number in range(1, SOURCES + 1)
    )  # fmt: skip


def pages(dialogue: Any) -> dict[str, str]:
    """Addresses by what they are; the baseline is the first."""
    from middleground.threads.models import NUMBERS

    public, first_comment = f"/d/{dialogue.slug}/", NUMBERS.start
    return {
        BASELINE: f"{public}s/{CONCERNS}/",
        "a statement in a case": f"{public}s/{CONCERNS - 300}/",
        "a statement with 200 comments": f"{public}s/1/",
        "the dialogue": public,
        "coverage": f"{public}answers/",
        "coverage, open ones, page 3": f"{public}answers/?state=open&page=3",
        "a case, answered": f"{public}answers/2/",
        "a case that waits": f"{public}answers/1/",
        "feed of a case": f"{public}answers/2/feed.atom",
        "all answers (JSON)": f"{public}answers/answers.json",
        "commitments": f"{public}commitments/",
        "commitments, page 3": f"{public}commitments/?page=3",
        "a commitment": f"{public}commitments/1/",
        "feed": f"{public}answers/feed.atom",
        "the week on a sheet": f"{public}answers/week/",
        "due days": f"{public}answers/deadlines.ics",
        "sources": f"{public}sources/",
        "a source": f"{public}sources/1/",
        "a comment": f"{public}c/{first_comment}/",
        "a body": "/bodies/body-0/",
        "due days of a body": "/bodies/body-0/deadlines.ics",
        "bodies": "/bodies/",
        "inbox": "/desk/inbox/",
        "triage": f"/desk/{dialogue.slug}/cases/",
    }


class Taken(NamedTuple):
    """Milliseconds on the clock, and of processor time."""

    clock: float
    processor: float


def measured(act: Callable[[], object]) -> Taken:
    began, used = time.perf_counter(), time.process_time()
    act()
    return Taken(1_000 * (time.perf_counter() - began), 1_000 * (time.process_time() - used))


def measure(addresses: dict[str, str], users: list[Any], times: int) -> dict[str, list[Taken]]:
    """``users``: an official, who asks for the inbox, and one of the staff."""
    from django.test import Client

    from middleground.core.threads.garbage import collect_rarely

    clients = [Client() for _ in range(3)]
    for client, user in zip(clients[1:], users, strict=True):
        client.force_login(user)

    def ask(address: str) -> None:
        who = 0 if not address.startswith("/desk/") else 1 if "inbox" in address else 2
        answer = clients[who].get(address, headers={"host": HOST})
        assert answer.status_code == 200, (address, answer.status_code)
        b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]

    for address in addresses.values():
        ask(address)  # the first time loads templates
    gc.collect()
    collect_rarely()  # as the server does once it is loaded
    taken: dict[str, list[Taken]] = {name: [] for name in addresses}
    for _turn in range(times):
        for name, address in addresses.items():
            taken[name].append(measured(lambda: ask(address)))  # noqa: B023 -- called at once
    return taken


def measure_kept(addresses: dict[str, str], times: int = 200) -> dict[str, float]:
    """Microseconds until the answer is there, of pages that are kept; the middle of many."""
    from django.core.wsgi import get_wsgi_application

    from middleground.core.page_cache.front import PageFront

    front = PageFront(get_wsgi_application())
    found = {}
    for name, address in addresses.items():
        scope = scope_of(address)
        if not front.may_be_kept(scope) or not asyncio.run(front.answered(scope, ignore)):
            continue
        if front.kept_answer(scope) is not None:
            clock = [measured(lambda: front.kept_answer(scope)).clock for _ in range(times)]  # noqa: B023
            found[name] = 1_000 * statistics.median(clock)
    front.stop()
    return found


def scope_of(address: str) -> dict[str, Any]:
    path, _, query = address.partition("?")
    headers = [(b"host", HOST.encode()), (b"accept-encoding", b"br")]
    return {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "headers": headers, "scheme": "http",
    }  # fmt: skip


async def ignore(_message: object) -> None:
    """What would be sent."""


def report(taken: dict[str, list[Taken]], kept: dict[str, float]) -> None:
    baseline = statistics.median(each.processor for each in taken[BASELINE])
    print("| page | median ms | p95 ms | processor ms | p95 | ratio | aim | kept µs |")
    print("|---|---|---|---|---|---|---|---|")
    for name, values in taken.items():
        clock, processor = (sorted(part) for part in zip(*values, strict=True))
        middle, late = statistics.median(clock), clock[int(0.95 * len(clock))]
        used, most = statistics.median(processor), processor[int(0.95 * len(processor))]
        aim = AIMS.get(name, 100.0)
        met = "met" if late <= aim else f"missed ({aim:.0f})"
        times = f"{kept[name]:.0f}" if name in kept else "not kept"
        print(
            f"| {name} | {middle:.0f} | {late:.0f} | {used:.0f} | {most:.0f} |"
            f" {used / baseline:.1f} | {met} | {times} |"
        )


def measure_work(dialogue: Any) -> list[tuple[str, int, Taken]]:
    """The export, and the comparison of all statements, which a job does in the background."""
    from middleground.answers.export import cases_csv, cases_json
    from middleground.answers.triage.suggestions import compare_all

    return [
        (
            "Export of all cases, both forms",
            5,
            measured(lambda: (cases_json(dialogue), cases_csv(dialogue))),
        ),
        (f"Comparison of {CONCERNS:,} statements", 2, measured(lambda: compare_all(dialogue))),
    ]


def report_work(work: list[tuple[str, int, Taken]], baseline: float) -> None:
    print()
    for what, aim, taken in work:
        seconds, used = taken.clock / 1_000, taken.processor / 1_000
        ratio = f"ratio {taken.processor / baseline:.0f}"
        print(f"{what}: {seconds:.2f} s, processor time {used:.2f} s (aim {aim}); {ratio}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory(prefix="answers-benchmark-") as folder:
        os.environ["MIDDLEGROUND_DATA"] = folder
        os.environ["MIDDLEGROUND_ORIGIN"] = f"http://{HOST}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
        sys.path.insert(0, str(HERE.parent / "tests"))
        import django

        django.setup()
        from middleground.config import server
        from middleground.people.models import User

        server.prepare()
        dialogue, official = fill()
        staff = User.objects.order_by("pk").first()
        addresses = pages(dialogue)
        work = measure_work(dialogue)  # the triage desk shows what was compared
        taken = measure(addresses, [official, staff], times)
        report(taken, measure_kept(addresses))
        report_work(work, statistics.median(each.processor for each in taken[BASELINE]))
        print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")


if __name__ == "__main__":
    main()
