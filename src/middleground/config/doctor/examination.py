"""All findings of the doctor, as ``middleground doctor`` lists them."""

from __future__ import annotations

from django.core.checks import INFO, WARNING, CheckMessage, run_checks

from middleground.config.doctor.messages import TAG, listing_all, stops
from middleground.config.doctor.variables import check_environment

# How serious these are where nobody else can reach the server.
ON_ONE_MACHINE = {
    "middleground.E002": INFO,  # an address of this machine
    "middleground.E005": WARNING,  # tracebacks in the browser
    "middleground.E059": WARNING,  # no second factor
}


def examine(local: bool) -> list[CheckMessage]:
    """Return all findings, what is well among them, in the order of their numbers.

    Settings that Django cannot load are found by hand, because Django stops at the first of them.
    ``local``: the installation is a trial on one machine.
    """
    found = list(check_environment())
    if not any(map(stops, found)):
        import django

        django.setup()
        with listing_all():
            found = run_checks(tags=[TAG], include_deployment_checks=True, databases=["default"])
    for each in found if local else ():
        each.level = ON_ONE_MACHINE.get(str(each.id), each.level)
    return sorted(found, key=_number)


def _number(found: CheckMessage) -> tuple[str, str]:
    """Return the app and the number of a message's id, without the letter of its level."""
    app, _, number = str(found.id).rpartition(".")
    return app, number[1:]
