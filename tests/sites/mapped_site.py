"""Fill an installation for browser tests of the map; with ``again``, add votes for a newer map.

The tests run it as a separate process with MIDDLEGROUND_DATA set.
"""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from middleground.dialogues.models import Dialogue


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
    import django

    django.setup()
    from middleground.config import server
    from middleground.dialogues.maps import worker

    if sys.argv[1:] == ["again"]:
        vote_again()
        return
    server.prepare()
    fill()
    worker.close()


def fill() -> None:
    from middleground.dialogues.maps import publish
    from middleground.dialogues.models import Dialogue
    from middleground.dialogues.statements.topics import add_topics
    from support.camps import add_voters
    from support.cast import make_dialogue, make_staff

    staff = make_staff()
    for slug, state in (("town", "open"), ("done", "closed")):
        dialogue = make_dialogue(slug, statements=24, question="What should the town hall be?")
        add_topics(staff, dialogue, [("Rooms and stairs", range(1, 9)), ("Money", [8, 9, 12])])
        add_voters(dialogue, 60)
        publish.refresh_map(dialogue.pk)
        Dialogue.objects.filter(pk=dialogue.pk).update(state=state)
        publish.finalise(dialogue.pk)
    keep_document(Dialogue.objects.get(slug="town"))
    # Of the people that the first map needs all but one.
    add_voters(make_dialogue("fresh", statements=8, question="What is new?"), 4)


def keep_document(dialogue: Dialogue) -> None:
    """The newest map's document as the log would have it: statements have dated addresses."""
    from django.conf import settings

    from middleground.dialogues.results.open_data import map_document
    from middleground.dialogues.results.published import newest_map

    published = newest_map(dialogue)
    assert published is not None
    document = map_document(published)
    folder = settings.LEDGER / "documents"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / sha256(document).hexdigest()).write_bytes(document)
    dialogue.maps.filter(pk=published.pk).update(document_hash=sha256(document).hexdigest())


def vote_again() -> None:
    """Add votes past the running server, which makes the map of them."""
    from django.utils import timezone

    from middleground.dialogues.models import DailyCount, Dialogue
    from support.camps import add_voters

    dialogue = Dialogue.objects.get(slug="town")
    voters = len(add_voters(dialogue, 30, first=101))
    DailyCount.objects.create(
        dialogue=dialogue, day=timezone.localdate(), participants=voters, votes=24 * voters
    )


if __name__ == "__main__":
    main()
