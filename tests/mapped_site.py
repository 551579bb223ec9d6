"""Fill an installation for browser tests of the map; with ``again``, publish a newer map.

Run by the tests as a process of its own, with MIDDLEGROUND_DATA set.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from middleground.dialogues import computing

    if sys.argv[1:] == ["again"]:
        publish_again()
    else:
        call_command("migrate", interactive=False, verbosity=0)
        fill()
    computing.close()


def fill() -> None:
    from cast import make_dialogue
    from dialogues.voting import add_voters
    from middleground.dialogues.actions import maps
    from middleground.dialogues.models import Dialogue

    for slug, state in (("town", "open"), ("done", "closed")):
        dialogue = make_dialogue(slug, statements=24, question="What should the town hall be?")
        add_voters(dialogue, 60)
        maps.refresh_map(dialogue.pk)
        Dialogue.objects.filter(pk=dialogue.pk).update(state=state)
        maps.finalise(dialogue.pk)
    make_dialogue("fresh", statements=8, question="What is new?")


def publish_again() -> None:
    from dialogues.voting import add_voters
    from middleground.dialogues.actions import maps
    from middleground.dialogues.models import Dialogue

    dialogue = Dialogue.objects.get(slug="town")
    add_voters(dialogue, 30, first=101)
    maps.refresh_map(dialogue.pk)


if __name__ == "__main__":
    main()
