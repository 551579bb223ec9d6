"""Check the settings as on a server, and that no migration is missing."""

from __future__ import annotations

import os
import sys
import tempfile

ON_A_SERVER = {
    "DJANGO_SETTINGS_MODULE": "middleground.config.settings",
    "MIDDLEGROUND_ORIGIN": "https://dialogue.example.org",
    "MIDDLEGROUND_DATABASE_URL": "",
    "MIDDLEGROUND_DEBUG": "0",
}
SILENCED = [
    "security.W002",  # frame-ancestors of our Content-Security-Policy does this, page by page
    "security.W008",  # the proxy in front sends http to https; docs/hosting.md says how
]


def main() -> int:
    with tempfile.TemporaryDirectory() as data:
        os.environ.update(ON_A_SERVER, MIDDLEGROUND_DATA=data)
        import django
        from django.conf import settings
        from django.core.checks.registry import registry
        from django.core.management import call_command

        from middleground.config.doctor.messages import TAG

        django.setup()
        settings.SILENCED_SYSTEM_CHECKS = SILENCED
        # The doctor's checks need an installation, and there is none here.
        tags = sorted(registry.tags_available(deployment_checks=True) - {TAG})
        call_command("check", deploy=True, tags=tags, fail_level="WARNING", verbosity=0)
        call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
