"""The container recipe: what it must say, and its steps run without a container engine.

The steps need minutes and the network, so they are run by ``make torture FORM=container`` only
(MIDDLEGROUND_TORTURE_CONTAINERS), in a folder that stands for the container's root.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from support.containerfile import RECIPE, Stage, command_of, stages
from support.serving.environments import TESTS, bare_environment
from support.serving.in_process import answering
from support.serving.servers import free_port

TOP = TESTS.parent
LONG = int(os.environ.get("MIDDLEGROUND_TORTURE_CONTAINERS", "0"))
WORDS = {
    "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "RUN", "USER",
    "VOLUME", "WORKDIR",
}  # fmt: skip
UNPINNED = re.compile(r"pip install(?!.*(--require-hashes|--no-deps))")


def faults(text: str) -> list[str]:
    """What a recipe must not be like."""
    build, last = stages(text)
    wrong = [
        f"{word}: not known here" for word, _ in [*build.instructions, *last.instructions]
        if word not in WORDS
    ]  # fmt: skip
    wrong += [f"not pinned: {each}" for each in build.all("RUN") if UNPINNED.search(each)]
    if not re.fullmatch(r"[1-9]\d*", "".join(last.all("USER"))):
        wrong.append("it runs as root, or as a name that an engine cannot tell from root")
    if "/healthz" not in "".join(last.all("HEALTHCHECK")):
        wrong.append("no health check")
    if last.all("VOLUME") != ['["/data", "/keys"]']:
        wrong.append("data and keys are not volumes apart")
    sources = [name for each in build.all("COPY") for name in each.split()[:-1]]
    wrong += [f"{name} is not there" for name in sources if not (TOP / name).exists()]
    taken = set((TOP / ".dockerignore").read_text().splitlines())
    wrong += [f"{name} is left out" for name in sources if f"!{name}" not in taken]
    if "*" not in taken:
        wrong.append("the engine is given all files, such as data and keys")
    return wrong


def test_the_recipe_is_pinned_checked_and_without_root() -> None:
    assert faults(RECIPE.read_text()) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" --require-hashes", ""),
        (" --no-deps", ""),
        ("USER 10001\n", ""),
        ("USER 10001", "USER middleground"),
        ("/healthz", "/"),
        ('VOLUME ["/data", "/keys"]', 'VOLUME ["/data"]'),
        ("COPY src src", "COPY data data"),
        ("COPY src src", "ADD src src"),
    ],
)
def test_control_a_worse_recipe_is_noticed(old: str, new: str) -> None:
    text = RECIPE.read_text()
    assert old in text
    assert faults(text.replace(old, new, 1)) != []


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_follows_the_status(status: int, code: int) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        found = status if scope["path"] == "/healthz" else 404
        await send({"type": "http.response.start", "status": found, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with answering(app) as port:
        assert checked(stages(RECIPE.read_text())[1], port) == code


def checked(last: Stage, port: int) -> int:
    """The exit code of the health check."""
    _, *arguments = command_of(last.all("HEALTHCHECK")[0])
    command = [sys.executable, *(each.replace(":8000", f":{port}") for each in arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=60).returncode


if LONG:  # not skipped: there is nothing to run where no long form is asked for

    @pytest.mark.parametrize("_number", range(LONG))
    def test_the_steps_give_a_server_that_is_well(tmp_path: Path, _number: int) -> None:
        linter = Path(sys.executable).with_name("hadolint")
        subprocess.run([str(linter), str(RECIPE)], check=True, timeout=60)
        build, last = stages(RECIPE.read_text())
        run_steps(build, tmp_path)
        settings = dict(pair.split("=", 1) for pair in last.all("ENV")[0].split())
        settings = {name: value.replace("/", f"{tmp_path}/", 1) for name, value in settings.items()}
        settings["PATH"] = f"{tmp_path}/srv/venv/bin:/usr/bin:/bin"
        port = free_port()
        words = [*command_of(last.all("ENTRYPOINT")[0]), *command_of(last.all("CMD")[0])]
        program = tmp_path / "srv/venv/bin" / words[0]
        server = subprocess.Popen(
            [str(program), *words[1:], "--port", str(port)],
            env={**bare_environment(), "PYTHONPATH": "", **settings},
            cwd=tmp_path,
        )
        try:
            end = time.monotonic() + 120
            while checked(last, port):
                assert server.poll() is None
                assert time.monotonic() < end
                time.sleep(0.5)
        finally:
            server.terminate()
            server.wait(60)


def run_steps(build: Stage, root: Path) -> None:
    """Copy files and run commands as the recipe says, below a folder that stands for the root."""
    folder = root
    for word, rest in build.instructions:
        if word == "WORKDIR":
            folder = root / rest.lstrip("/")
            folder.mkdir(parents=True)
        elif word == "COPY":
            *names, target = rest.split()
            for name in names:
                to = folder / (target if target != "./" else name)
                to.parent.mkdir(parents=True, exist_ok=True)
                copy = shutil.copytree if (TOP / name).is_dir() else shutil.copy
                copy(TOP / name, to)
        else:
            command = rest.replace("/srv/", f"{root}/srv/").replace(
                "python -m venv", f"{sys.executable} -m venv"
            )
            subprocess.run(command, shell=True, cwd=folder, check=True, timeout=1_800)
