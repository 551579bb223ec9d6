"""The two nonces from which a vote's tag follows: one of the device, one of the server."""

from __future__ import annotations

import pytest

from middleground.dialogues.models import VoteSeal
from support.cast import make_dialogue
from support.serving.asgi_client import vote, voter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("vote_writer")]


def nonces() -> list[tuple[bytes, bytes]]:
    rows = VoteSeal.objects.values_list("client_nonce", "server_nonce")
    return [(bytes(client), bytes(server)) for client, server in rows]


def test_without_javascript_the_server_makes_both_nonces_at_random() -> None:
    statement = make_dialogue(statements=1).statements.get()
    for _ in range(5):
        vote(voter(), statement)
    found = [nonce for pair in nonces() for nonce in pair]
    assert len(set(found)) == 10
    assert {len(nonce) for nonce in found} == {16}
    assert bytes(16) not in found


def test_the_nonce_of_a_device_is_kept_beside_one_of_the_server() -> None:
    """Also where a device sends the same nonce again: the server's differs each time."""
    dialogue, me = make_dialogue(statements=3), voter()
    sent = "00112233445566778899aabbccddeeff"
    for statement in dialogue.statements.all():
        assert vote(me, statement, nonce=sent).status == 200
    clients, servers = zip(*nonces(), strict=True)
    assert set(clients) == {bytes.fromhex(sent)}
    assert len(set(servers)) == 3
    assert set(servers).isdisjoint(clients)
