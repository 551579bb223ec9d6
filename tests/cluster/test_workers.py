"""One map on several machines, here two worker processes of Dask."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from cli.analysis.test_analyse_command import run
from engine.distributed.test_map_in_parts import TOLERANCE, distance
from engine.shapes import three_camps
from middleground.cluster import workers
from middleground.cluster.folder import parts_in, read_part, write_parts
from middleground.cluster.workers import DaskExecutor, NoCluster, cluster
from middleground.engine import OpinionMap, Options, Votes, analyse
from middleground.engine.analysis import analyse_parts
from middleground.engine.distributed.executor import DiskExecutor

OPTIONS = Options(fit_participants=200)
SINGLES = Options(fit_participants=200, double_votes=0)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
        silence_logs=50,
    ) as started:
        yield started.scheduler_address


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("parts") / "parts"
    write_parts([three_camps()], target, 5)
    return target


def on_cluster(address: str, folder: Path, options: Options = OPTIONS) -> OpinionMap:
    with cluster(address) as executor:
        return analyse_parts(parts_in(folder), read_part, executor, options)


def whereabouts(_: Votes) -> list[int]:
    return [os.getpid()]


def test_the_workers_are_other_processes_and_share_the_work(address: str, folder: Path) -> None:
    with cluster(address) as executor:
        parts = executor.map_persist(read_part, parts_in(folder))
        found = executor.map_reduce(whereabouts, parts)
    assert len(set(found)) == 2
    assert os.getpid() not in found


def test_a_cluster_gives_the_same_bits_as_one_process(
    address: str, folder: Path, tmp_path: Path
) -> None:
    found = on_cluster(address, folder)
    here = analyse_parts(parts_in(folder), read_part, DiskExecutor(tmp_path), OPTIONS)
    assert found.to_json() == here.to_json() == on_cluster(address, folder).to_json()
    everyone = here.participants
    assert found.positions(everyone).tolist() == here.positions(everyone).tolist()
    assert distance(found, analyse(three_camps(), OPTIONS)) < TOLERANCE


def test_a_cluster_gives_the_same_bits_in_single_precision(
    address: str, folder: Path, tmp_path: Path
) -> None:
    here = analyse_parts(parts_in(folder), read_part, DiskExecutor(tmp_path), SINGLES)
    assert on_cluster(address, folder, SINGLES).to_json() == here.to_json()


def test_the_command_computes_on_the_cluster(address: str, folder: Path, tmp_path: Path) -> None:
    there, here = tmp_path / "there.json", tmp_path / "here.json"
    done = run(folder, "--cluster", address, "--json", there)
    assert (done.returncode, done.stderr) == (0, "")
    assert "A 100" in " ".join(done.stdout.replace("│", " ").split())
    assert run(folder, "--json", here, "--scratch", tmp_path).returncode == 0
    assert there.read_text() == here.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here.json", "there.json"]


def twice(votes: Votes, by: int) -> tuple[Votes, int]:
    return Votes(votes.participant, votes.statement, votes.value * by), int(votes.value.sum())


def test_results_of_a_lost_worker_are_recomputed(address: str, folder: Path) -> None:
    with cluster(address) as executor:
        parts = executor.map_persist(read_part, parts_in(folder))
        for _ in range(3):
            parts, total = executor.map_accumulate(twice, parts, -1)
        lost = executor.map(whereabouts, parts)
        os.kill(next(lost)[0], signal.SIGKILL)
        parts, again = executor.map_accumulate(twice, parts, -1)
    assert (total, again) == (int(three_camps().value.sum()), -int(three_camps().value.sum()))


def test_an_unreachable_cluster_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_PATIENCE", 0.5)
    with (
        pytest.raises(NoCluster, match="No Dask scheduler answers at tcp://127"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass


def test_workers_of_another_version_are_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "__version__", "0.0.1")
    with pytest.raises(NoCluster, match=r"This is version 0\.0\.1"), cluster(address) as executor:
        assert isinstance(executor, DaskExecutor)
