"""Register of the data stored about bodies and accounts, with the tables of Django and allauth."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.utils.translation import gettext_lazy as _

from middleground.core.stored_data import NO_MORE, StoredCookie, StoredData, Subject, register
from middleground.people.sign_in.budgets import DEVICE_COOKIE

register(
    StoredData(
        _("Bodies that answer, their posts, and who publicly holds a post"),
        Subject.PUBLIC,
        {
            "people_body": "id slug name level place duties parent_id website contact ended_on"
            " successor_id outside_id simulated",
            "people_post": "id body_id title ended_on outside_id",
            "people_appointment": "id post_id name role since until proof verified_on outside_id",
            "people_bodyevent": "id body_id post_id kind on entered_on facts",
        },
        _("As long as the site runs."),
        _("What the pages show."),
        NO_MORE,
    ),
    StoredData(
        _("What staff changed of the site's look, and when"),
        Subject.STAFF,
        {"people_sitechange": "id kind facts at by_id"},
        _("As long as the site runs."),
        _("Which staff member changed its name, logo or color, and when."),
        NO_MORE,
    ),
    StoredData(
        _("Which account acts for a post, and who on the staff entered or verified it"),
        Subject.STAFF,
        {"people_appointment": "user_id verified_by_id", "people_bodyevent": "by_id"},
        _("As long as the account."),
        _("All of it."),
        NO_MORE,
    ),
    StoredData(
        _(
            "Accounts of staff and officials: e-mail address, name, role, last sign-in, second"
            " factors"
        ),
        Subject.STAFF,
        {
            "people_user": "id password last_login is_superuser is_staff is_active date_joined"
            " email name role password_is_initial",
            "account_emailaddress": "id user_id email verified primary",
            "account_emailconfirmation": "id email_address_id created sent key",
            "mfa_authenticator": "id user_id type data created_at last_used_at",
            "people_user_groups": "id user_id group_id",
            "people_user_user_permissions": "id user_id permission_id",
        },
        _("As long as the account."),
        _(
            "All of it. Passwords are hashes; secrets of authenticator apps can be read: set them "
            "up anew after a seizure."
        ),
        NO_MORE,
    ),
    StoredData(
        _("Sessions of signed-in staff"),
        Subject.STAFF,
        {"django_session": "session_key session_data expire_date"},
        _("Twelve hours after the last use, three days after sign-in at most."),
        _(
            "Who is signed in, since when, how, their last use to ten minutes, and for an "
            "hour what they sent when a session ended."
        ),
        _("A session can be faked. Delete secret.key, and all sessions end."),
    ),
    StoredData(
        _("What staff did with accounts"),
        Subject.STAFF,
        {
            "django_admin_log": "id action_time user_id content_type_id object_id object_repr"
            " action_flag change_message"
        },
        _("As long as the site runs."),
        _("Which staff member did what, and when."),
        NO_MORE,
    ),
    StoredCookie(
        settings.SESSION_COOKIE_NAME,
        Subject.STAFF,
        _("Staff only, after sign-in: which session is theirs."),
        _("Until they sign out or close the browser, at most three days."),
    ),
    StoredCookie(
        DEVICE_COOKIE,
        Subject.STAFF,
        _(
            "Staff only: a signed random number that shows they signed in here before. We do "
            "not store it."
        ),
        _("One hundred and eighty days."),
    ),
    StoredCookie(
        CookieStorage.cookie_name,
        Subject.STAFF,
        _("Staff only: what their next page says."),
        _("Until that page is shown."),
    ),
)

if settings.OPENID_SERVICES:
    from middleground.people.openid.attempt import ATTEMPT_COOKIE

    register(
        StoredData(
            _("Which official’s account belongs to whom at their body’s sign-in service"),
            Subject.STAFF,
            {"socialaccount_socialaccount": "id user_id provider uid last_login date_joined"},
            _("As long as the account, or until its password is reset."),
            _(
                "Which service an official uses, and when first and last. The person is a hash "
                "that only the service can tell apart."
            ),
            NO_MORE,
        ),
        StoredData(
            _("Fields of the sign-in library that stay empty"),
            Subject.MACHINE,
            {
                "socialaccount_socialaccount": "extra_data",
                "socialaccount_socialapp": "id provider provider_id name client_id secret key"
                " settings",
                "socialaccount_socialtoken": "id app_id account_id token token_secret expires_at",
            },
            _("Never anything."),
            _("Nothing."),
            NO_MORE,
        ),
        StoredCookie(
            ATTEMPT_COOKIE,
            Subject.STAFF,
            _(
                "Officials who use their body’s sign-in service: random numbers that tie its "
                "answer to this browser."
            ),
            _("Until they are back, ten minutes at most."),
        ),
    )
