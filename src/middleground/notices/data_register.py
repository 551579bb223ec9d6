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
            "If you follow a case by e-mail: your address and the language of the e-mails, "
            "encrypted, the case and, until you confirm, the day. No link to votes, texts or other "
            "cases."
        ),
        Subject.YOURS,
        {"notices_follower": "id case_id sealed mark confirmed asked_on"},
        _(
            "Until you stop it, the last news is sent, or the host turns e-mail off. "
            "Unconfirmed: two days."
        ),
        _("How many follow which case. No address, and no way to test one."),
        _("Each address, its language, and which case it follows."),
    ),
    StoredData(
        _("Waiting e-mail: for whom, what kind, and how many tries"),
        Subject.YOURS,
        {"notices_mail": "id follower_id official_id kind facts attempts is_claimed"},
        _("Until it is sent or given up, within about two days."),
        _("Which cases have news for somebody, and which officials owe something."),
        _("Only the addresses that follow the case."),
    ),
    StoredData(
        _("Which dialogues can be followed by e-mail, and which news was sent"),
        Subject.PUBLIC,
        {
            "notices_emailchoice": "id dialogue_id on",
            "notices_casetold": "id case_id last_event",
            "notices_reminded": "id on",
        },
        _("As long as the site runs."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _(
            "Which officials want e-mail. How many e-mails failed, for which dialogue or "
            "official, and why"
        ),
        Subject.STAFF,
        {
            "notices_officialemailchoice": "id user_id on",
            "notices_mailtrouble": "id dialogue_id official_id kind code number last_on",
        },
        _("The choice as long as the account. The counts for thirty days."),
        _("All of it."),
        NO_MORE,
    ),
    StoredData(
        _(
            "How staff hear of waiting work: how often, when last, and a hash of their feed’s "
            "address"
        ),
        Subject.STAFF,
        {"notices_waitingnotice": "id user_id hours told_at feed"},
        _("As long as the account."),
        _("All of it. It opens no feed."),
        NO_MORE,
    ),
    StoredFile(
        "notices.key",
        True,
        _("The key for the addresses that follow cases by e-mail"),
        _("With the database: each address, its language and its case. Alone, nothing."),
    ),
    StoredElsewhere(
        _("Mail servers"),
        _("The host’s and yours see who got an e-mail, when, and what it says."),
    ),
)
