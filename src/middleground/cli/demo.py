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
LOOPBACK = "127.0.0.1"


def demo(port: Port = 8000, prepare_only: Prepare = False) -> None:
    """Prepare an example dialogue and serve it on this machine.

    Its data lie in a folder of their own (demo inside the data folder). All participants are
    simulated and labelled so. Sign-in as staff is printed; it works on this machine only.
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
        password = _prepare()
    console.print(
        Panel.fit(
            f"http://{LOOPBACK}:{port}/              the dialogues\n"
            f"http://{LOOPBACK}:{port}/desk/         the host's desk\n"
            f"    e-mail    {STAFF}\n"
            f"    password  {password}   (new at every start)",
            title="The example is ready. All participants are simulated.",
        ),
        highlight=False,
    )
    if prepare_only:
        address.close()
    else:
        server.serve(address)


def _prepare() -> str:
    """Store the examples and their maps; return the staff account's new password."""
    from django.utils import timezone

    from middleground.demo import LIBRARY, LOS_ANGELES
    from middleground.dialogues.exchange.example import store_example
    from middleground.dialogues.maps.publish import finalise, refresh_map
    from middleground.people.models import User

    today = timezone.localdate()
    for example, closed in ((LIBRARY, True), (LOS_ANGELES, False)):
        dialogue = store_example(example, today, closed=closed)
        if not dialogue.maps.exists():
            publish = finalise if closed else refresh_map
            publish(dialogue.pk)
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    staff = User.objects.filter(email=STAFF).first()
    if staff is None:
        User.objects.create_superuser(STAFF, password, name="Example staff")
    else:
        staff.set_password(password)
        staff.save()
    return password
