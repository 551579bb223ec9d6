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
    from collections.abc import Callable

    from middleground.dialogues.models import Dialogue
    from support.serving.asgi_client import Voter

    Crowd = Callable[[Dialogue, int], list[Voter]]

PARTICIPANTS = 24


def main(statements: int = 3, crowd: Crowd | None = None) -> None:
    """``crowd``: who votes; if it is not given, that of ``support.logged``."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "middleground.config.settings"
    import django

    django.setup()
    from middleground.config import server
    from middleground.dialogues.maps import worker

    server.prepare()
    sys.stdout.write(fill(statements, crowd))
    worker.close()


def fill(statements: int, crowd: Crowd | None) -> str:
    from middleground.dialogues.identity.tokens import phrase
    from middleground.dialogues.participation.admission import confirm
    from middleground.publiclog.publisher import publish_log
    from support import logged
    from support.cast import make_dialogue
    from support.serving.asgi_client import server, vote

    vote_writer = server().vote_writer
    vote_writer.start()
    dialogue = make_dialogue(
        "done", statements=statements, question="What should the town hall be?"
    )
    voters = (crowd or logged.crowd)(dialogue, PARTICIPANTS)
    running = make_dialogue("running", statements=1)
    assert vote(voters[0], running.statements.get()).status == 200
    assert confirm(running, voters[0].token, "work")
    vote_writer.stop()
    publish_log()
    keep_receipt(dialogue, voters[0].token)
    logged.closed(dialogue)
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
