"""An executor that runs on a Dask cluster.

Each worker receives the statements' parameters, tens of kilobytes. The votes stay where they were
read, and sums are reduced along a tree of fixed shape. Dask knows how each kept value was computed,
so it computes the value again if a worker is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import add, itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from middleground import __version__
from middleground.engine.distributed.executor import Handle, tree_reduce

if TYPE_CHECKING:
    from distributed import Client

Result = TypeVar("Result")
_PATIENCE = 10.0  # seconds to wait for an answer


class NoCluster(RuntimeError):
    """The cluster cannot be used; the message gives the reason and the remedy."""


@contextmanager
def cluster(address: str) -> Iterator[DaskExecutor]:
    """Connect to the scheduler at ``address`` and give an executor on its workers.

    Raises
    ------
    NoCluster
        Dask is not installed, the scheduler does not answer or has no worker, or a worker cannot
        import middleground or has another version of it.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise NoCluster("--cluster needs Dask: pip install 'middleground[cluster]'.") from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoCluster(f"No Dask scheduler answers at {address}: {error}") from error
    try:
        _check(client, address)
        yield DaskExecutor(client)
    finally:
        client.close()


def _check(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
        versions = set(client.run(_version).values())
    except TimeoutError as error:
        raise NoCluster(f"The scheduler at {address} has no worker.") from error
    except ImportError as error:
        raise NoCluster(f"The workers of {address} cannot import middleground.") from error
    if versions != {__version__}:
        told = ", ".join(sorted(versions))
        raise NoCluster(f"This is version {__version__}, but the workers of {address} have {told}.")


def _version() -> str:
    return __version__


class DaskExecutor:
    """See ``Executor``; the handles are Dask's futures."""

    keeps_caches = False

    def __init__(self, client: Client) -> None:
        self.client = client

    def map_persist(
        self, function: Callable[..., Any], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> list[Handle]:
        # Sent once; workers pass it on. Scattered data would be lost with its worker.
        told = self._submit(_itself, _Common(common))
        return [self._submit(_call, function, told, *part) for part in zip(*each, strict=True)]

    def map(
        self, function: Callable[..., Any], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> Iterator[Any]:
        waiting = self.map_persist(function, *each, common=common)
        waiting.reverse()
        while waiting:
            yield waiting.pop().result()

    def map_reduce(
        self, function: Callable[..., Result], *each: Sequence[Any], common: tuple[Any, ...] = ()
    ) -> Result:
        total: Result = self._total(self.map_persist(function, *each, common=common))
        return total

    def map_accumulate(
        self, function: Callable[..., tuple[Any, Result]], held: list[Handle], *common: Any
    ) -> tuple[list[Handle], Result]:
        pairs = self.map_persist(function, held, common=common)
        kept = [self._submit(itemgetter(0), pair) for pair in pairs]
        return kept, self._total([self._submit(itemgetter(1), pair) for pair in pairs])

    def release(self, held: list[Handle]) -> None:
        for future in held:
            future.release()

    def _total(self, sums: list[Handle]) -> Any:
        return tree_reduce(sums, lambda one, other: self._submit(add, one, other)).result()

    def _submit(self, function: Callable[..., Any], *arguments: Any) -> Handle:
        return self.client.submit(function, *arguments, pure=False)


@dataclass(frozen=True, slots=True)
class _Common:
    """The arguments shared by all parts, wrapped because Dask would traverse a plain tuple."""

    values: tuple[Any, ...]


def _itself(common: _Common) -> _Common:
    return common


def _call(function: Callable[..., Any], common: _Common, *part: Any) -> Any:
    return function(*part, *common.values)
