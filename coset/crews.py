"""Who does the work: this process, a pool of processes, or a Dask cluster?"""

import logging
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from coset.workers import MOST_DEATHS
from normalize.errors import OutsideError, UsageError

PATIENCE = 5
"""So long (seconds) a scheduler that does not answer is waited for."""

ASSEMBLY = 15
"""So long (seconds) the first worker of a scheduler that answers is waited for."""


def usual_size() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1


class Here:
    """This process alone: nothing to start, and nothing that could die by itself."""

    size = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Call the function now."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:  # noqa: BLE001 -- whoever asks for the result gets it
            future.set_exception(error)
        return future

    def renew(self) -> None:
        """Do nothing."""

    def deaths(self, error: BaseException) -> int:  # noqa: ARG002 -- what a crew promises
        """Return 0: if this process dies, nobody hears of it."""
        return 0

    def check(self) -> None:
        """Do nothing."""


class Pool:
    """Processes on this machine.

    They are forked where that is safe, on Linux and while this process has no thread but its own: then they have at
    once all that this process has read. Elsewhere they start anew and get what they need.

    Args:
        size: how many processes.
        begin: called in each process before it gets a task, with the key and the payload.
        key: names what the processes get.
        payload: makes what processes get that start anew; forked ones get no bytes.
    """

    def __init__(self, size: int, begin: Callable[[str, bytes], None], key: str, payload: Callable[[], bytes]) -> None:
        self.size = size
        self._begin, self._key, self._payload = begin, key, payload
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Have the function called in one of the processes."""
        assert self._pool is not None
        return self._pool.submit(function, *arguments)

    def renew(self) -> None:
        """Replace all processes."""
        self._stop()
        self._start()

    def deaths(self, error: BaseException) -> int:
        """Return 1 where the pool is broken."""
        return int(isinstance(error, BrokenExecutor))

    def check(self) -> None:
        """Do nothing: a pool tells by itself when it breaks."""

    def _start(self) -> None:
        forks = sys.platform == "linux" and threading.active_count() == 1
        self._pool = ProcessPoolExecutor(
            self.size,
            mp_context=multiprocessing.get_context("fork" if forks else "spawn"),
            initializer=self._begin,
            initargs=(self._key, b"" if forks else self._payload()),
        )

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


class Cluster:
    """The workers of a Dask scheduler, which may lie on other machines; coset must be installed there, too.

    Args:
        address: of the scheduler, such as ``tcp://10.0.0.5:8786``.
        key: names what the workers get.
        begin: called on each worker, also on those that come later, with the key and the payload.
        payload: what the workers get.
    """

    def __init__(self, address: str, key: str, payload: bytes, begin: Callable[[str, bytes], None]) -> None:
        self.size = 1
        self._address, self._key, self._payload, self._begin = address, key, payload, begin
        self._client: Any = None
        self._pool: Any = None

    def __enter__(self) -> Self:
        distributed = _distributed()
        try:
            self._client = distributed.Client(self._address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:  # TimeoutError is an OSError
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise OutsideError(
                f"no Dask scheduler answers at {self._address!r}: {reason}",
                hint="start one with 'dask scheduler', or leave --scheduler out",
            ) from None
        try:
            self._begin_all()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError, RuntimeError):  # whoever went away meanwhile needs no farewell
            if self._client.status == "running":
                self._pool.shutdown(wait=False)
                self._client.unregister_worker_plugin(self._key)
            self._client.close(timeout=PATIENCE)

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Have the function called by one of the workers."""
        future: Future[Any] = self._pool.submit(function, *arguments)
        return future

    def renew(self) -> None:
        """Do nothing: the scheduler replaces workers, and gives their tasks to others."""

    def deaths(self, error: BaseException) -> int:
        """Return all deaths at once: the scheduler has given the task to other workers already."""
        return MOST_DEATHS if isinstance(error, _distributed().KilledWorker) else 0

    def check(self) -> None:
        """Raise OutsideError where the scheduler is gone, or has no worker left."""
        if self._client.status != "running":
            raise OutsideError(
                f"the Dask scheduler at {self._address!r} went away", hint="run it again: what is finished is kept"
            )

    def _begin_all(self) -> None:
        distributed = _distributed()
        try:
            self._client.wait_for_workers(1, timeout=ASSEMBLY)
        except TimeoutError:
            raise OutsideError(
                f"the Dask scheduler at {self._address!r} has no workers", hint="start some with 'dask worker'"
            ) from None
        key, payload, begin = self._key, self._payload, self._begin

        class Plugin(distributed.WorkerPlugin):  # type: ignore[misc, name-defined]  # known only where it is installed
            name = key

            def setup(self, worker: Any) -> None:  # noqa: ARG002 -- what a plugin promises
                begin(key, payload)

        try:
            self._client.register_plugin(Plugin())
        except Exception as error:  # whatever the workers' setup raised comes back here
            raise OutsideError(
                f"the workers of {self._address!r} cannot begin: {type(error).__name__}: {error}",
                hint="they need the same coset and Python as this process",
            ) from error
        self.size = 2 * max(1, sum(self._client.nthreads().values()))  # the next task is there when one is done
        self._pool = self._client.get_executor(pure=False, retries=0)


def _distributed() -> Any:
    try:
        import distributed  # noqa: PLC0415 -- an extra, and it takes a second
    except ImportError:
        raise UsageError(
            "--scheduler needs dask.distributed, which is not installed", hint="pip install 'coset[distributed]'"
        ) from None
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # a lost connection is told in one sentence
    return distributed
