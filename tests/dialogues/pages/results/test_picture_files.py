"""Any picture on a public page is saved as SVG and PNG, the same for everybody."""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from dialogues.pages.results.test_map_page import page, with_map
from middleground.dialogues.maps import publish, worker
from middleground.dialogues.models import Participant, Statement, Vote
from middleground.dialogues.results import picture_files
from middleground.dialogues.results.picture_files import Busy, png_of
from middleground.pictures.files.png import NotDrawn
from support.camps import add_voters
from support.cast import carry, make_dialogue, make_participant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]

FILES = ("map/statements", "map/groups", "map/sure", "map/group-A", "s/1/rates", "s/1/votes")


@pytest.fixture(autouse=True, scope="module")
def _end_the_process() -> Iterator[None]:
    yield
    worker.close()


def words(client: Client, address: str) -> list[str]:
    root = ElementTree.fromstring(client.get(address).content)
    return [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is drawn as PNG, without drawing it."""
    svgs: list[str] = []

    def draw(svg: str, width: int, left_out: str) -> bytes:
        svgs.append(svg)
        return b"\x89PNG"

    monkeypatch.setattr(picture_files, "png", draw)
    return svgs


@pytest.mark.parametrize("file", FILES)
def test_a_file_tells_title_question_day_and_source(client: Client, file: str) -> None:
    with_map(simulated=True)
    found = words(client, f"/d/harbour/{file}.svg")
    assert "What should the harbour be?" in found
    assert "Example: all participants and votes are simulated." in found
    assert re.fullmatch(r"Port City · as of .+ 20\d\d", found[-3])
    place = "s/1/" if file.startswith("s/") else "map/"
    assert found[-2] == f"127.0.0.1:8000/d/harbour/{place}"
    assert found[-1] == "Data: CC BY 4.0. Made with middleground."
    assert (found[0] == "Statement number 1.") == file.startswith("s/")


def test_the_numbers_of_the_picture_of_statements_are_explained(client: Client) -> None:
    with_map()
    found = words(client, "/d/harbour/map/statements.svg")
    start = found.index("Circles, the middle ground: all agree, for sure")
    assert found[start + 1 : start + 4] == [
        "1. Statement number 1.",
        "Diamonds: the groups disagree, for sure",
        "1. Statement number 2.",
    ]


def test_only_what_is_simulated_is_marked_so(client: Client) -> None:
    with_map()
    assert [line for line in words(client, "/d/harbour/map/groups.svg") if "simul" in line] == []


@pytest.mark.parametrize("path", ["map/", "map/group/A/", "s/1/", "results/"])
def test_every_picture_of_a_page_leads_to_files_that_are_there(
    client: Client, path: str, drawn: list[str]
) -> None:
    dialogue = with_map(state="closed")
    dialogue.maps.update(final=True)
    html = page(client, f"/d/harbour/{path}")
    found = re.findall(r'href="([^"]+\.(?:svg|png))" download', html)
    drawn_there = html.count('<figure class="figure') + html.count('<li class="finding">')
    assert len(found) == 2 * drawn_there
    for address in set(found):
        answer = client.get(address)
        assert answer.status_code == 200, address
        name = address.removeprefix("/d/").replace("/", "-")
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["Cache-Control"] == "no-cache"


def test_a_map_of_one_tier_has_its_own_file_and_none_of_statements(
    client: Client,
) -> None:
    dialogue = make_dialogue(statements=8)
    add_voters(dialogue, 60)
    some = Participant.objects.order_by("pk").values("pk")[:30]
    Participant.objects.filter(pk__in=list(some.values_list("pk", flat=True))).update(
        tier="invited"
    )
    publish.refresh_map(dialogue.pk)
    html = page(client, "/d/harbour/map/tier/invited/")
    found = re.findall(r'href="([^"]+\.svg)" download', html)
    assert found == ["/d/harbour/map/tier-invited.svg"]
    whole = client.get("/d/harbour/map/groups.svg").content
    assert client.get(found[0]).status_code == 200
    assert client.get(found[0]).content != whole


def test_a_file_never_shows_where_somebody_is(client: Client) -> None:
    dialogue = with_map()
    everyones = client.get("/d/harbour/map/groups.svg").content
    token, participant = make_participant(dialogue)
    for statement in dialogue.statements.all():
        Vote.objects.create(participant=participant, statement=statement, value=1)
    carry(client, token)
    assert 'class="pic-pin"' in page(client)  # the control
    mine = client.get("/d/harbour/map/groups.svg")
    assert mine.content == everyones
    assert b"pic-pin" not in mine.content.partition(b"</style>")[2]


def test_what_is_not_public_has_no_file(client: Client, drawn: list[str]) -> None:
    dialogue = with_map()
    missing = ["map/nothing", "map/group-C", "map/group-", "map/tier-open", "s/9/votes", "s/1/x"]
    for each in missing:
        for ending in ("svg", "png"):
            assert client.get(f"/d/harbour/{each}.{ending}").status_code == 404, each
    assert client.get("/d/harbour/map/groups.png").status_code == 200  # the control
    dialogue.state = "draft"
    dialogue.save()
    for each in FILES:
        assert client.get(f"/d/harbour/{each}.svg").status_code == 404
        assert client.get(f"/d/harbour/{each}.png").status_code == 404


def test_a_removed_statement_is_not_in_its_file(client: Client) -> None:
    dialogue = with_map()
    assert "Statement number 1." in words(client, "/d/harbour/s/1/votes.svg")  # the control
    dialogue.statements.filter(number=1).update(
        status=Statement.Status.REJECTED, reviewed=True, reason="spam"
    )
    dialogue.revision += 1
    dialogue.save()
    assert b"Statement number 1." not in client.get("/d/harbour/s/1/votes.svg").content


def test_a_png_is_drawn_once_however_often_it_is_asked_for(
    client: Client, drawn: list[str]
) -> None:
    dialogue = with_map(question="Drawn once?")
    first = client.get("/d/harbour/map/groups.png")
    assert first["Content-Type"] == "image/png"
    for address in ("groups.png", "groups.png?x=1", "groups.png?x=2"):
        assert client.get(f"/d/harbour/map/{address}").content == first.content
    again = client.get("/d/harbour/map/groups.png", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert len(drawn) == 1
    dialogue.question = "What else?"
    dialogue.save()
    assert client.get("/d/harbour/map/groups.png")["ETag"] != first["ETag"]
    assert len(drawn) == 2


def test_many_who_ask_at_once_do_not_draw_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One is drawn and one waits; whoever comes then is told to ask again."""
    begun, go_on = threading.Semaphore(0), threading.Event()
    at_work: list[str] = []

    def draw(svg: str, width: int, left_out: str) -> bytes:
        at_work.append(svg)
        begun.release()
        assert go_on.wait(20)
        at_work.remove(svg)
        return svg.encode()

    monkeypatch.setattr(picture_files, "png", draw)
    drawn: dict[str, bytes] = {}
    asking = [
        threading.Thread(target=lambda svg=svg: drawn.update({svg: png_of(svg)}))
        for svg in ("busy 1", "busy 2")
    ]
    asking[0].start()
    assert begun.acquire(timeout=20)
    asking[1].start()
    while picture_files.PLACES.acquire(blocking=False):  # until the second waits
        picture_files.PLACES.release()
    for svg in ("busy 3", "busy 1", "busy 2"):  # also those that are being drawn or wait
        with pytest.raises(Busy):
            png_of(svg)
    assert at_work == ["busy 1"]
    go_on.set()
    for each in asking:
        each.join()
    assert drawn == {"busy 1": b"busy 1", "busy 2": b"busy 2"}
    assert png_of("busy 3") == b"busy 3"


def test_what_was_drawn_is_given_while_others_are_drawn(drawn: list[str]) -> None:
    png_of("kept before")
    with contextlib.ExitStack() as stack:
        for _ in range(picture_files.DRAWN_OR_WAITING):
            stack.enter_context(picture_files.PLACES)
        with pytest.raises(Busy):  # the control
            png_of("not kept")
        assert png_of("kept before") == b"\x89PNG"


def test_a_picture_that_failed_is_tried_again_after_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried, now = [], [1_000.0]

    def draw(svg: str, width: int, left_out: str) -> bytes:
        tried.append(svg)
        raise NotDrawn

    monkeypatch.setattr(picture_files, "png", draw)
    monkeypatch.setattr(picture_files, "monotonic", lambda: now[0])
    asked = [("fails", 0), ("fails", 59), ("fails too", 59), ("fails", 61)]
    for svg, later in asked:
        now[0] = 1_000.0 + later
        with pytest.raises(NotDrawn):
            png_of(svg)
    assert tried == ["fails", "fails too", "fails"]


@pytest.mark.parametrize("trouble", [Busy, NotDrawn])
def test_a_picture_that_cannot_be_drawn_now_says_what_to_do(
    client: Client, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    with_map(question=f"Not now: {trouble.__name__}?")

    def draw(*_: Any) -> bytes:
        raise trouble

    monkeypatch.setattr(picture_files, "png", draw)
    answer = client.get("/d/harbour/map/groups.png")
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "save it as SVG" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_who_has_the_picture_is_answered_without_reading_anything(
    client: Client, drawn: list[str], django_assert_num_queries: Any
) -> None:
    dialogue = with_map(question="Known by its tag?")
    for address in ("/d/harbour/map/groups.png", "/d/harbour/preview.png"):
        first = client.get(address)
        has = {"If-None-Match": first["ETag"]}
        with django_assert_num_queries(0):
            assert client.get(address, headers=has).status_code == 304
            assert client.get(address).content == first.content
        dialogue.question += "?"
        dialogue.save()
        changed = client.get(address, headers=has)
        assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)
    dialogue.state = "draft"
    dialogue.save()
    for address in ("/d/harbour/map/groups.png", "/d/harbour/preview.png"):
        assert client.get(address).status_code == 404


def test_a_png_is_in_english_where_the_server_has_no_font_for_the_language(
    client: Client, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture whose labels are all missing says less. The SVG stays in the reader's language."""
    with_map()
    looked: list[str] = []

    def missing(words: str) -> frozenset[str]:
        looked.append(words)
        return frozenset(letter for letter in words if "\u4e00" <= letter <= "\u9fff")

    monkeypatch.setattr(picture_files, "missing_letters", missing)
    picture_files.has_a_font.cache_clear()
    tags = [
        client.get(f"/{code}/d/harbour/map/statements.png")["ETag"]
        for code in ("en", "zh-hans", "zh-hans", "es")
    ]
    picture_files.has_a_font.cache_clear()
    assert len(looked) == 2  # once for each language but the first
    assert tags[0] == tags[1] == tags[2] != tags[3]
    assert not any(re.search("[\u4e00-\u9fff]", svg) for svg in drawn)
    svg = client.get("/zh-hans/d/harbour/map/statements.svg").content.decode()
    assert "Both groups agree" not in svg
    assert re.search("[\u4e00-\u9fff]", svg)
