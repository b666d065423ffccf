"""What does an index that fails now and then cost, and what is lost? Beside the shapes of crawls that exist.

Each shape reads the requirements of every release of the same made-up index (`faultyindex.py`):

* threads and the JSON API: 64 threads, one request a release, a failure is the end of it;
* whole wheels: the page, then each wheel whole; asked for again five times where the status is 502 or 503, at once;
* coset: sidecars, verified, parts of wheels where there is none.
"""

import asyncio
import http.client
import io
import json
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import faultyindex
import loopback
from bench_crawl import NOW, manners, names
from faultyindex import Index
from measure import table

from crawler.crawl import crawl
from crawler.fetch import Fetcher
from crawler.metadata import parse_metadata
from crawler.order import Options
from crawler.pace import SystemClock
from crawler.progress import Nobody
from dataset.store import Store
from normalize.projects import ProjectName

PROJECTS = 200
_THREADS = 64

Found = dict[tuple[str, str], tuple[str, ...]]
"""(project, version) -> requirements as spelled, sorted."""


def truth() -> Found:
    """Return what every release requires."""
    return {
        (project, version): parse_metadata(loopback.metadata(project, version)).requires
        for project in names(PROJECTS)
        for version in (f"1.{minor}" for minor in range(loopback.RELEASES))
    }


def _get(url: str, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def json_api(index: Index) -> Found:
    """Ask the JSON API from many threads."""
    found: Found = {}

    def project(name: ProjectName) -> None:
        try:
            _, body = _get(index.url, f"/json/{name}")
            for version in json.loads(body)["releases"]:
                _, body = _get(index.url, f"/json/{name}/{version}")
                found[name, version] = tuple(sorted(json.loads(body)["info"]["requires_dist"]))
        except (OSError, http.client.HTTPException, ValueError):
            return  # as those who call `raise_for_status` in a thread and log what it raises

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(project, names(PROJECTS)))
    return found


def whole_wheels(index: Index) -> Found:
    """Download every wheel and read its metadata."""
    found: Found = {}

    def again(path: str) -> bytes | None:
        for _ in range(5):
            try:
                status, body = _get(index.url, path)
            except (OSError, http.client.HTTPException):
                return None
            if status not in (502, 503):
                return body if status == 200 else None
        return None

    def project(name: ProjectName) -> None:
        page = again(f"/simple/{name}/")
        try:
            files = json.loads(page or b"{}").get("files", [])
        except ValueError:
            return
        for file in files:
            version = file["filename"].split("-")[1]
            body = again(file["url"])
            try:
                with zipfile.ZipFile(io.BytesIO(body or b"")) as archive:
                    metadata = archive.read(f"{name}-{version}.dist-info/METADATA")
            except (zipfile.BadZipFile, KeyError):
                continue
            found[name, version] = parse_metadata(metadata).requires

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(project, names(PROJECTS)))
    return found


def coset(index: Index) -> Found:
    """Crawl as coset does, at no limited rate, the import names left out."""
    options = Options(index=f"{index.url}/simple/", started=NOW, since=NOW, newest=loopback.RELEASES, workers=10)

    async def run(store: Store) -> None:
        async with Fetcher(manners(), SystemClock()) as fetcher:
            await crawl(names(PROJECTS), options, store, fetcher, Nobody())

    with tempfile.TemporaryDirectory() as folder, Store.create(Path(folder) / "crawl.sqlite") as store:
        asyncio.run(run(store))
        return {
            (one.project, one.version): one.requires
            for one in store.releases(names(PROJECTS), files=False)
            if one.requires is not None
        }


SHAPES: dict[str, Callable[[Index], Found]] = {
    "64 threads and the JSON API, no second try": json_api,
    "whole wheels, five tries at once": whole_wheels,
    "coset": coset,
}


def main() -> None:
    """Print the section of the results."""
    right = truth()
    rows = []
    for label, shape in SHAPES.items():
        with faultyindex.running(PROJECTS) as index:
            start = time.perf_counter()
            found = shape(index)
            seconds = time.perf_counter() - start
        wrong = sum(right[key] != tuple(sorted(requires)) for key, requires in found.items())
        lost = len(right) - len(found)
        rows.append(
            [label, f"{index.requests:,}", f"{index.sent / 1e6:.1f}", f"{lost:,}", f"{wrong:,}", f"{seconds:.1f}"]
        )
    print(
        f"## What faults cost and lose\n\n{PROJECTS:,} projects, {len(right):,} releases, wheels of 0.3 MB; 15 of 100 "
        f"addresses fail on the first request (status 503, status 429, cut, closed, one bit changed), and 5 of 100 "
        f"sidecars are missing. Lost: releases whose requirements are not known in the end; wrong: taken for known, "
        f"and not what the package says.\n"
    )
    print(table(["shape", "requests", "MB", "lost", "wrong", "seconds"], rows))


if __name__ == "__main__":
    main()
