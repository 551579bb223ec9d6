"""Fill an installation with one closed dialogue whose votes are in the public log and opened.

The tests run it as a separate process with MIDDLEGROUND_DATA and MIDDLEGROUND_ORIGIN set. It prints
one participant's phrase.
"""

from __future__ import annotations

import os
import sys

PARTICIPANTS = 24


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
    import django

    django.setup()
    from middleground.config import server
    from middleground.dialogues.maps import worker

    server.prepare()
    sys.stdout.write(fill())
    worker.close()


def fill() -> str:
    from middleground.dialogues.identity.tokens import phrase
    from middleground.publiclog.publisher import publish_log
    from support.cast import make_dialogue
    from support.logged import closed, crowd
    from support.serving.asgi_client import server

    vote_writer = server().vote_writer
    vote_writer.start()
    dialogue = make_dialogue("done", statements=3, question="What should the town hall be?")
    voters = crowd(dialogue, PARTICIPANTS)
    vote_writer.stop()
    publish_log()
    closed(dialogue)
    publish_log()
    return phrase(voters[0].token)


if __name__ == "__main__":
    main()
