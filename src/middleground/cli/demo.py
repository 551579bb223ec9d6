"""``middleground demo``: an example with simulated participants, on this machine only."""

from __future__ import annotations

import os
import secrets
from typing import Annotated

import typer

from middleground.cli.serve import explained

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Prepare = Annotated[
    bool, typer.Option("--prepare-only", help="Make the example, but do not serve it.")
]
STAFF = "staff@example.org"
OFFICIAL = "official@example.org"
LOOPBACK = "127.0.0.1"


def demo(port: Port = 8000, prepare_only: Prepare = False) -> None:
    """Prepare an example dialogue and serve it on this machine.

    Its data lie in the folder demo inside the data folder. All participants are simulated.
    It prints a sign-in as staff, which works on this machine only.
    """
    from middleground.config.environment import DATA, ORIGIN, data_folder, forget_installation

    os.environ[DATA.name] = str(data_folder() / "demo")
    forget_installation()
    os.environ[ORIGIN.name] = f"http://{LOOPBACK}:{port}"
    from rich.console import Console
    from rich.panel import Panel

    from middleground.config import server
    from middleground.dialogues.maps import worker

    console = Console()
    with explained(f"Cannot listen on {LOOPBACK}:{port}. Choose another with --port."):
        address = server.reserve(LOOPBACK, port)
    with explained("Cannot prepare the example."), console.status("Preparing the example…"):
        import django

        django.setup()
        worker.start()
        server.prepare()
        password, officials = _prepare()
    console.print(
        Panel.fit(
            f"http://{LOOPBACK}:{port}/              the dialogues\n"
            f"http://{LOOPBACK}:{port}/desk/         the host's desk\n"
            f"    e-mail    {STAFF}\n"
            f"    password  {password}   (new at every start)\n"
            f"http://{LOOPBACK}:{port}/desk/inbox/   what an example official owes\n"
            f"    e-mail    {OFFICIAL}\n"
            f"    password  {officials}   (new, too)",
            title="The example is ready. Participants and bodies are made up.",
        ),
        highlight=False,
    )
    if prepare_only:
        address.close()
    else:
        server.serve(address)


def _prepare() -> tuple[str, str]:
    """Store the examples and their maps; return new passwords: of staff and of an official."""
    from django.utils import timezone

    from middleground.answers.thresholds import note_thresholds
    from middleground.cli.example import store_what_became_of_it
    from middleground.demo import LIBRARY, LOS_ANGELES
    from middleground.dialogues.exchange.example import store_example
    from middleground.dialogues.maps.publish import finalise, refresh_map
    from middleground.people.models import User

    today = timezone.localdate()
    staff = User.objects.filter(email=STAFF).first()
    if staff is None:
        staff = User.objects.create_superuser(STAFF, None, name="Example staff")
    pairs = [
        (store_example(LIBRARY, today, closed=True), finalise),
        (store_example(LOS_ANGELES, today), refresh_map),
    ]
    store_what_became_of_it(staff, today)
    for dialogue, publish in pairs:
        if not dialogue.maps.exists():
            publish(dialogue.pk)
    note_thresholds()
    return _new_password(STAFF), _new_password(OFFICIAL)


def _new_password(email: str) -> str:
    from middleground.people.models import User

    password = "-".join(secrets.token_hex(2) for _ in range(4))
    user = User.objects.get(email=email)
    user.set_password(password)
    user.save()
    return password
