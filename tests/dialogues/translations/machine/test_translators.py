"""Both ways to reach a translator: what they are given, what they may answer, how they fail."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dialogues.translations.machine.programs import UPPER, command_of, service
from middleground.dialogues.translations.machine.configured import BadTranslator, read_translator
from middleground.dialogues.translations.machine.program import LocalProgram
from middleground.dialogues.translations.machine.service import HttpService
from middleground.dialogues.translations.machine.translator import Translator, TranslatorFailed

WORDS = ["Free buses.", "Línea “uno”\nand “two”", "🚌 مرحبا"]


def program(folder: Path, source: str, seconds: float = 20) -> LocalProgram:
    found = read_translator(command_of(folder, source))
    assert isinstance(found, LocalProgram)
    return LocalProgram(found.command, seconds)


def code_of(translator: Translator, words: list[str]) -> str:
    with pytest.raises(TranslatorFailed) as failed:
        translator.translate(words, "en", "es")
    assert not any(each in str(failed.value) for each in words)
    return failed.value.code


def test_a_program_gets_a_line_and_gives_a_line_for_each_text(tmp_path: Path) -> None:
    found = program(tmp_path, UPPER).translate(WORDS, "en", "zh-hans")
    assert found == [f"zh: {each.upper()}" for each in WORDS]
    assert program(tmp_path, UPPER).host == ""


def test_a_program_gets_no_secret_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIDDLEGROUND_MAIL", "smtps://me:secret@mail.example")
    tells = "import json, os; print(json.dumps({'translation': ' '.join(os.environ)}))"
    [names] = program(tmp_path, tells).translate(["x"], "en", "es")
    assert "MIDDLEGROUND" not in names
    assert "PATH" in names
    assert "MIDDLEGROUND_MAIL" in os.environ  # it was there to be given


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("import sys; sys.exit(3)", "not_understood"),
        ("print('Hola')", "not_understood"),
        ("print('{}')", "not_understood"),
        ("", "not_understood"),
        ("print('{\"translation\": \"x\"}\\n' * 2)", "not_understood"),
        ("while True: print('x' * 100_000)", "too_much"),
        ("import time; time.sleep(60)", "too_slow"),
        ("import subprocess, sys; subprocess.run([sys.executable, '-c', "
         "'import time; time.sleep(60)'])", "too_slow"),
    ],
)  # fmt: skip
def test_a_broken_program_ends_and_says_why(tmp_path: Path, source: str, code: str) -> None:
    assert code_of(program(tmp_path, source, seconds=1), ["Free buses."]) == code


def test_a_program_that_reads_nothing_of_a_large_text_does_not_hang(tmp_path: Path) -> None:
    assert code_of(program(tmp_path, "pass"), ["x" * 500_000]) == "not_understood"


def test_a_service_gets_json_with_the_token_and_gives_as_many_texts(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("s3cret\n")
    with service() as (address, asked):
        found = HttpService(address, str(token)).translate(WORDS, "en", "zh-hans")
        without = HttpService(address).translate(["x"], "en", "es")
    assert found == [f"zh: {each.upper()}" for each in WORDS]
    assert without == ["es: X"]
    first, second = asked
    assert first == {
        "q": WORDS, "source": "en", "target": "zh", "format": "text", "api_key": "s3cret",
    }  # fmt: skip
    assert "api_key" not in second


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("few", "not_understood"),
        ("else", "not_understood"),
        ("no json", "not_understood"),
        ("large", "too_much"),
        (400, "not_understood"),
        (403, "unreachable"),
        (429, "unreachable"),
        (500, "unreachable"),
        ("redirect", "unreachable"),
        ("slow", "too_slow"),
    ],
)
def test_a_broken_service_says_why(how: str | int, code: str) -> None:
    with service(how) as (address, _asked):
        assert code_of(HttpService(address, seconds=1), ["Free.", "Buses."]) == code


def test_a_service_that_is_gone_or_has_no_token_is_unreachable(tmp_path: Path) -> None:
    with service() as (address, asked):
        assert code_of(HttpService(address, str(tmp_path / "none")), ["x"]) == "unreachable"
    assert asked == []
    assert code_of(HttpService(address), ["x"]) == "unreachable"


@pytest.mark.parametrize(
    "value",
    ["http://translate.example/", "https://", "no-such-program-here", "'unclosed", "http://"],
)
def test_a_setting_that_cannot_be_used_is_refused(value: str) -> None:
    with pytest.raises(BadTranslator):
        read_translator(value)


def test_an_empty_setting_is_no_translator_and_an_address_a_service() -> None:
    assert read_translator("") is None
    found = read_translator("https://translate.example/x")
    assert isinstance(found, HttpService)
    assert found.host == "translate.example"
