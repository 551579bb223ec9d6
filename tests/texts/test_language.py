"""Languages are guessed from a text alone: rather not at all than wrongly."""

from __future__ import annotations

import pytest

from middleground.texts.language import language_of
from texts.written import SENTENCES

SHORT = [
    ("es", "El barrio necesita más árboles."),
    ("es", "La migra no debe entrar en las escuelas."),
    ("en", "The city should not help with it."),
    ("fr", "Il faut plus de bus pour les enfants."),
    ("de", "Wir brauchen mehr Bäume und nicht noch eine Straße."),
    ("pt", "A cidade não deve pagar mais por isso."),
    ("it", "Gli alberi sono più utili di una strada."),
    ("nl", "Er moeten meer bomen komen in de stad."),
    ("pl", "Nie jest to dobre dla miasta."),
    ("tr", "Daha çok ağaç ve otobüs için bir plan olmalı."),
    ("vi", "Thành phố cần thêm cây xanh và xe buýt."),
    ("id", "Kota ini tidak harus membayar untuk itu."),
    ("tl", "Kailangan natin ng mas maraming puno sa ating lungsod."),
    ("uk", "Місту потрібно більше дерев."),
    ("ru", "Городу нужны деревья, чтобы было больше тени и воздуха для детей, но не машины."),
    ("fa", "شهر به درختان بیشتری نیاز دارد و باید پارک بسازد."),
    ("mr", "शहराला झाडे हवी आहेत."),
]
UNCLEAR = [
    "", "5 %", "👍", "No", "ICE", "Abolish ICE", "Los Angeles", "Stop", "OK 是", "на", "La Habana",
    "Els arbres són més que una carretera.",  # Catalan, of which we know too little
    "Byen skal ikke betale mer for det.",
    "Город ქალაქი",
    "Горадзе патрэбныя дрэвы, і людзі гэта ведаюць, ды ўсё.",  # Belarusian
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), SHORT)
def test_short_sentences_are_known(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_is_not_clear_stays_without(text: str) -> None:
    assert language_of(text) == ""


def test_scripts_tell_the_languages_that_have_them_alone() -> None:
    told = {
        "Greek": "el", "Arabic": "ar", "Persian": "fa", "Urdu": "ur", "Hebrew": "he",
        "Devanagari": "hi", "Bengali": "bn", "Gurmukhi": "pa", "Gujarati": "gu", "Tamil": "ta",
        "Telugu": "te", "Kannada": "kn", "Malayalam": "ml", "Sinhala": "si", "Thai": "th",
        "Lao": "lo", "Khmer": "km", "Burmese": "my", "Chinese": "zh", "Japanese": "ja",
        "Korean": "ko", "Georgian": "ka", "Armenian": "hy", "Ethiopic": "am", "Tibetan": "",
    }  # fmt: skip
    assert {name: language_of(SENTENCES[name]) for name in told} == told
