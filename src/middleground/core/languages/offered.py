"""The languages of the interface, and what Django does not know of them.

Django's settings are made from this module, and commands that need no Django read it: it imports
nothing of Django.
"""

from __future__ import annotations

from typing import Any

FIRST = "en"
# By their own names, in the order in which they are offered.
LANGUAGES = {
    "en": "English",
    "es": "Español",
    "zh-hans": "简体中文",
    "ko": "한국어",
    "tl": "Tagalog",
    "vi": "Tiếng Việt",
    "hy": "Հայերեն",
    "fa": "فارسی",
    "ar": "العربية",
}
# Hosts and officials work in these. Everybody else's pages are in all languages.
STAFF_LANGUAGES = ("en", "es")

# What Django's list of languages lacks. Browsers ask for Tagalog by its newer name, Filipino, too.
UNKNOWN_TO_DJANGO: dict[str, dict[str, Any]] = {
    "tl": {"bidi": False, "code": "tl", "name": "Tagalog", "name_local": "Tagalog"},
    "fil": {"fallback": ["tl"]},
    "fil-ph": {"fallback": ["tl"]},
}


class NoSuchLanguage(ValueError):
    """A language is asked for that the interface does not have."""


def offered(codes: str) -> list[tuple[str, str]]:
    """The languages of a site: those named, with commas between, or all if none is.

    The first language is always among them, because what is logged is written in it.
    Raise NoSuchLanguage if there is no such translation.
    """
    named = [code.strip().lower() for code in codes.split(",") if code.strip()]
    unknown = [code for code in named if code not in LANGUAGES]
    if unknown:
        raise NoSuchLanguage(
            f"there is no translation for {', '.join(unknown)}; there are {', '.join(LANGUAGES)}"
        )
    chosen = {FIRST, *named} if named else set(LANGUAGES)
    return [(code, name) for code, name in LANGUAGES.items() if code in chosen]
