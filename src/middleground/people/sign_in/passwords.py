"""Initial passwords of accounts, which a colleague hands over."""

from __future__ import annotations

import secrets

from mnemonic import Mnemonic

PASSWORD_WORDS = 6  # from a list of 2048: 66 bits, and easy to read out over the telephone


def initial_password() -> str:
    words = Mnemonic("english").wordlist
    return "-".join(secrets.choice(words) for _word in range(PASSWORD_WORDS))
