"""Loads the newest maps into memory, so that no visitor waits while one is read and disclosed.

After a start nothing is in memory; on PostgreSQL, maps are published by one process and shown by
all; and a map is disclosed anew when statements change.
"""

from __future__ import annotations

import logging

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from middleground.core import changes
from middleground.core.jobs import part
from middleground.core.jobs.troubles import noted
from middleground.dialogues.models import Dialogue, StoredMap
from middleground.dialogues.results.published import KEPT_FACTS, newest_map

logger = logging.getLogger(__name__)

LOAD = part(
    "load a map",
    _("Loading the newest map"),
    _("The pages with this map may show an error. The map and all votes are kept."),
)
# Half of what is kept, so that older maps which visitors ask for keep their place.
MOST = KEPT_FACTS // 2
# What a map in memory is kept under comes from these.
_TABLES = frozenset({Dialogue._meta.db_table, StoredMap._meta.db_table})


class Preload:
    """Remembers for which state of the tables it has loaded the maps."""

    def __init__(self) -> None:
        self._version = -1

    def load_newest_maps(self) -> None:
        """Load the newest maps of public dialogues, the newest first; at once if nothing is new."""
        version = changes.version(_TABLES)
        if version == self._version:
            return
        self._version = version
        public = Dialogue.objects.exclude(state=Dialogue.State.DRAFT)
        newest = public.annotate(newest=Max("maps__made_at")).exclude(newest=None)
        for dialogue in newest.order_by("-newest")[:MOST]:
            try:
                with noted(LOAD.name, dialogue.pk):
                    newest_map(dialogue)
            except Exception:  # its pages tell of it; the others are loaded
                logger.exception("The map of the dialogue %s could not be loaded.", dialogue.slug)
