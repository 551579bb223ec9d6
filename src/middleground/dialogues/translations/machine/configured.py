"""Reads which program or service the host has plugged in."""

from __future__ import annotations

import shlex
import shutil
from urllib.parse import urlsplit

from django.conf import settings

from middleground.dialogues.translations.machine.program import LocalProgram
from middleground.dialogues.translations.machine.service import HttpService
from middleground.dialogues.translations.machine.translator import Translator

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


class BadTranslator(Exception):
    """The setting cannot be used; the message says why."""


def read_translator(value: str, token_file: str = "") -> Translator | None:
    """None if none is set. Raises ``BadTranslator``."""
    if not value.strip():
        return None
    if value.startswith(("http://", "https://")):
        parts = urlsplit(value)
        if not parts.hostname:
            raise BadTranslator(
                "It is not an address like https://translate.host.example/translate."
            )
        if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
            raise BadTranslator("It would send texts unencrypted over a network. Use https://.")
        return HttpService(value, token_file)
    try:
        command = shlex.split(value)
    except ValueError:
        raise BadTranslator("It is not a command: a quotation mark is missing.") from None
    if not shutil.which(command[0]):
        raise BadTranslator(f"There is no program {command[0]}.")
    return LocalProgram(command)


def translator_in_use() -> Translator | None:
    """None also if the setting cannot be used, which the doctor tells: pages go on."""
    try:
        return read_translator(settings.TRANSLATOR, settings.TRANSLATOR_TOKEN)
    except BadTranslator:
        return None


def host_of_translations() -> str:
    """To whom texts are sent to be translated; empty if they stay on this machine."""
    found = translator_in_use()
    return found.host if found else ""
