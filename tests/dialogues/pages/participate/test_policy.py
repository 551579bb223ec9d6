"""What is not shown stands where people write: in the host's words, or the reasons of all hosts."""

from __future__ import annotations

import pytest
from django.test import Client

from middleground.dialogues.models import Dialogue, Statement
from support.cast import make_dialogue
from support.reading import words

pytestmark = pytest.mark.django_db

WRITE = ("/d/harbour/write/", "/d/harbour/s/1/comment/")
OWN = "No jokes about ships."
DEFAULT = "No opinion is a reason to hide a text. A text is not shown if it:"


@pytest.fixture
def harbour() -> Dialogue:
    return make_dialogue(takes_comments=True, votes_before_commenting=0)


@pytest.mark.parametrize("path", WRITE)
@pytest.mark.usefixtures("harbour")
def test_without_words_of_the_host_the_reasons_stand_where_people_write(
    client: Client, path: str
) -> None:
    page = words(client, path)
    reasons = " ".join(map(str, Statement.Reason.labels))
    assert f"{DEFAULT} {reasons} You learn the reason" in page


@pytest.mark.parametrize("path", [*WRITE, "/d/harbour/moderation/"])
@pytest.mark.usefixtures("harbour")
def test_the_hosts_words_stand_there_instead(client: Client, path: str) -> None:
    Dialogue.objects.update(moderation_policy="No *jokes* about ships. <script>")
    page = client.get(path).content.decode()
    assert "No <em>jokes</em> about ships." in page
    assert "<script>" not in page.split("<main")[1].split("</main>")[0]
    assert DEFAULT not in page
