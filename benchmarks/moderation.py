"""Desk pages of a dialogue in which thousands of statements wait, beside comparing them each time.

    python benchmarks/moderation.py

Fills a folder of its own, on SQLite, with 3,000 statements that wait and 2,000 that are shown, all
made up; one in twenty says nearly the same as another. Then it asks for each page as often as
``--times`` says, in turns and in one process, and decides about a statement as often. Prints median
and 95th percentile in milliseconds of processor time, which tells the same on a machine that does
other work, and the median as a ratio to the baseline: comparing the twenty texts of a page with all
others when the page is asked for, as the queue did until 2026-11-29.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from serving.site import texts

# The tests have a folder of a benchmark's name, which it would hide.
HERE = Path(__file__).resolve().parent
sys.path[:] = [place for place in sys.path if Path(place).resolve() != HERE]
WAITING, SHOWN = 3_000, 2_000
ONE_IN = 20  # says nearly the same as the one before
AIM, AIM_QUEUE = 300.0, 100.0
BASELINE = "comparing a page's twenty with all, each time"
HOST = "127.0.0.1"


def fill() -> Any:
    from django.db import transaction

    from middleground.dialogues.models import Statement
    from middleground.texts.sameness import dedup_hash
    from support.cast import make_dialogue

    made = texts(WAITING + SHOWN)
    for place in range(1, len(made), ONE_IN):
        made[place] = made[place - 1].replace(" the ", " a ").removesuffix(".") + ", surely."
    with transaction.atomic():
        dialogue = make_dialogue(statements=0)
        Statement.objects.bulk_create(
            Statement(
                dialogue=dialogue, number=number, text=text, dedup_hash=dedup_hash(text),
                received_on=today(),
                status="pending" if number % 5 < 3 else "approved",
                reviewed=number % 5 >= 3, origin="participant",
            )
            for number, text in enumerate(made, start=1)
        )  # fmt: skip
    return dialogue


def today() -> Any:
    from django.utils import timezone

    return timezone.localdate()


def pages(dialogue: Any) -> dict[str, str]:
    desk = f"/desk/{dialogue.slug}/"
    return {
        "queue": f"{desk}moderation/",
        "queue, page 100": f"{desk}moderation/?page=100",
        "queue, shown": f"{desk}moderation/?tab=shown",
        "queue, alike": f"{desk}moderation/?tab=alike",
        "queue, searched": f"{desk}moderation/?q=harbour",
        "merge": f"{desk}moderation/1/merge/",
        "merge, searched": f"{desk}moderation/1/merge/?q=harbour",
        "appeals": f"{desk}appeals/",
        "statements": f"{desk}statements/",
        "patterns": f"{desk}patterns/",
        "codes": f"{desk}codes/",
        "the dialogue": desk,
        "all dialogues": "/desk/",
    }


def compare_a_page(dialogue: Any) -> Callable[[], object]:
    """What the queue did on each page: twenty texts, each compared with those near it."""
    from middleground.dialogues.texts.search import similar_to_each

    def compare() -> object:
        rows = dialogue.statements.exclude(status="rejected").order_by("number")
        rows = rows.only("id", "number", "text", "status", "dialogue_id")
        page = list(dialogue.statements.filter(status="pending").order_by("number")[:20])
        return similar_to_each(page, dialogue, rows, 2)

    return compare


def compare_all() -> None:
    """What the job does when thousands were imported."""
    from middleground.dialogues.texts.similar import NewTexts

    new_texts = NewTexts()
    while new_texts.compare():
        pass


def compare_one(dialogue: Any) -> Callable[[], object]:
    """What the job does when one has come."""
    from support.cast import make_statement

    make_statement(dialogue, WAITING + SHOWN + 1, "More benches at the quay.", status="pending")
    return compare_all


def taken(act: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    began = time.process_time()
    act()
    return 1_000 * (time.process_time() - began)


def measure(dialogue: Any, user: Any, times: int) -> dict[str, list[float]]:
    from django.test import Client

    client = Client()
    client.force_login(user)
    desk = f"/desk/{dialogue.slug}/moderation/"
    addresses = pages(dialogue)

    def ask(address: str) -> None:
        answer = client.get(address, headers={"host": HOST})
        assert answer.status_code == 200, (address, answer.status_code)

    def decide() -> None:
        number = dialogue.statements.filter(status="pending").order_by("number").first().number
        sent = {"decide": f"approve:{number}", f"seen-{number}": "waiting"}
        answer = client.post(desk, sent, headers={"host": HOST})
        assert answer.status_code == 302, answer.status_code
        ask(answer["Location"])

    acts: dict[str, Callable[[], object]] = {BASELINE: compare_a_page(dialogue)}
    acts |= {name: lambda address=address: ask(address) for name, address in addresses.items()}  # type: ignore[misc]
    acts["a decision, and the page after it"] = decide
    for act in acts.values():
        act()  # the first time loads templates
    found: dict[str, list[float]] = {name: [] for name in acts}
    for _turn in range(times):
        for name, act in acts.items():
            found[name].append(taken(act))
    return found


def report(found: dict[str, list[float]]) -> None:
    baseline = statistics.median(found[BASELINE])
    print("| page | median ms | p95 ms | ratio | aim |")
    print("|---|---|---|---|---|")
    for name, values in found.items():
        middle, late = statistics.median(values), sorted(values)[int(0.95 * len(values))]
        aim = AIM_QUEUE if name.startswith("queue") else AIM
        met = "" if name == BASELINE else "met" if middle <= aim else f"missed ({aim:.0f})"
        print(f"| {name} | {middle:.0f} | {late:.0f} | {middle / baseline:.3f} | {met} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory(prefix="moderation-benchmark-") as folder:
        os.environ["MIDDLEGROUND_DATA"] = folder
        os.environ["MIDDLEGROUND_ORIGIN"] = f"http://{HOST}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
        sys.path.insert(0, str(HERE.parent / "tests"))
        import django

        django.setup()
        from middleground.config import server
        from support.cast import make_staff

        server.prepare()
        dialogue = fill()
        print(f"Comparing {WAITING + SHOWN:,} new texts: {taken(compare_all) / 1_000:.1f} s.")
        print(f"Comparing one more: {taken(compare_one(dialogue)):.0f} ms.")
        report(measure(dialogue, make_staff(), times))
        print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors.")


if __name__ == "__main__":
    main()
