"""Stores what became of the example's statements, with the verbs that staff and officials use."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from middleground.answers.checks.rounds import keep_checks
from middleground.answers.models import Case
from middleground.cli.example.bodies import example_cast
from middleground.cli.example.cases import store_answers
from middleground.cli.example.evidence import store_evidence
from middleground.cli.example.threads import store_threads, store_words_of_posts
from middleground.cli.example.translations import store_translations
from middleground.core import dates
from middleground.demo import LIBRARY, LOS_ANGELES
from middleground.demo.answered import (
    LIBRARY_ANSWERS,
    LOS_ANGELES_ANSWERS,
    LOS_ANGELES_EVIDENCE,
    LOS_ANGELES_THREADS,
)
from middleground.dialogues.models import Dialogue
from middleground.people.models import User

__all__ = ["store_what_became_of_it"]


@transaction.atomic
def store_what_became_of_it(staff: User, today: date) -> None:
    """Store bodies, cases, commitments, sources and comments, unless they are there already."""
    los_angeles = Dialogue.objects.get(slug=LOS_ANGELES.slug)
    library = Dialogue.objects.get(slug=LIBRARY.slug)
    if Case.objects.filter(dialogue__in=(los_angeles, library)).exists():
        return
    store_translations(staff, los_angeles)
    cast = example_cast(staff, today)
    store_threads(los_angeles, LOS_ANGELES, LOS_ANGELES_THREADS, today)
    store_evidence(staff, los_angeles, LOS_ANGELES, LOS_ANGELES_EVIDENCE, today)
    store_answers(cast, library, LIBRARY, LIBRARY_ANSWERS, today)
    store_answers(cast, los_angeles, LOS_ANGELES, LOS_ANGELES_ANSWERS, today)
    store_words_of_posts(cast, los_angeles, LOS_ANGELES, LOS_ANGELES_THREADS, today)
    with dates.entering(today):
        keep_checks()
