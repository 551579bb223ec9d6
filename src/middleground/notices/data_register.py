"""What is stored of who follows answers by e-mail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import (
    NO_MORE,
    StoredData,
    StoredElsewhere,
    StoredFile,
    Subject,
    register,
)

register(
    StoredData(
        _(
            "Your e-mail address, if you follow a case by e-mail: encrypted, with the case, and"
            " until you confirm it the day on which it was entered. Nothing ties it to your votes"
            " or texts, nor to another case that the same address follows."
        ),
        Subject.YOURS,
        {"notices_follower": "id case_id sealed mark confirmed asked_on"},
        _(
            "Until you stop it, or the last news of the case is sent, or the host switches e-mail"
            " off; not confirmed, two days."
        ),
        _("How many addresses follow which case. No address, and nothing to try some against."),
        _("Each address, and which case it follows."),
    ),
    StoredData(
        _(
            "E-mail that waits: for which of these addresses or officials, of what kind, how often"
            " it was tried. Its words are written when it is sent."
        ),
        Subject.YOURS,
        {"notices_mail": "id follower_id official_id kind facts attempts is_claimed"},
        _("Until it is sent or given up, within some two days."),
        _("Which cases have news that somebody waits for, and which officials owe something."),
        _("Nothing more than the addresses that follow the case."),
    ),
    StoredData(
        _("Which dialogues can be followed by e-mail, and how far news were told"),
        Subject.PUBLIC,
        {
            "notices_emailchoice": "id dialogue_id on",
            "notices_casetold": "id case_id last_event",
            "notices_reminded": "id on",
        },
        _("As long as the installation."),
        _("What the public pages show."),
        NO_MORE,
    ),
    StoredData(
        _(
            "Which officials want e-mail; and how many mails did not arrive, by dialogue or"
            " official and the mail server’s code"
        ),
        Subject.STAFF,
        {
            "notices_officialemailchoice": "id user_id on",
            "notices_mailtrouble": "id dialogue_id official_id kind code number last_on",
        },
        _("The choice as long as the account; the counts thirty days after the last."),
        _("Who of the officials wants e-mail, and that some mail came back."),
        NO_MORE,
    ),
    StoredData(
        _(
            "How staff are told what waits for them: how often by e-mail at most, when last, and a"
            " hash of the address of their feed"
        ),
        Subject.STAFF,
        {"notices_waitingnotice": "id user_id hours told_at feed"},
        _("As long as the account."),
        _("Who of staff wants to be told, and when something last waited for them. No feed opens."),
        NO_MORE,
    ),
    StoredFile(
        "notices.key",
        True,
        _("The key of the addresses that follow cases by e-mail"),
        _("With the database: each of these addresses and its case. By itself nothing."),
    ),
    StoredElsewhere(
        _("Mail servers"),
        _(
            "Who follows a case by e-mail is known to the host’s mail server and to that of the"
            " address: to whom a mail went, when, and what it says."
        ),
    ),
)
