"""The language in which somebody reads: by the page's address, or else by the browser.

``/es/d/harbour/`` is the page ``/d/harbour/`` in Spanish, and its links lead on in Spanish. An
address without a language is shown in the language for which the browser asks, so whoever gets a
shared link reads in their own. No cookie is set, and nothing about the choice is stored.
"""
