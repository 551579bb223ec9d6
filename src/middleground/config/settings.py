"""Django's settings. Those that a host can change come from ``environment.py``."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO

from middleground.config import environment
from middleground.core.languages.offered import FIRST, UNKNOWN_TO_DJANGO

PACKAGE = Path(__file__).resolve().parent.parent
DATA = environment.data_folder()
KEYS = environment.keys_folder()

DEBUG = environment.DEBUG.read() == "1"
SECRET_KEY = environment.secret_key(KEYS)
ORIGIN = environment.ORIGIN.read().rstrip("/")
HOST_NAME = environment.HOST_NAME.read()
CONTACT = environment.CONTACT.read()
SECURITY_CONTACT = environment.security_contact(environment.SECURITY_CONTACT.read().strip())
EXIT = environment.exit_address(environment.EXIT.read().strip())
MAP_SECONDS = float(environment.MAP_SECONDS.read())
MAP_BEAT_SECONDS = float(environment.MAP_BEAT_SECONDS.read())
# The share of participants whose votes are in a map of a sample (dialogues/maps/release.py). Tests
# that check exact figures count everybody.
MAP_SAMPLE = 2 / 3
NETWORK_HEADER = environment.NETWORK_HEADER.read().strip().lower()
OPENID_SERVICES = environment.openid_services()

_origin = urlsplit(ORIGIN)
LEDGER = environment.ledger_folder()
SEALED = environment.sealed_folder()
COPIES = environment.copies_folder()
LOOK_AT_SOURCES = environment.SOURCE_LOOKS.read() == "1"
TRANSLATOR = environment.TRANSLATOR.read().strip()
TRANSLATOR_TOKEN = environment.TRANSLATOR_TOKEN.read().strip()
TRANSLATOR_SHOWN = environment.TRANSLATOR_SHOWN.read() == "1"
SOURCE_LOOK_DAYS = int(environment.SOURCE_LOOK_DAYS.read())
LEDGER_NAME = f"{_origin.netloc}/ledger"
LEDGER_SECONDS = float(environment.LEDGER_SECONDS.read())
PATIENCE_SECONDS = float(environment.PATIENCE_SECONDS.read())
LEDGER_WITNESSES = environment.witnesses(environment.WITNESSES.read())
HTTPS = _origin.scheme == "https"
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = sorted({_origin.hostname or "127.0.0.1", *([] if HTTPS else LOOPBACK)})
CSRF_TRUSTED_ORIGINS = [ORIGIN]

INSTALLED_APPS = [
    "middleground.config.doctor",
    "middleground.core",
    "middleground.people",
    "middleground.publiclog",
    "middleground.dialogues",
    "middleground.threads",
    "middleground.evidence",
    "middleground.answers",
    "middleground.notices",
    "middleground.outreach",
    "middleground.ballots",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *(["allauth.socialaccount"] if OPENID_SERVICES else []),
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "middleground.core.page.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "middleground.core.languages.middleware.speak_readers_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "middleground.people.sign_in.sessions.prolong_sessions",
    "middleground.people.sign_in.kept_forms.forget_sent_forms",
    "middleground.people.sign_in.middleware.keep_no_requests",
    "middleground.people.sign_in.middleware.keep_desk_out_of_caches",
    "allauth.account.middleware.AccountMiddleware",
    "middleground.core.page.middleware.show_refused_methods",
    "middleground.dialogues.pages.paused.PauseWithoutKey",
]

ROOT_URLCONF = "middleground.config.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["middleground.dialogues.templatetags.written"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "middleground.core.page.context.installation",
            ],
        },
    }
]

DATABASES = {"default": environment.database(environment.DATABASE_URL.read(), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Memory only, so that counts of failed sign-ins are lost when the process ends.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "people.User"
# One alone, since each would hash a wrong password again.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "middleground.people.sign_in.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
# people/sign_in/budgets.py slows wrong passwords down. What is left to allauth are wrong codes of
# an authenticator app, which only who knows the password can send. A passkey cannot be guessed.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key"}
MFA_RATE_LIMITS = {"webauthn_login": None}
MFA_FORMS = {
    "login_webauthn": "middleground.people.sign_in.passkeys.PasskeySignInForm",
    "authenticate_webauthn": "middleground.people.sign_in.passkeys.SecondFactorForm",
    "reauthenticate_webauthn": "middleground.people.sign_in.passkeys.PasskeyAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "middleground"
MFA_TOTP_TOLERANCE = 1  # a code may be 30 seconds late or early, as phones' clocks differ
SOCIALACCOUNT_ADAPTER = "middleground.people.openid.provider.ServiceAdapter"
# EMAIL_…, which Django reads from this module; without MIDDLEGROUND_MAIL nothing is sent.
MAIL = environment.MAIL.read()
globals().update(environment.mail(MAIL, environment.MAIL_FROM.read().strip()))

LANGUAGE_CODE = FIRST
LANGUAGES = environment.languages()
LANG_INFO.update(UNKNOWN_TO_DJANGO)
LOCALE_PATHS = [PACKAGE / "locale"]
FORMAT_MODULE_PATH = "middleground.core.languages.formats"
TIME_ZONE = environment.TIME_ZONE.read()
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "middleground.core.page.style_sheet.StyleSheetFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

SESSION_COOKIE_NAME = "__Host-staff" if HTTPS else "staff"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "middleground.people.sign_in.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 12  # after the last use
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # until the browser closes
CSRF_FAILURE_VIEW = "middleground.core.page.errors.forbidden_form"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = False  # the proxy in front does this; see docs/hosting.md
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Statements have at most a few hundred characters, and no other form is much longer.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
# More than any body that is read (``core/bodies/front.py``), so that no file that is sent, such as
# a list of addresses, lies on the disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = 3_000_000

# No address, user agent, referrer, requested host or requested path is logged.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "middleground.core.log_formatters.NoMessageFormatter",
            "fmt": "{levelname} {name}: {message}",
            "style": "{",
        },
        "without_request": {
            "()": "middleground.core.log_formatters.NoRequestFormatter",
            "fmt": "{levelname} {name}: {message}",
            "style": "{",
        },
        "one_line": {
            "()": "middleground.core.log_formatters.NoTracebackFormatter",
            "fmt": "{levelname} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "without_request": {"class": "logging.StreamHandler", "formatter": "without_request"},
        "one_line": {"class": "logging.StreamHandler", "formatter": "one_line"},
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
        "django.request": {"handlers": ["without_request"], "level": "ERROR", "propagate": False},
        "django.server": {"handlers": ["without_request"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["one_line"], "propagate": False},
        "fido2": {"level": "WARNING"},  # at INFO it names each passkey that is used
    },
}
