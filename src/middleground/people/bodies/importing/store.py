"""Storing the bodies, posts and terms of a file: all of it in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction

from middleground.people.bodies.importing.files.entries import BodyFile
from middleground.people.bodies.importing.listed import ListedBodies, ListedPosts, ListedTerms
from middleground.people.bodies.importing.outcome import BodiesNotImported, ImportOutcome, Storing
from middleground.people.bodies.importing.store_bodies import BodiesOfFile
from middleground.people.bodies.importing.store_posts import PostsOfFile
from middleground.people.bodies.importing.store_terms import TermsOfFile

_STEPS_A_REPORT = 500


def import_bodies(
    file: BodyFile,
    *,
    accounts: bool = False,
    strict: bool = False,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportOutcome:
    """Bring the list up to what the file says. Nothing is deleted that the file does not name.

    With ``dry_run`` all is done and taken back, so it tells exactly what an import would do.
    Raises ``BodiesNotImported`` if ``strict`` and any entry is bad.
    """
    outcome = ImportOutcome(list(file.troubles), list(file.notes))
    job = Storing(file, outcome, _counted(file, progress))
    job.told.update(trouble.place.number for trouble in file.troubles)
    try:
        with transaction.atomic():
            _store(job, accounts=accounts)
            outcome.troubles.sort(key=lambda trouble: trouble.place)
            if strict and outcome.troubles:
                count = len(outcome.troubles)
                raise BodiesNotImported(f"{count} entries are bad (--strict).", outcome.troubles)
            if dry_run:
                transaction.set_rollback(True)
    except IntegrityError:
        raise BodiesNotImported("The list was changed meanwhile. Import again.", []) from None
    return outcome


def _store(job: Storing, *, accounts: bool) -> None:
    listed_bodies = ListedBodies()
    bodies = BodiesOfFile(job, listed_bodies)
    bodies.store()
    listed_posts = ListedPosts(listed_bodies)
    posts = PostsOfFile(job, listed_posts)
    posts.store()
    TermsOfFile(
        job, ListedTerms(listed_posts, with_accounts=accounts), with_accounts=accounts
    ).store()
    posts.end()
    bodies.abolish()
    _note(job, accounts=accounts)


def _note(job: Storing, *, accounts: bool) -> None:
    notes = job.outcome.notes
    if job.later:
        notes.append(
            f"{job.later} bodies or posts end on a day to come. Import again on that day or later."
        )
    addresses = {entry.email for entry in job.file.terms if entry.email}
    if addresses and not accounts:
        notes.append(
            f"{len(addresses)} e-mail addresses were not stored: no account is made without"
            " --accounts."
        )
    if job.outcome.counts["new terms"]:
        notes.append("No imported term is verified: staff do that at the desk, one by one.")
    if job.outcome.counts["new accounts"]:
        notes.append("The new accounts have no password: staff give them one at the desk.")


def _counted(file: BodyFile, progress: Callable[[int, int], None] | None) -> Callable[[], None]:
    total = len(file.bodies) + len(file.posts) + len(file.terms)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None and (done % _STEPS_A_REPORT == 0 or done == total):
            progress(done, total)

    return step
