"""Nothing is printed as empty boxes: what is missing is named before."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest

from middleground.core.languages.offered import LANGUAGES
from middleground.paper.printing import MissingFont, fonts, lay_out, missing_font
from middleground.paper.printing.fonts import families, missing_letters
from middleground.paper.printing.words import printable
from paper.samples import a_form

NOTO_SANS = str(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf")


@pytest.fixture
def only_noto_sans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_in_order", lambda: [(NOTO_SANS, 0)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_this_machine_can_print_every_language(language: str) -> None:
    assert missing_font(language) is None


@pytest.mark.usefixtures("only_noto_sans")
def test_the_package_that_is_missing_is_named() -> None:
    assert {language: missing_font(language) for language in LANGUAGES} == {
        "en": None,
        "es": None,
        "zh-hans": "fonts-noto-cjk",
        "ko": "fonts-noto-cjk",
        "tl": None,
        "vi": None,
        "hy": "fonts-noto-core",
        "fa": "fonts-noto-core",
        "ar": "fonts-noto-core",
    }


@pytest.mark.usefixtures("only_noto_sans")
@pytest.mark.parametrize(
    ("text", "letters", "package"),
    [
        ("Да 市", "市", "fonts-noto-cjk"),
        ("Այո", "Այո", "fonts-noto-core"),
        ("a" * 8 + "市", "市", "fonts-noto-cjk"),
    ],
)
def test_it_is_refused_to_print_boxes(text: str, letters: str, package: str) -> None:
    with pytest.raises(MissingFont, match=f"apt-get install {package}") as refused:
        lay_out(a_form((text,)))
    found = refused.value
    assert (set(found.letters), found.package, found.statement) == (set(letters), package, 3)


@pytest.mark.usefixtures("only_noto_sans")
def test_a_rare_letter_does_not_stop_the_printing() -> None:
    """Otherwise a participant could, with one letter in one statement."""
    assert printable("abcdefghi 市") == "abcdefghi [cjk unified ideograph-5e02]"
    assert len(lay_out(a_form(("A statement with one rare letter: 市.",))).pages) == 1


@pytest.mark.usefixtures("only_noto_sans")
def test_words_around_statements_are_refused_without_a_number() -> None:
    with pytest.raises(MissingFont) as refused:
        lay_out(a_form(question="市"))
    assert refused.value.statement is None


def test_without_the_extra_the_message_says_what_to_install() -> None:
    told = "import sys; sys.modules['typst'] = None; import middleground.paper.printing"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "needs Typst: pip install 'middleground[paper]'." in done.stderr


def test_letters_without_a_font_are_found() -> None:
    assert missing_letters("abc ñ ệ Ж \u200d\u0301\n") == frozenset()
    assert missing_letters("a\U00013000") == {"\U00013000"}


def test_latin_letters_come_from_noto_sans_in_every_language() -> None:
    assert {families(language)[0] for language in LANGUAGES} == {"Noto Sans"}
    assert families("ko").index("Noto Sans CJK KR") < families("ko").index("Noto Sans CJK SC")
    assert families("zh-hans").index("Noto Sans CJK SC") == 1
