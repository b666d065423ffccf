"""``coset sweep --scheduler`` with two Dask workers that are processes, of which one is killed; loopback only."""

import contextlib
import io
import json
import os
import socket
import subprocess
import sys
import warnings
from pathlib import Path

import mortal
import pytest
from toys import release

from coset import sweeping
from coset.__main__ import main
from dataset.store import Store

# A cluster that ends closes its sockets when the collector comes by; none of it is coset's.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(distributed|dask|tornado|asyncio)"),
]

RELEASES = (
    *("free 1.0 @1", "free 2.0 @3", "lib 1.0 @1", "lib 2.0 @3", "strict 1.0 @4: lib<2", "strict 1.1 @5: lib<2"),
    *("pair 1.0 @1: half==1.0", "pair 2.0 @3: half==2.0", "half 1.0 @1", "half 2.0 @3"),
)
TESTS = Path(__file__).parents[1]
FULL = 120
"""So long (seconds) the workers may take to start on a machine that has much else to do."""


@pytest.fixture(scope="module")
def distributed():
    """Import Dask's scheduler where it is used: it takes long."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of what dask uses itself
        return pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    with Store.create(folder / "town.sqlite") as store:
        store.put([release(text) for text in RELEASES])
    attributes = {name: {"project": name, "version": "1.0"} for name in ("free", "half", "lib", "pair", "strict")}
    current = {"schema": 1, "revision": "r", "date": "2026-07-15", "attributes": attributes}
    (folder / "set.json").write_text(json.dumps(current))
    (folder / "policy.toml").write_text("schema = 1\n")
    return folder


@pytest.fixture(scope="module")
def pooled(town):
    """Return what a pool of processes finds, which are forked as long as there is no cluster with its threads."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        assert main(["sweep", *places(town), "--workers", "2"]) == 0
    return told.getvalue()


@pytest.fixture(scope="module")
def scheduler(distributed, pooled, town, tmp_path_factory):
    """Start a scheduler here, and two workers as a user does, who find what they are to call as installed modules."""
    with distributed.LocalCluster(
        n_workers=0,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as cluster:
        address = cluster.scheduler_address
        options = ("--no-nanny", "--no-dashboard", "--nthreads=1", "--memory-limit=0", "--host=127.0.0.1")
        place = ("--local-directory", str(tmp_path_factory.mktemp("dask")), "--death-timeout", str(FULL))
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join((str(TESTS), str(TESTS.parent))),
            mortal.MARKS: str(town),
        }
        workers = [
            subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_worker", address, *options, *place],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]
        try:
            with distributed.Client(address, set_as_default=False) as client:
                client.wait_for_workers(2, timeout=FULL)
            yield address, workers
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()


def places(town):
    files = {"db": "town.sqlite", "nixpkgs": "set.json", "policy": "policy.toml", "journal": "journal.jsonl"}
    return *(part for name, file in files.items() for part in (f"--{name}", str(town / file))), "--anew", "--json"


def sweep(town, capsys, *arguments):
    status = main(["sweep", *places(town), *arguments])
    return status, capsys.readouterr()


def test_processes_of_a_cluster_find_what_a_pool_finds_also_when_one_is_killed(
    town, pooled, scheduler, capsys, monkeypatch
):
    address, workers = scheduler
    assert json.loads(pooled)["summary"] == {"free": 2, "relaxing": 1, "others": 2, "vendoring": 0, "impossible": 0}
    status, cluster = sweep(town, capsys, "--scheduler", address)
    assert (status, cluster.out) == (0, pooled)
    assert [worker.poll() for worker in workers] == [None, None]
    monkeypatch.setattr(sweeping.sweeptask, "answer", mortal.answer_or_die)
    (town / "lib").touch()
    status, bereft = sweep(town, capsys, "--scheduler", address)
    assert (status, bereft.out) == (0, pooled)
    assert not (town / "lib").exists()
    assert sorted(worker.poll() is None for worker in workers) == [False, True]


def test_a_scheduler_that_is_not_there_is_one_sentence(town, capsys, monkeypatch):
    monkeypatch.setattr("coset.crews.PATIENCE", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        status, done = sweep(town, capsys, "--scheduler", address)
    assert (status, done.out) == (3, "")
    error, hint = done.err.splitlines()
    assert f"no Dask scheduler answers at '{address}'" in error
    assert "dask scheduler" in hint
