"""Fill an installation with one closed dialogue whose sums are in the public log.

The tests run it as a separate process with MIDDLEGROUND_DATA and MIDDLEGROUND_ORIGIN set. It prints
one participant's phrase, and keeps their receipt of before the close as ``receipt.txt`` in the data
folder.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from middleground.dialogues.models import Dialogue

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
    from middleground.dialogues.participation.admission import confirm
    from middleground.publiclog.publisher import publish_log
    from support.cast import make_dialogue
    from support.logged import closed, crowd
    from support.serving.asgi_client import server, vote

    vote_writer = server().vote_writer
    vote_writer.start()
    dialogue = make_dialogue("done", statements=3, question="What should the town hall be?")
    voters = crowd(dialogue, PARTICIPANTS)
    running = make_dialogue("running", statements=1)
    assert vote(voters[0], running.statements.get()).status == 200
    assert confirm(running, voters[0].token, "work")
    vote_writer.stop()
    publish_log()
    keep_receipt(dialogue, voters[0].token)
    closed(dialogue)
    publish_log()
    return phrase(voters[0].token)


def keep_receipt(dialogue: Dialogue, token: bytes) -> None:
    from middleground.dialogues.sealing.receipts import own_vote, receipt_for

    own = own_vote(dialogue, token, dialogue.statements.get(number=1))
    receipt = receipt_for(own) if own else None
    assert receipt
    (Path(os.environ["MIDDLEGROUND_DATA"]) / "receipt.txt").write_bytes(receipt)


if __name__ == "__main__":
    main()
