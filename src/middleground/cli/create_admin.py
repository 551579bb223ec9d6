"""``middleground create-admin``: creates the first staff account, which can add the others."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from middleground.cli.serve import explained

Email = Annotated[str, typer.Option(help="E-mail address to sign in with; asked for if left out.")]
FromInput = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input, one line."),
]


def create_admin(email: Email = "", password_stdin: FromInput = False) -> None:
    """Make a facilitator's account that may also use the administration.

    The password is never an argument, because other users of a machine can see arguments.
    """
    import django

    django.setup()
    from django.core.exceptions import ValidationError

    from middleground.config import server

    # Check the database first, so that nobody types a password in vain.
    with explained("Cannot use the data folder or the database."):
        server.prepare()
    email = email or typer.prompt("E-mail address")
    password = (
        sys.stdin.readline().rstrip("\r\n")
        if password_stdin
        else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    try:
        _create(email, password)
    except ValidationError as trouble:
        for message in trouble.messages:
            typer.echo(message, err=True)
        raise typer.Exit(1) from None
    from django.conf import settings

    typer.echo(
        f"{email} may now sign in at {settings.ORIGIN}/desk/, once the server runs."
        " Add a passkey or an authenticator app there."
    )


def _create(email: str, password: str) -> None:
    from django.contrib.auth.password_validation import validate_password

    from middleground.people.models import User

    validate_password(password, User(email=email))
    User.objects.create_superuser(email, password)
