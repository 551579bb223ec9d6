"""Posters, cards and half pages: the code opens the link, and all words can be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
import zxingcpp

from middleground.core.look.colours import contrast
from middleground.paper.printing import (
    LogoNotRead,
    MissingFont,
    Poster,
    fonts,
    print_cards,
    print_half_page,
    print_poster,
)
from middleground.paper.printing.posters import ink_on
from paper.samples import ANSWERS, in_language
from paper.seen import pages_of, text_of

POSTER = Poster(
    language="en",
    direction="ltr",
    paper="letter",
    title="Have your say",
    question="How should our city work with federal immigration enforcement?",
    call="Vote on what others say, and say what you think. No account, no name.",
    link="https://dialogue.example/c/library-3",
    address="dialogue.example/c/library-3",
    hosted_by="Hosted by City of Harbor",
    notice="Example: all participants are simulated.",
)
KINDS: dict[str, tuple[Callable[[Poster], bytes], int]] = {
    "poster": (print_poster, 1),
    "cards": (print_cards, 8),
    "half page": (print_half_page, 1),
}
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">'
    b'<rect width="120" height="40" fill="#00aa00"/></svg>'
)
GREEN = (0, 170, 0)


def colours(pdf: bytes) -> np.ndarray:
    """The first page at 72 dpi, blue, green and red."""
    with pypdfium2.PdfDocument(pdf) as document:
        return np.asarray(document[0].render(scale=1).to_numpy())[:, :, :3]


def plain(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize("kind", KINDS)
def test_codes_open_the_link_and_words_stand_beside(kind: str) -> None:
    printed, times = KINDS[kind]
    pdf = printed(POSTER)
    (picture,) = pages_of(pdf, 300)
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    assert [code.text for code in found] == [POSTER.link] * times
    (text,) = text_of(pdf)
    for words in ("title", "question", "call", "address", "hosted_by", "notice"):
        assert plain(text).count(plain(getattr(POSTER, words))) == times, words


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ANSWERS)
def test_every_language(kind: str, language: str) -> None:
    form = in_language(language)
    poster = replace(
        POSTER,
        language=language,
        direction=form.direction,
        paper="a4",
        question=form.question,
        call=form.statements[1].text,
    )
    printed, times = KINDS[kind]
    (picture,) = pages_of(printed(poster), 300)
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    assert len(found) == times
    if kind != "cards":
        middle = picture.shape[1] / 2
        assert (found[0].position.top_left.x < middle) is (form.direction == "rtl")


@pytest.mark.parametrize("kind", KINDS)
def test_long_words_stay_inside(kind: str) -> None:
    long = replace(
        POSTER, question="W" * 200, call="m" * 300, address="a" * 80, hosted_by="x" * 120, notice=""
    )
    printed, times = KINDS[kind]
    pdf = printed(long)
    (picture,) = pages_of(pdf)
    margin = 6 if kind == "half page" else 20  # pixels; around a half page stands a line
    inside = picture.shape[1] - margin
    assert not (picture[40:-40, inside + (0 if kind != "half page" else 2) : -8] < 128).any()
    assert plain(text_of(pdf)[0]).count("W") == 200 * times


@pytest.mark.parametrize("ground", ["#4a4a8f", "#ffe600", "#777777", "#ffffff", "#c2410c"])
def test_words_on_the_accent_can_be_read(ground: str) -> None:
    assert contrast(ground, ink_on(ground)) >= 4.5
    page = colours(print_poster(replace(POSTER, accent=ground)))
    wanted = [int(ground[at : at + 2], 16) for at in (5, 3, 1)]
    assert (np.abs(page[60, 60].astype(int) - wanted) <= 1).all()


def test_on_every_colour_white_or_black_can_be_read() -> None:
    steps = range(0, 256, 17)
    grounds = [f"#{r:02x}{g:02x}{b:02x}" for r in steps for g in steps for b in steps]
    assert min(contrast(ground, ink_on(ground)) for ground in grounds) >= 4.5


def png_of_green() -> bytes:
    done, data = cv2.imencode(".png", np.full((40, 120, 3), GREEN, np.uint8))
    assert done
    return data.tobytes()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("logo", [LOGO, png_of_green()], ids=["svg", "png"])
def test_the_logo_is_shown(kind: str, logo: bytes) -> None:
    printed, _ = KINDS[kind]

    def green(pdf: bytes) -> int:
        return int((np.abs(colours(pdf).astype(int) - GREEN) <= 2).all(axis=2).sum())

    assert green(printed(POSTER)) == 0
    assert green(printed(replace(POSTER, logo=logo))) > 1000


def test_a_logo_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(png_of_green())
    head = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">'
    linked = head + f'<image width="120" height="40" href="{secret}"/></svg>'.encode()
    with pytest.raises(LogoNotRead, match="absolute paths are not allowed"):
        print_poster(replace(POSTER, logo=linked))
    beyond = linked.replace(str(secret).encode(), b"../../../../../../etc/hostname")
    with pytest.raises(LogoNotRead):
        print_poster(replace(POSTER, logo=beyond))


def test_a_logo_that_is_no_picture_is_refused() -> None:
    with pytest.raises(LogoNotRead):
        print_poster(replace(POSTER, logo=b"no picture"))


def test_markup_is_words_and_the_same_poster_is_the_same_bytes() -> None:
    poster = replace(POSTER, question="#panic() *x* $y$", call='#read("/etc/passwd")')
    pdf = print_poster(poster)
    assert "#panic()*x*$y$" in plain(text_of(pdf)[0])
    assert '#read("/etc/passwd")' in plain(text_of(pdf)[0])
    assert pdf == print_poster(poster)


def test_no_boxes_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_in_order", lambda: fonts_of_latin())
    with pytest.raises(MissingFont, match="fonts-noto-cjk"):
        print_poster(replace(POSTER, question="市"))


def fonts_of_latin() -> list[tuple[str, int]]:
    return [
        (font.path, font.index)
        for font in fonts.installed().fonts()
        if font.path and font.family == "Noto Sans"
    ]
