"""A sweep on a Dask cluster of two local workers; loopback only."""

import socket
import time
import warnings

import pytest
from toys import current, question, registry

from coset import sweeptask
from coset.crews import Cluster, Here
from coset.sweeptask import Assignment
from coset.workers import MOST_DEATHS, finished
from normalize.errors import OutsideError, UsageError
from solver.ease import available
from solver.scope import ANYWHERE
from solver.statusquo import StatusQuo

# A cluster that ends closes its sockets and processes when the collector comes by; none of it is coset's.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(distributed|dask|tornado|asyncio)"),
]

TOWN = registry(
    *("free 1.0 @1", "free 2.0 @3", "lib 1.0 @1", "lib 2.0 @3", "strict 1.0 @4: lib<2", "strict 1.1 @5: lib<2"),
    *("pair 1.0 @1: half==1.0", "pair 2.0 @3: half==2.0", "half 1.0 @1", "half 2.0 @3"),
)


@pytest.fixture(scope="module")
def distributed():
    """Import Dask's scheduler where it is used: it takes long."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of what dask uses itself
        return pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster(distributed):
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=False,
            protocol="tcp",
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def assignment():
    names = ("free", "lib", "strict", "pair", "half")
    return Assignment(question(TOWN, current(*(f"{name} 1.0" for name in names))), ANYWHERE, "auto")


def test_two_workers_find_what_one_process_finds(cluster, assignment):
    quo = StatusQuo(assignment.question)
    updates = available(quo)
    sweeptask.begin("here", assignment, quo)
    alone = dict(finished(Here(), sweeptask.answer, updates, "here"))
    sweeptask.forget("here")
    with Cluster(cluster.scheduler_address, "there", sweeptask.packed(assignment), sweeptask.receive) as crew:
        assert crew.size == 4
        together = dict(finished(crew, sweeptask.answer, updates, "there"))
        crew.check()
        crew.renew()
    assert together == alone
    assert [one.project for one in updates] == ["free", "half", "lib", "pair", "strict"]


def nothing(key, payload):
    """Begin without anything to read."""


def test_a_task_that_killed_its_workers_is_given_up(cluster, distributed):
    """The scheduler has tried it on several by then."""
    with Cluster(cluster.scheduler_address, "deadly", b"", nothing) as crew:
        killed = distributed.KilledWorker("task", None, 3)
        assert (crew.deaths(killed), crew.deaths(OSError())) == (MOST_DEATHS, 0)


def test_a_scheduler_that_goes_away(cluster):
    with Cluster(cluster.scheduler_address, "gone", b"", nothing) as crew:
        crew._client.close()
        with pytest.raises(OutsideError, match="went away"):
            crew.check()


def test_a_scheduler_without_workers(monkeypatch, distributed):
    monkeypatch.setattr("coset.crews.ASSEMBLY", 0.2)
    with (
        distributed.LocalCluster(
            n_workers=0,
            processes=False,
            protocol="tcp",
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as idle,
        pytest.raises(OutsideError, match="has no workers"),
        Cluster(idle.scheduler_address, "idle", b"", nothing),
    ):
        pass


def refuse(key, payload):
    raise ValueError("no such thing here")


def test_workers_that_cannot_begin(cluster):
    with (
        pytest.raises(OutsideError, match="cannot begin: ValueError: no such thing here"),
        Cluster(cluster.scheduler_address, "refused", b"", refuse),
    ):
        pass


def test_a_task_s_own_error(cluster):
    with Cluster(cluster.scheduler_address, "own", b"", nothing) as crew, pytest.raises(ZeroDivisionError):
        list(finished(crew, (1).__truediv__, [0]))


def test_a_scheduler_that_is_not_there(monkeypatch):
    monkeypatch.setattr("coset.crews.PATIENCE", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        began = time.monotonic()
        with (
            pytest.raises(OutsideError, match="no Dask scheduler answers at") as caught,
            Cluster(address, "k", b"", nothing),
        ):
            pass
    assert time.monotonic() - began < 20
    assert "dask scheduler" in caught.value.hint


def test_an_address_that_is_none():
    with (
        pytest.raises(OutsideError, match="no Dask scheduler answers at 'carrier pigeon'"),
        Cluster("carrier pigeon", "k", b"", nothing),
    ):
        pass


def test_without_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(UsageError, match="is not installed") as caught, Cluster("tcp://127.0.0.1:1", "k", b"", nothing):
        pass
    assert "coset[distributed]" in caught.value.hint
