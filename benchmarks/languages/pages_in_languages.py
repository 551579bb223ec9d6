"""Pages in other languages beside the same pages in English, made anew by Django.

Makes a data folder with an open dialogue that has a map with groups and a closed one with results,
and then asks for each page in each language, one after the other and many times, so that a busy
machine slows all of them alike. The baseline is the page in English, in the same run. Pages are not
kept here: kept ones are bytes, and equally fast in every language.

Prints JSON: for each language the ratio of its median time to that of English, by page and over all
pages, and the compressed size of each page beside English. Stops by itself.

    python benchmarks/languages/pages_in_languages.py             # about three minutes
    python benchmarks/languages/pages_in_languages.py --rounds 5
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import sys
import tempfile
import time
from itertools import product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from serving.apart import apart
from serving.site import make_site

TOWN, DONE = "town", "done"
BASELINE = "en"
PAGES = (
    "/", f"/d/{TOWN}/", f"/d/{TOWN}/take-part/", f"/d/{TOWN}/map/", f"/d/{TOWN}/s/1/",
    f"/d/{DONE}/results/", "/what-we-know/", "/method/", "/ledger/",
)  # fmt: skip
LONGEST_APART = 900


Times = dict[tuple[str, str], list[float]]
Sizes = dict[tuple[str, str], int]


def measure(data: str, rounds: int) -> dict[str, Any]:
    """Set Django up on the data folder, and measure."""
    os.environ["MIDDLEGROUND_DATA"] = data
    os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
    import django

    django.setup()
    from django.conf import settings

    languages = [code for code, _ in settings.LANGUAGES]
    times, sizes = asked(languages, rounds)
    medians = {key: statistics.median(taken) for key, taken in times.items()}
    others = [language for language in languages if language != BASELINE]
    return {
        "english_ms": {page: round(1000 * medians[page, BASELINE], 1) for page in PAGES},
        "time_to_english": {language: compared(medians, language) for language in others},
        "size_to_english": {
            language: max(
                (round(sizes[page, language] / sizes[page, BASELINE], 2), page) for page in PAGES
            )
            for language in others
        },
        "rounds": rounds,
    }


def asked(languages: list[str], rounds: int) -> tuple[Times, Sizes]:
    """The seconds of each answer, and its compressed size, by page and language."""
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    times: Times = {}
    sizes: Sizes = {}
    for turn in range(rounds + 1):
        first = turn % len(languages)
        for page, language in product(PAGES, languages[first:] + languages[:first]):
            began = time.perf_counter()
            answer = client.get(f"/{language}{page}")
            taken = time.perf_counter() - began
            if answer.status_code != 200:
                raise SystemExit(f"{page} answered {answer.status_code} in {language}")
            sizes[page, language] = len(gzip.compress(answer.content, 6))
            if turn:  # the first turn loads templates and catalogues
                times.setdefault((page, language), []).append(taken)
    return times, sizes


def compared(medians: dict[tuple[str, str], float], language: str) -> dict[str, Any]:
    """The time of a language to that of English: over all pages, and of the slowest."""
    whole = sum(medians[page, language] for page in PAGES)
    english = sum(medians[page, BASELINE] for page in PAGES)
    ratios = [(round(medians[page, language] / medians[page, BASELINE], 2), page) for page in PAGES]
    return {"all": round(whole / english, 2), "slowest": max(ratios)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = str(Path(folder) / "data")
        apart(LONGEST_APART, make_site, data, {TOWN: False, DONE: True}, {})
        print(json.dumps(apart(LONGEST_APART, measure, data, chosen.rounds), indent=1))


if __name__ == "__main__":
    main()
