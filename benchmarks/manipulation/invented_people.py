"""What a thousand invented participants cost who come openly: by work, and by waiting.

Usage: python benchmarks/manipulation/invented_people.py [PROOFS], else 40. Proofs of work are
solved as a forger would, with OpenSSL's PBKDF2 on one core; challenges and checks are the product's
own settings.
Waiting is the line's formula; the tests hold the line to it. Codes cost what the host makes.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from hashlib import pbkdf2_hmac
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

PEOPLE = 1_000
DOLLARS_A_CORE_HOUR = 0.05  # assumed: list prices of rented virtual cores, rounded up


def solve(parameters: dict[str, object]) -> int:
    """How many trials a solution takes."""
    nonce, salt = (bytes.fromhex(str(parameters[name])) for name in ("nonce", "salt"))
    prefix, cost = str(parameters["keyPrefix"]), int(str(parameters["cost"]))
    counter = 0
    while True:
        password = nonce + counter.to_bytes(4, "big")
        key = pbkdf2_hmac("sha256", password, salt, cost, int(str(parameters["keyLength"])))
        counter += 1
        if key.hex().startswith(prefix):
            return counter


def main() -> None:
    proofs = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with tempfile.TemporaryDirectory(prefix="middleground-invented-") as folder:
        os.environ["MIDDLEGROUND_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
        import django

        django.setup()
        from altcha import create_challenge

        from middleground.dialogues.identity.proof_of_work import ALGORITHM, COST, PREFIX
        from middleground.dialogues.participation.waiting_line import (
            SHORTEST_SECONDS,
            seconds_between,
        )

        trials, began = [], time.process_time()
        for _ in range(proofs):
            made = create_challenge(ALGORITHM, COST, key_prefix=PREFIX, hmac_secret=b"benchmark")
            trials.append(solve(made.to_dict()["parameters"]))
        one_trial = (time.process_time() - began) / sum(trials)
    # On average a solution takes 256 trials; the few that were solved differ by luck.
    work = PEOPLE * 16 ** len(PREFIX) * one_trial
    print(f"work: {proofs} proofs, {statistics.mean(trials):.0f} trials on average")
    print(f"work: {one_trial * 1000:.2f} ms a trial; {work:.0f} core seconds for {PEOPLE} people")
    print(f"work: {work / 3600 * DOLLARS_A_CORE_HOUR:.4f} dollars")
    for crowd in (1, 50, 250, PEOPLE):
        last = SHORTEST_SECONDS + sum(seconds_between(place) for place in range(1, crowd))
        print(f"waiting: the last of {crowd} is through after {last} s ({last / 3600:.1f} h)")


if __name__ == "__main__":
    main()
