"""Organizations that bring people to a dialogue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from middleground.dialogues.models import Dialogue

LONGEST_NAME = 80


class Partner(models.Model):
    """An organization with a page of its own and no account.

    ``token``: the hash of the secret in its page's address; empty once the page is closed.
    ``consented``: whether they ticked, on that page, that they may be named exactly as ``name``.
    """

    dialogue = models.ForeignKey(Dialogue, models.CASCADE, related_name="partners")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=LONGEST_NAME)
    token = models.CharField(max_length=64, blank=True)
    consented = models.BooleanField(default=False)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["dialogue", "number"], name="partner_once"),
            models.UniqueConstraint(
                fields=["token"], condition=~Q(token=""), name="page_of_one_partner"
            ),
            models.CheckConstraint(
                condition=Q(consented=False) | ~Q(token=""), name="named_while_it_has_a_page"
            ),
        )

    def __str__(self) -> str:
        return self.name
