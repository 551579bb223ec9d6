"""The doctor's checks of what needs Django: database, static files, public log, staff."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import NotSupportedError
from django.utils import timezone

from middleground.config import environment
from middleground.config.doctor.folders import check_copies
from middleground.config.doctor.keys import check_dialogue_keys, check_notices_key
from middleground.config.doctor.ledger import check_ends, check_log, check_sealed_votes
from middleground.config.doctor.messages import Messages, advice, critical, error, stops, well
from middleground.config.doctor.postgres import check_postgres
from middleground.config.doctor.sqlite import check_sqlite
from middleground.config.environment import has_used_keys
from middleground.config.health.damage import WHAT_TO_DO, damage_of
from middleground.core.jobs.troubles import reports
from middleground.core.page.errors.site_address import told_other_address
from middleground.core.processes.versions import NewerDatabase, refuse_newer_database

SUBJECT = "Database"
LOST = (
    "The keys of one are there: put it back (“Backups” in docs/hosting.md), or set the right"
    f" {environment.DATA.name}."
)
START = "Start the server once; it does this by itself."


def check_installation() -> Messages:
    """Check the database and, if it can be read, all that is found with its help."""
    for found in check_connection():
        yield found
        if stops(found):
            return
    yield from check_sqlite() if connection.vendor == "sqlite" else check_postgres()
    yield from check_dialogue_keys()
    yield from check_notices_key()
    yield from check_static_files()
    yield from check_other_address()
    yield from check_jobs()
    yield from check_log()
    yield from check_ends(timezone.now())
    yield from check_sealed_votes()
    yield from check_copies()
    yield from check_source_looks()
    yield from check_translator()
    yield from check_staff()
    yield from check_sign_in_services()


def check_connection() -> Messages:
    """Check that the database exists, answers and has all migrations."""
    if connection.vendor == "sqlite":
        file = Path(str(settings.DATABASES["default"]["NAME"]))
        if not file.exists():
            used = has_used_keys(Path(settings.KEYS))
            yield critical(40, SUBJECT, f"There is no {file} yet.", LOST if used else START)
            return
        if damage := _damage(file):
            yield critical(80, SUBJECT, f"It is damaged: {damage}.", WHAT_TO_DO)
            return
    try:
        connection.ensure_connection()
        refuse_newer_database()
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, NotSupportedError) as trouble:
        yield critical(41, SUBJECT, f"It does not answer: {trouble}".strip())
        return
    except NewerDatabase as newer:
        yield critical(65, SUBJECT, str(newer))
        return
    if waiting:
        yield critical(42, SUBJECT, f"{len(waiting)} migrations are not applied.", START)
        return
    yield well(43, SUBJECT, f"{connection.display_name}, up to date.")


def _damage(file: Path) -> str:
    try:
        return damage_of(file)
    except (OSError, sqlite3.OperationalError):
        return ""  # it does not answer, which is said next


def check_static_files() -> Messages:
    subject = "Static files"
    if (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        yield well(51, subject, "Collected.")
    else:
        yield error(50, subject, "They are not collected.", START)


def check_other_address() -> Messages:
    """Check that no visitors come by an address that the settings do not name."""
    if found := told_other_address():
        message = f"Visitors came to {found.seen} {found.times} times and were refused: the setting"
        message += f" says {settings.ORIGIN}."
        yield error(102, environment.ORIGIN.name, message, found.advice)


def check_jobs() -> Messages:
    """Check that no background job of the server fails."""
    subject = "Background jobs"
    found = reports()
    for each in found:
        row = each.trouble
        since = f"{timezone.localtime(row.since):%Y-%m-%d %H:%M}"
        times = "once, at" if row.times == 1 else f"{row.times} times since"
        where = f" of dialogue {row.about}" if row.about else ""
        message = f"{each.title}{where} failed {times} {since}: {row.get_cause_display()}."
        yield error(100, subject, f"{message} {each.missing}", each.to_do)
    if not found:
        yield well(101, subject, "None fails, as far as the server has noted.")


def check_staff() -> Messages:
    """Check that a facilitator exists and that all staff have a second factor."""
    from allauth.mfa.models import Authenticator

    from middleground.people.models import User

    subject = "Staff"
    active = User.objects.filter(is_active=True)
    facilitators = active.filter(role=User.Role.FACILITATOR).count()
    if not facilitators:
        yield error(58, subject, "Nobody may make dialogues.", "Run: middleground create-admin")
        return
    protected = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    bare = active.exclude(pk__in=protected.values("user")).count()
    if bare:
        message = f"{bare} of {active.count()} sign in with a password alone."
        hint = "Let them add a passkey or an authenticator app, under Account on the desk."
        yield error(59, subject, message, hint)
        return
    yield well(60, subject, f"{active.count()}, each with a second factor.")


def check_sign_in_services() -> Messages:
    """Check that the bodies exist whose officials the sign-in services verify."""
    from middleground.people.models import Body

    name = environment.OPENID.name
    there = set(Body.objects.filter(ended_on=None).values_list("slug", flat=True))
    for service in settings.OPENID_SERVICES:
        if missing := sorted(service.bodies - there):
            message = f"“{service.id}” names bodies that do not exist: {', '.join(missing)}."
            hint = "Each is the end of an address on /bodies/. A merged body has the other's."
            yield advice(86, name, message, hint)
        else:
            yield well(87, name, f"“{service.name}” verifies officials of {len(service.bodies)}.")


def check_translator() -> Messages:
    """Check, if the host has plugged in a translator, whether it translates a word."""
    from middleground.dialogues.translations.machine import configured, translator

    name = environment.TRANSLATOR.name
    try:
        found = configured.read_translator(settings.TRANSLATOR, settings.TRANSLATOR_TOKEN)
    except configured.BadTranslator as trouble:
        yield error(105, name, str(trouble), "See docs/languages.md. People translate so far.")
        return
    if found is None:
        return
    try:
        found.translate(["Yes"], "en", "es")
    except translator.TranslatorFailed as failed:
        message = f"It does not translate “Yes” from English into Spanish: {failed.code}."
        yield error(107, name, message, "See docs/languages.md. People translate so far.")
        return
    yield well(106, name, "It translates.")


def check_source_looks() -> Messages:
    """Check, if the host lets the server look at addresses of sources, whether it reaches any."""
    from middleground.evidence.addresses.rounds import asking_for_host, reach_out

    if not settings.LOOK_AT_SOURCES:
        return
    name = environment.SOURCE_LOOKS.name
    asked, heard = reach_out(asking_for_host(), timezone.now())
    if asked and not heard:
        hint = (
            "Open ports 80 and 443 to the outside, or set it to 0. Pages say “not checked” so far."
        )
        yield error(94, name, f"It is 1, and none of {asked} hosts of sources answers.", hint)
        return
    yield well(95, name, "Hosts of sources answer." if heard else "No source has an address yet.")
