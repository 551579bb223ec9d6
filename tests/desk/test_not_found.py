"""Addresses of the desk that lead nowhere. Who meets which status is in ``tests/addresses``."""

import pytest
from django.test import Client

from support.cast import make_dialogue

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["", "edit/", "statements/", "moderation/", "preview/"])
def test_an_unknown_dialogue_is_not_found(address: str, desk: Client) -> None:
    assert desk.get(f"/desk/nowhere/{address}").status_code == 404


def test_huge_numbers_are_not_found(desk: Client) -> None:
    make_dialogue()
    huge = "9" * 40
    assert desk.get(f"/desk/harbour/moderation/{huge}/merge/").status_code == 404
    assert desk.post(f"/desk/harbour/statements/{huge}/remove/").status_code == 404
    assert desk.get(f"/desk/posts/{huge}/").status_code == 404
    assert desk.get(f"/desk/terms/{huge}/verify/").status_code == 404
