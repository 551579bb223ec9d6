"""The recurring jobs of dialogues."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.core.jobs import every
from middleground.dialogues.lifecycle.preview_links import delete_ended_previews
from middleground.dialogues.maps.log_record import delete_leftover_votes
from middleground.dialogues.maps.schedule import MAKE_MAPS, make_due_maps
from middleground.dialogues.participation.hours import delete_old_hours
from middleground.dialogues.participation.set_aside_hours import forget_admissions, mark_known
from middleground.dialogues.participation.waiting_line import delete_old_places
from middleground.dialogues.privacy.retention import forget_destroyed_keys, keep_retention
from middleground.dialogues.results.preload import Preload
from middleground.dialogues.texts.similar import NewTexts
from middleground.dialogues.translations.machine.configured import translator_in_use
from middleground.dialogues.translations.machine.work import Rest, translate_some
from middleground.dialogues.voting import exposures
from middleground.dialogues.voting.dealing import statement_pools
from middleground.dialogues.voting.reading import mark_misleading, read_counts

CLOCK_SECONDS = 3.0

preload = Preload()
new_texts = NewTexts()
translator_rest = Rest()


@every(
    20.0,
    name="store how often statements were dealt",
    missing=_("After a start, statements are shown less evenly for a while."),
    at_start_and_stop=True,
    in_every_process=True,
)
def store_exposures() -> None:
    exposures.store_exposures(statement_pools)


@every(
    3_600.0,
    name="delete what interrupted publications left",
    missing=_("An interrupted map left a file of votes in the data folder."),
    at_start_and_stop=True,
)
def delete_leftovers() -> None:
    delete_leftover_votes()


@every(
    20.0,
    name="delete what is due",
    missing=_("Data that should be deleted by now still exists."),
    at_start_and_stop=True,
)
def delete_what_is_due() -> None:
    keep_retention(timezone.now())
    delete_old_places(timezone.now())
    delete_old_hours(timezone.now())
    delete_ended_previews(timezone.localdate())


@every(
    5.0,
    name="forget destroyed keys",
    missing=_("A destroyed key may still be in this process’s memory."),
    in_every_process=True,
)
def forget_keys() -> None:
    forget_destroyed_keys()


@every(
    5.0,
    name="mark the people of hours set aside",
    missing=_("People in hours set aside still see themselves counted as before."),
    in_every_process=True,
)
def mark_people() -> None:
    mark_known()
    forget_admissions(timezone.now())


@every(
    min(CLOCK_SECONDS, settings.MAP_SECONDS),
    name=MAKE_MAPS,
    missing=_("No map is updated and no final result is made. Votes are kept."),
    own_thread=True,
)
def make_maps() -> None:
    make_due_maps()


@every(
    5.0,
    name="renew the statement pools",
    missing=_("New statements are not shown to anybody yet. Removed ones may still be."),
    own_thread=True,
    at_start_and_stop=True,
    in_every_process=True,
)
def renew_statement_pools() -> None:
    statement_pools.renew(timezone.now())


@every(
    1.0,
    name="load the newest maps",
    missing=_("Pages with a new map may be slower."),
    own_thread=True,
    in_every_process=True,
)
def load_newest_maps() -> None:
    preload.load_newest_maps()


@every(
    3.0,
    name="compare new texts",
    missing=_("Moderators do not yet see which of the newest texts are like earlier ones."),
    own_thread=True,
)
def compare_new_texts() -> None:
    new_texts.compare()


@every(
    60.0,
    name="compare readers of translations",
    missing=_("Nobody is told of translations whose readers answer otherwise."),
    in_every_process=True,
)
def compare_readers() -> None:
    """Each process by itself, of what its own memory holds."""
    mark_misleading(read_counts)


@every(
    20.0,
    name="translate by the host's program",
    missing=_("Texts without a translation were not given to the program."),
    own_thread=True,
)
def translate_by_program() -> None:
    """Only where the host has plugged one in."""
    translator = translator_in_use()
    if translator is not None:
        translate_some(translator, translator_rest)
