"""Pages, desk and files of answers in a large dialogue, beside the page of a plain statement.

    python benchmarks/answers.py

Fills a folder of its own, on SQLite, with 5,000 concerns, 800 cases in which eight bodies act, 200
commitments and 20,000 comments, all made up, through the product's own functions. Then it asks for
each page as often as ``--times`` says, in turns, in one process and without the kept pages, so each
is rendered each time. Prints median and 95th percentile in milliseconds, and the median as a ratio
to the baseline: the page of a statement with no thread, in the same run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from serving.site import texts

# The tests have a folder of this file's name, which this file would hide.
HERE = Path(__file__).resolve().parent
sys.path[:] = [place for place in sys.path if Path(place).resolve() != HERE]
CONCERNS, CASES, COMMENTS, COMMITMENTS = 5_000, 800, 20_000, 200
IN_A_CASE = 6
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
    return dialogue, terms[0].user


def raise_concerns(dialogue: Any) -> None:
    from django.utils import timezone

    from middleground.dialogues.models import Statement
    from middleground.texts.normalise import dedup_hash

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

    from middleground.texts.normalise import dedup_hash
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


def pages(dialogue: Any) -> dict[str, str]:
    """Addresses by what they are; the baseline is the first."""
    public = f"/d/{dialogue.slug}/"
    return {
        BASELINE: f"{public}s/{CONCERNS}/",
        "a statement in a case": f"{public}s/{CONCERNS - 300}/",
        "a statement with 200 comments": f"{public}s/1/",
        "the dialogue": public,
        "coverage": f"{public}answers/",
        "coverage, open ones, page 3": f"{public}answers/?state=open&page=3",
        "a case, answered": f"{public}answers/2/",
        "a case that waits": f"{public}answers/1/",
        "all answers (JSON)": f"{public}answers/answers.json",
        "commitments": f"{public}commitments/",
        "feed": f"{public}answers/feed.atom",
        "the week on a sheet": f"{public}answers/week/",
        "sources": f"{public}sources/",
        "a body": "/bodies/body-0/",
        "due days of a body": "/bodies/body-0/deadlines.ics",
        "bodies": "/bodies/",
        "inbox": "/desk/inbox/",
    }


def measured(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1_000 * (time.perf_counter() - began)


def measure(addresses: dict[str, str], official: Any, times: int) -> dict[str, list[float]]:
    from django.test import Client

    anyone, signed_in = Client(), Client()
    signed_in.force_login(official)

    def ask(address: str) -> None:
        client = signed_in if address.startswith("/desk/") else anyone
        answer = client.get(address, headers={"host": HOST})
        assert answer.status_code == 200, (address, answer.status_code)
        b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]

    taken: dict[str, list[float]] = {name: [] for name in addresses}
    for turn in range(times + 1):
        for name, address in addresses.items():
            milliseconds = measured(lambda: ask(address))  # noqa: B023 -- called at once
            if turn:  # the first time loads templates
                taken[name].append(milliseconds)
    return taken


def report(taken: dict[str, list[float]]) -> None:
    baseline = statistics.median(taken[BASELINE])
    print("| page | median ms | p95 ms | ratio to the baseline | aim |")
    print("|---|---|---|---|---|")
    for name, values in taken.items():
        middle, late = statistics.median(values), sorted(values)[int(0.95 * len(values))]
        aim = AIMS.get(name, 100.0)
        met = "met" if late <= aim else f"missed ({aim:.0f})"
        print(f"| {name} | {middle:.0f} | {late:.0f} | {middle / baseline:.1f} | {met} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory(prefix="answers-benchmark-") as folder:
        os.environ["MIDDLEGROUND_DATA"] = folder
        os.environ["MIDDLEGROUND_ORIGIN"] = f"http://{HOST}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
        sys.path.insert(0, str(HERE.parent / "tests"))
        import django

        django.setup()
        from middleground.answers.export import cases_csv, cases_json
        from middleground.answers.triage.open_concerns import with_suggestions
        from middleground.config import server

        server.prepare()
        dialogue, official = fill()
        report(measure(pages(dialogue), official, times))
        exported = measured(lambda: (cases_json(dialogue), cases_csv(dialogue)))
        print(f"\nExport of all cases, both forms: {exported / 1_000:.1f} s (aim 5)")
        statements = list(dialogue.statements.votable()[:ON_A_PAGE])
        similar = measured(lambda: with_suggestions(dialogue, statements, frozenset()))
        among = f"{ON_A_PAGE} statements, as on a page of triage, among {CONCERNS:,}"
        print(f"Suggestions for {among}: {similar / 1_000:.1f} s (aim 2)")


if __name__ == "__main__":
    main()
