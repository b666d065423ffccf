"""What is left of a crawl whose process is killed in the midst of writing? Real processes and signals, many in turn.

Called as ``killed.py FOLDER``. One process is started, which forks those that are killed: so there is time for many.
"""

import asyncio
import gc
import hashlib
import json
import os
import resource
import signal
import sqlite3
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from builtfiles import make_sdist, make_wheel  # noqa: E402 - what tests share, wherever this is called
from fakeindex import NOW, FakeIndex, run_crawl  # noqa: E402

from crawler import commits  # noqa: E402
from crawler.crawl import crawl  # noqa: E402
from crawler.fetch import Fetcher, Manners  # noqa: E402
from crawler.order import Options  # noqa: E402
from crawler.pace import SystemClock  # noqa: E402
from crawler.progress import Nobody  # noqa: E402
from dataset.shards import to_shards  # noqa: E402
from dataset.store import Store  # noqa: E402

NAMES = [f"n{i}" for i in range(9)]
FEW = ["n3", "n5", "n6"]
"""Those that are crawled by the processes that are killed: one has something odd of every kind."""

STEP = 9
"""A crawl is killed before each ninth of its statements."""

ROOM = range(5_000, 150_000, 25_000)
"""Sizes that a file of the dataset cannot exceed; at the first write beyond, in the middle of it, the process dies."""


def small_world():
    fake = FakeIndex(etags=True)
    for i, name in enumerate(NAMES):
        fake.add(name, make_wheel(name, "1.0", [f"n{(i + 4) % 9}"]), advertised=True, yanked="no" if i == 3 else None)
        fake.add(name, make_sdist(name, "0.9", requires=["old"], dynamic=["Requires-Dist"] if i % 2 else []))
        fake.add(name, make_wheel(name, "2.0b1"))
    fake.add("n5", ("n5-1.6.tar.gz", b"no archive"))
    fake.add("n6", ("other-1.tar.gz", b""))
    fake.changed(*NAMES)
    return fake


class Statements(sqlite3.Connection):
    """Counts the statements that SQLite is about to run, of all connections; the process dies before one of them."""

    count = 0
    fatal = None
    note = None

    def __init__(self, *given, **named):
        super().__init__(*given, **named)
        self.set_trace_callback(self._counted)

    def _counted(self, statement):
        Statements.count += 1
        if Statements.count == Statements.fatal:
            inside = "inside" if self.in_transaction else "outside"
            Statements.note.write_text(f"{inside} {statement.split()[0]}")
            os.kill(os.getpid(), signal.SIGKILL)


def forked(work):
    """Do the work in a process of its own; return how that ended, as `subprocess` tells it."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - nothing of it may go on in this copy of the process
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def crawled(path):
    """Crawl to the end."""
    with Store.create(path) as store:
        run_crawl(small_world(), store, FEW)


def crawled_at(url, path):
    """Crawl to the end what another process serves."""

    async def run(store):
        manners = Manners(agent="coset/test", rates={"index": 1e9, "files": 1e9})
        options = Options(index=url, started=NOW, since=NOW)
        async with Fetcher(manners, SystemClock()) as fetcher:
            await crawl(FEW, options, store, fetcher, Nobody())

    with Store.create(path) as store:
        asyncio.run(run(store))


def left(path):
    """Return a hash of all that the dataset has, which is whole."""
    with Store.open(path) as store:
        content = hashlib.sha256(b"".join(name.encode() + data for name, data in to_shards(store))).hexdigest()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    return content


def killed_at(statement, path, note):
    """Crawl, and be killed before the n-th statement."""
    Statements.count, Statements.fatal, Statements.note = 0, statement, note
    crawled(path)


def killed_beyond(size, path, _note):
    """Crawl, and be killed by the write that takes a file beyond this size."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    crawled(path)


def main(folder):
    """Print how each process ended, where, and what the crawl after it made of the dataset that was left."""
    connect = sqlite3.connect
    sqlite3.connect = lambda *given, **named: connect(*given, factory=Statements, **named)
    commits.BATCH = 2
    crawled(folder / "whole.db")  # here, so that the forks have imported everything
    statements, whole, note = Statements.count, left(folder / "whole.db"), folder / "note"
    gc.freeze()
    deaths = [(killed_at, one) for one in range(1, statements, STEP)] + [(killed_beyond, one) for one in ROOM]
    found = []
    for number, (kill, at) in enumerate(deaths):
        path = folder / f"{number}.db"
        note.write_text("inside write" if kill is killed_beyond else "")
        ended = forked(lambda: kill(at, path, note))  # noqa: B023 - it is done before the next turn
        crawled(path)
        found.append({"ended": ended, "where": note.read_text(), "same": left(path) == whole})
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
