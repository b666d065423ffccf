"""How fast does the crawl go, beside the fastest that the same server and the same client library can do?

Prints Markdown for RESULTS.md. Everything is served on the loopback interface by nginx where it is installed, else by
`loopback.py`; rates are medians of runs in turns, so that a busy machine slows all of them alike.
"""

import argparse
import asyncio
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import aiohttp
import loopback
from measure import megabytes, table, unit
from unchanged import refreshed

from crawler.crawl import crawl
from crawler.fetch import Fetcher
from crawler.manners import Manners
from crawler.order import Options
from crawler.pace import BURST_SECONDS, SystemClock
from crawler.progress import Nobody
from crawler.replay import replayed
from crawler.source import Answer, Lane, Request
from dataset.records import Timestamp
from dataset.store import Store
from normalize.projects import ProjectName

CONNECTIONS = 10
"""The most that coset opens to one host; everything here uses as many."""

ROUNDS = 5
NOW = Timestamp("2026-11-01T00:00:00Z")
_BURST = 2 * BURST_SECONDS
"""How much of a rate's time is not looked at: a burst is sent as fast as the machine can, and more is due meanwhile."""

FASTEST = 1e9
"""Requests a second: no limit, because the limit is not what is measured."""


def names(count: int) -> list[ProjectName]:
    """Return the names of the server's first projects."""
    return [ProjectName(f"p{i}") for i in range(count)]


def manners(rate: float = FASTEST) -> Manners:
    """Return those that ask at a rate for files; the usual one does not slow anything down."""
    rates: dict[Lane, float] = {"index": FASTEST, "files": rate}
    return Manners(agent="coset/benchmark", contact="a benchmark", connections=CONNECTIONS, rates=rates)


# the servers ----------------------------------------------------------------------------------------------------------

_NGINX = """
{user} daemon off; pid {folder}/pid; error_log stderr crit; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    access_log off; keepalive_requests 1000000; sendfile on; default_type text/plain;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    server {{ listen 127.0.0.1:{port}; root {folder}/web; index index.json; etag off; if_modified_since off; }}
}}
"""


@contextmanager
def static(folder: Path, projects: int) -> Iterator[str]:
    """Serve so many projects as files, with nginx where there is one."""
    if shutil.which("nginx") is None:
        with generated(projects) as url:
            yield url
        return
    web = folder / "web"
    for project in names(projects):
        page = web / "simple" / project / "index.json"
        page.parent.mkdir(parents=True)
        page.write_bytes(loopback.page(project))
        for minor in range(loopback.RELEASES):
            file = web / "files" / f"{project}-1.{minor}-py3-none-any.whl.metadata"
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(loopback.metadata(project, f"1.{minor}"))
    (web / "simple" / "index.json").write_bytes(loopback.root(projects))
    port = _free_port()
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers may not read the folder
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(folder=folder, port=port, user=user))
    command: list[str | Path] = ["nginx", "-p", folder, "-c", config]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGQUIT)


@contextmanager
def generated(projects: int) -> Iterator[str]:
    """Serve so many projects computed from their addresses, which takes no room."""
    command = [sys.executable, loopback.__file__, str(projects)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def _free_port() -> int:
    import socket  # noqa: PLC0415

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int) -> None:
    import socket  # noqa: PLC0415

    for _ in range(200):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("nginx does not answer")


# what is measured -----------------------------------------------------------------------------------------------------


def sidecars(url: str, projects: int) -> list[tuple[str, str]]:
    """Return the address and hash of every sidecar."""
    found = []
    for project in names(projects):
        for minor in range(loopback.RELEASES):
            body = loopback.metadata(project, f"1.{minor}")
            address = f"{url}/files/{project}-1.{minor}-py3-none-any.whl.metadata"
            found.append((address, hashlib.sha256(body).hexdigest()))
    return found


async def _in_turns(jobs: list[tuple[str, str]], do: Callable[[str, str], Awaitable[None]]) -> float:
    """Return how many jobs a second are done by as many workers as there are connections."""
    waiting = iter(jobs)

    async def work() -> None:
        for address, digest in waiting:
            await do(address, digest)

    start = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    return len(jobs) / (time.perf_counter() - start)


async def bare(jobs: list[tuple[str, str]]) -> float:
    """Return what aiohttp alone does."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:

        async def do(address: str, _digest: str) -> None:
            async with session.get(address) as response:
                await response.read()

        return await _in_turns(jobs, do)


async def fetched(url: str, jobs: list[tuple[str, str]]) -> float:
    """Return what the fetcher does, hashes verified."""
    async with Fetcher(manners(), SystemClock()) as fetcher:
        fetcher.allow(url)

        async def do(address: str, digest: str) -> None:
            answer = await fetcher.get(Request(url=address, lane="files", cap=8 << 20, sha256=digest))
            assert isinstance(answer, Answer), answer

        return await _in_turns(jobs, do)


async def achieved(jobs: list[tuple[str, str]], rate: float) -> float:
    """Return at which rate requests go out that are to keep to one, once the burst at the start is over."""
    async with Fetcher(manners(rate), SystemClock()) as fetcher:
        fetcher.allow(jobs[0][0])
        finished: list[float] = []

        async def do(address: str, digest: str) -> None:
            answer = await fetcher.get(Request(url=address, lane="files", cap=8 << 20, sha256=digest))
            assert isinstance(answer, Answer), answer
            finished.append(time.perf_counter())

        await _in_turns(jobs, do)
    burst = round(_BURST * rate) + CONNECTIONS
    return (len(finished) - burst - 1) / (finished[-1] - finished[burst])


def crawled(url: str, projects: int, db: Path) -> tuple[float, int]:
    """Crawl everything into a new dataset; return files a second and the number of requests."""
    options = Options(index=f"{url}/simple/", started=NOW, since=NOW, newest=loopback.RELEASES, workers=CONNECTIONS)

    async def run() -> int:
        async with Fetcher(manners(), SystemClock()) as fetcher:
            summary = await crawl(names(projects), options, store, fetcher, Nobody())
            assert summary.known.total() == projects * loopback.RELEASES, summary
            return summary.requests

    start = time.perf_counter()
    with Store.create(db) as store:
        requests = asyncio.run(run())
    return requests / (time.perf_counter() - start), requests


def wrk(url: str) -> float | None:
    """Return what the fastest client there is does, where it is installed."""
    if shutil.which("wrk") is None:
        return None
    address = f"{url}/files/p1-1.0-py3-none-any.whl.metadata"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", "-d2s", address]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(out.partition("Requests/sec:")[2].split()[0])


def replay_rate(db: Path, projects: int) -> float:
    """Return how many releases a second newer rules could read again from what is stored."""
    with Store.open(db) as store:
        for _ in range(2):  # the second time every requirement is known
            start = time.process_time()
            count = 0
            for project in names(projects):
                texts: dict[str, list[object]] = {}
                for text in store.texts(project):
                    texts.setdefault(text.version, []).append(text)
                for release in store.releases([project]):
                    again, _ = replayed(release, tuple(texts[release.version]))  # type: ignore[arg-type]
                    assert again.requires == release.requires
                    count += 1
    return count / (time.process_time() - start)


def pipeline(folder: Path, projects: int) -> str:
    """Return the section about rates."""
    rates: dict[str, list[float]] = {"wrk": [], "bare": [], "fetch": [], "crawl": []}
    with static(folder, projects) as url:
        jobs = sidecars(url, projects)
        for turn in range(ROUNDS):
            fastest = wrk(url)
            if fastest is not None:
                rates["wrk"].append(fastest)
            rates["bare"].append(asyncio.run(bare(jobs)))
            rates["fetch"].append(asyncio.run(fetched(url, jobs)))
            rates["crawl"].append(crawled(url, projects, folder / f"{turn}.sqlite")[0])
        replay = replay_rate(folder / "0.sqlite", projects)
    middle = {key: median(several) for key, several in rates.items() if several}
    rows = []
    for key, label, target in (
        ("wrk", "wrk, 10 connections: what the server can give", ""),
        ("bare", "bare aiohttp loop, 10 connections", ""),
        ("fetch", "fetch and verify", ">= 0.90"),
        ("crawl", "whole pipeline: fetch, verify, parse, commit", ">= 0.50"),
    ):
        if key in middle:
            of_wrk = f"{middle[key] / middle['wrk']:.2f}" if "wrk" in middle else "-"
            rows.append([label, f"{middle[key]:,.0f}", f"{middle[key] / middle['bare']:.2f}", target, of_wrk])
    rows.append(["replay from stored texts, one core", f"{replay:,.0f}", "-", ">= 4,000 a second", "-"])
    server = "nginx" if shutil.which("nginx") else "loopback.py"
    files = projects * loopback.RELEASES
    return (
        f"## The crawl's pipeline on the loopback interface\n\n{projects:,} projects, {files:,} sidecars of 9.7 kB, "
        f"served by {server}; medians of {ROUNDS} runs in turns.\n\n"
        + table(["what", "requests/s", "x bare aiohttp", "to reach", "x wrk"], rows)
    )


def paced(folder: Path, rates: tuple[float, ...], seconds: float) -> str:
    """Return the section about rates that are kept, each measured for so many seconds after its burst."""
    rows = []
    most = round((seconds + _BURST) * max(rates)) + CONNECTIONS
    with static(folder, most // loopback.RELEASES + 1) as url:
        jobs = sidecars(url, most // loopback.RELEASES + 1)
        for rate in rates:
            found = asyncio.run(achieved(jobs[: round((seconds + _BURST) * rate) + CONNECTIONS], rate))
            rows.append([f"{rate:g}", f"{found:.2f}", f"{100 * (found / rate - 1):+.1f} %"])
    return (
        f"## A rate that is kept\n\nRequests a second to one host, over {seconds:g} s after the burst at the start. "
        "To reach: within 5 %.\n\n" + table(["configured", "achieved", "off by"], rows)
    )


def memory(sizes: tuple[int, ...]) -> str:
    """Return the section about memory: each size in a process of its own."""
    rows = []
    for projects in sizes:
        with tempfile.TemporaryDirectory() as folder, generated(projects) as url:
            command = [sys.executable, __file__, "--crawl", url, str(projects), f"{folder}/crawl.sqlite"]
            start = time.perf_counter()
            with subprocess.Popen(command) as process:
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            assert process.returncode == 0
            size = (Path(folder) / "crawl.sqlite").stat().st_size
        files = projects * loopback.RELEASES
        seconds = time.perf_counter() - start
        memory = usage.ru_maxrss * 1024
        rows.append([f"{files:,}", f"{seconds:.0f}", megabytes(memory), f"{megabytes(size)}"])
    return "## Memory of a crawl\n\nTo stay under: 150 MB, however many.\n\n" + table(
        ["files", "seconds", "peak MB", "dataset MB"], rows
    )


def nothing_new(sizes: tuple[int, ...]) -> str:
    """Return the section about refreshes of datasets that are as the index says."""
    rows = []
    before: tuple[float, int] | None = None
    for projects in sizes:
        with tempfile.TemporaryDirectory() as folder, generated(projects) as url:
            taken, requests = refreshed(url, projects, Path(folder) / "crawl.sqlite")
        one = median(run.processor for run in unit(3))
        more = "-" if before is None else f"{(taken.processor - before[0]) / (projects - before[1]) * 1e6:.0f}"
        before = taken.processor, projects
        seconds, units = f"{taken.processor:.2f}", f"{taken.processor / one:.1f}"
        rows.append([f"{projects:,}", str(requests), seconds, units, more, megabytes(taken.memory)])
    return (
        "## A refresh where nothing has changed\n\n`coset crawl --all`, the whole process. To reach: one request, "
        "under 2 s for 10,000 projects, and 50 us for each further one.\n\n"
        + table(["projects", "requests", "processor s", "units", "us for each further project", "peak MB"], rows)
    )


def main() -> None:
    """Measure, or crawl once in this process for another that measures."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--full", action="store_true", help="up to 1,000,000 files, which takes most of an hour")
    arguments.add_argument("--crawl", nargs=3, metavar=("URL", "PROJECTS", "DB"), help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.crawl:
        url, projects, db = given.crawl
        crawled(url, int(projects), Path(db))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(pipeline(Path(folder), 600), end="\n\n")
    with tempfile.TemporaryDirectory() as folder:
        print(paced(Path(folder), (8.0, 16.0, 50.0, 200.0), 10.0), end="\n\n")
    print(memory((200, 2_000, 20_000, 200_000) if given.full else (200, 2_000)), end="\n\n")
    print(nothing_new((10_000, 100_000, 700_000) if given.full else (10_000, 100_000)))


if __name__ == "__main__":
    main()
