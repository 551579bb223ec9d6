"""What a large group gains in the order of comments, against plain popularity.

    python benchmarks/manipulation/comment_order.py

All people here are simulated: a large and a small opinion group, each with twenty favourites that
the other turns down, and twenty comments that both like somewhat. How much of the small group likes
what stands at the top, in our order and by popularity, on the same reactions.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "middleground.config.settings")

import django

django.setup()  # before the models are imported

from middleground.threads.reactions.order import ranks_of  # noqa: E402
from threads.crowd import BOTH, LARGE, LIKED, Crowd, make_crowd_of_readers  # noqa: E402

SEEDS, PLACES, MINIMUM = 20, 10, 5


def liked_by_the_small(crowd: Crowd, order: list[int]) -> float:
    return mean(LIKED[kind][1] for kind in crowd.kinds_at_the_top(order, PLACES))


def main() -> None:
    print(
        "simulated people | large group | our top ten | by popularity | liked by the small: ratio"
    )
    for people in (200, 1_000, 4_000):
        for large in (0.6, 0.8, 0.95):
            crowds = [
                make_crowd_of_readers(people, large, seed=seed, storm=False)
                for seed in range(SEEDS if people < 4_000 else 3)
            ]
            ours, popular, ratios = [], [], []
            for crowd in crowds:
                ranks = ranks_of(crowd.reactions, crowd.members, MINIMUM)
                by_lot = [comment for comment in crowd.kinds if comment not in ranks]
                order = [*sorted(ranks, key=lambda comment: ranks[comment]), *by_lot]
                plain = crowd.by_popularity()
                ours.append(crowd.kinds_at_the_top(order, PLACES).count(BOTH))
                popular.append(crowd.kinds_at_the_top(plain, PLACES).count(LARGE))
                ratios.append(liked_by_the_small(crowd, order) / liked_by_the_small(crowd, plain))
            print(
                f"{people:,} | {large:.0%} | {mean(ours):.1f} of 10 both like |"
                f" {mean(popular):.1f} of 10 the large group's | {mean(ratios):.1f}"
            )


if __name__ == "__main__":
    main()
