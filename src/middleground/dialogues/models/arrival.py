"""How participants come in without a code: the line in which they wait."""

from __future__ import annotations

from django.db import models


class WaitingPlace(models.Model):
    """A place in the installation's one waiting line, until it is used or an hour after its turn.

    ``mark`` is a keyed hash of the participant's token under the dialogue's key, so that reloading
    the page takes no second place. ``turn`` is in seconds since 1970.
    """

    mark = models.CharField(max_length=32, primary_key=True)
    turn = models.PositiveBigIntegerField(db_index=True)

    def __str__(self) -> str:
        return "place"
