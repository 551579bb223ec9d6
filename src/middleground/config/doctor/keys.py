"""The doctor's checks of the keys: who can read them, and whether they are the right ones."""

from __future__ import annotations

import stat
from pathlib import Path

from django.conf import settings

from middleground.config import environment
from middleground.config.doctor.messages import Messages, advice, error, well

SUBJECT = "Keys"


def check_keys(keys: Path, data: Path) -> Messages:
    """Check that only the owner can read the keys and that no backup of votes holds them."""
    if not keys.is_dir():
        yield advice(27, SUBJECT, f"{keys} does not exist.", "The first start makes it.")
        return
    for path in (keys, *sorted(keys.iterdir())):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            message = f"Others on this machine may open {path}."
            wanted = "700" if path == keys else "600"
            yield error(28, SUBJECT, message, f"Run: chmod {wanted} '{path}'")
            return
    if keys.is_relative_to(data):
        message = (
            "They lie inside the data folder. Whoever gets a backup of it could link cookies to "
            "votes."
        )
        hint = f"Leave {keys} out of backups of the data, or set {environment.KEYS.name}."
        yield advice(29, SUBJECT, message, hint)
        return
    yield well(30, SUBJECT, f"{keys}, readable by their owner only.")


def check_dialogue_keys() -> Messages:
    """Check that each dialogue's key is the one that it began with. Needs an open database."""
    from middleground.dialogues.identity.keys import is_key_at_hand
    from middleground.dialogues.models import Dialogue

    kept = Dialogue.objects.filter(key_destroyed_on=None, imported=False)
    for dialogue in kept.order_by("pk"):
        if not is_key_at_hand(dialogue):
            file = Path(settings.KEYS) / f"dialogue-{dialogue.pk}.key"
            what = "is not the one that it began with" if file.is_file() else "is missing"
            message = f"The key of the dialogue “{dialogue.slug}” {what}: nobody can take part."
            hint = f"Put {file} back from the backup of the keys. It is never made anew."
            yield error(63, SUBJECT, message, hint)


def check_notices_key() -> Messages:
    """Check that the addresses of followers can be read. Needs an open database."""
    from middleground.notices.addresses import NoKey, check_key

    try:
        check_key()
    except NoKey as missing:
        message = f"{missing}: nobody who follows a case by e-mail can be told anything."
        hint = (
            "Put it back from the backup of the keys. If it is lost, the addresses are, too: switch"
            " e-mail off for each dialogue at its desk page, which deletes them, and on again."
        )
        yield error(90, SUBJECT, message, hint)
