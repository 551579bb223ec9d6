"""The command line: ``middleground COMMAND``. Each command has its own module.

Commands import Django inside their functions, so that ``middleground analyse`` starts fast.
"""

from __future__ import annotations

import gc
import os
from typing import Annotated

import typer

from middleground import __version__
from middleground.cli.analysis.parts import split
from middleground.cli.analysis.report import analyse_folder
from middleground.cli.backup import backup, restore
from middleground.cli.create_admin import create_admin
from middleground.cli.demo import demo
from middleground.cli.doctor import doctor
from middleground.cli.exchange.anndata_file import export_anndata
from middleground.cli.exchange.apps import export_app, import_app
from middleground.cli.exchange.bodies import import_bodies_file
from middleground.cli.exchange.cases import export_cases
from middleground.cli.exchange.polis import export_polis, import_polis
from middleground.cli.exchange.sources import export_sources, import_sources_file
from middleground.cli.log.verify import verify_log
from middleground.cli.log.witness import witness_app
from middleground.cli.move_to import move_to
from middleground.cli.serve import serve, wrong_setting_explained
from middleground.cli.what_we_hold import what_we_hold

app = typer.Typer(
    name="middleground",
    help="Civic dialogue: hear everyone, find the middle ground, answer them.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "middleground.config.settings")
    if version:
        typer.echo(__version__)
        raise typer.Exit


app.command("analyse")(analyse_folder)
app.command()(backup)
app.command()(create_admin)
app.command()(demo)
app.command()(doctor)
app.command()(move_to)
app.command()(restore)
app.command()(serve)
app.command()(split)
app.command("verify")(verify_log)
app.command()(what_we_hold)
import_app.command("bodies")(import_bodies_file)
import_app.command("polis")(import_polis)
export_app.command("anndata")(export_anndata)
export_app.command("cases")(export_cases)
export_app.command("polis")(export_polis)
import_app.command("sources")(import_sources_file)
export_app.command("sources")(export_sources)
app.add_typer(import_app, name="import")
app.add_typer(export_app, name="export")
app.add_typer(witness_app, name="witness")


def main() -> None:
    # What a start loads stays: collecting garbage meanwhile frees nothing, and took a tenth of it.
    gc.set_threshold(20_000)
    with wrong_setting_explained():
        app()
