"""A package index on the loopback interface, with whatever faults a test asks for."""

import asyncio
import datetime as dt
import functools
import hashlib
import html
import json
import threading
from collections import Counter
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from aiohttp import web
from builtfiles import wheel_metadata

from crawler.crawl import crawl
from crawler.fetch import Fetcher, Manners
from crawler.limits import NO_LIMITS
from crawler.order import Options
from crawler.progress import Nobody
from dataset.records import Timestamp

NOW = Timestamp("2026-05-01T10:00:00Z")


class FakeClock:
    """Time that passes at once."""

    def __init__(self):
        self.now = 0.0
        self.slept = []

    def monotonic(self):
        return self.now

    def wall(self):
        return dt.datetime(2026, 5, 1, 10, tzinfo=dt.UTC).timestamp() + self.now

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)

    def jitter(self):
        return 1.0


@dataclass
class Upload:
    """One file as the index has it."""

    name: str
    body: bytes
    uploaded: str | None = "2026-01-01T00:00:00.123456Z"
    requires_python: str | None = None
    yanked: str | None = None
    sidecar: bytes | None = None
    advertised: bool = False
    sha256: str | None = None


@dataclass
class FakeIndex:
    """What the index serves, and what it was asked for.

    Attributes:
        faults: path -> handlers that answer instead, each once (a handler that returns None lets the file be served).
        log: (path, headers) of every request.
        serials: of each project; where there is one, the root list has them, and the pages unless told otherwise.
        status: project -> what PEP 792 says of it.
        held: what answers wait for once the requests have come in that `asked` waits for.
    """

    form: str = "json"
    ranges: bool = True
    sidecars: bool = True
    sizes: bool = True
    etags: bool = False
    projects: dict[str, list[Upload]] = field(default_factory=dict)
    faults: dict[str, list] = field(default_factory=dict)
    always: dict[str, object] = field(default_factory=dict)
    log: list = field(default_factory=list)
    served: Counter = field(default_factory=Counter)
    url: str = ""
    port: int = 0
    awaited: tuple | None = None
    held: asyncio.Event | None = None
    serials: dict[str, int] = field(default_factory=dict)
    numbered_pages: bool = True
    status: dict[str, dict] = field(default_factory=dict)

    def add(self, project, file, **facts):
        name, body = file
        upload = Upload(name, body, **facts)
        if upload.sidecar is None and name.endswith(".whl") and self.sidecars:
            upload.sidecar = wheel_metadata(body)
        self.projects.setdefault(project, []).append(upload)
        return upload

    def path(self, upload):
        return _path(upload.name)

    async def asked(self, count):
        """Wait until so many requests have come in."""
        self.awaited = (count, asyncio.Event())
        async with asyncio.timeout(60):
            await self.awaited[1].wait()

    def paths(self):
        return [path for path, _ in self.log]

    @asynccontextmanager
    async def serve(self):
        application = web.Application()
        application.router.add_get("/{path:.*}", self._handle)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.01)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        await site.start()
        self.port = runner.addresses[0][1]  # a second crawl finds the same index
        self.url = f"http://127.0.0.1:{self.port}"
        try:
            yield f"{self.url}/simple/"
        finally:
            await runner.cleanup()

    async def _handle(self, request):
        path = request.path
        self.log.append((path, dict(request.headers)))
        self.served[path] += 1
        if self.awaited is not None and len(self.log) >= self.awaited[0]:
            self.awaited[1].set()
            if self.held is not None:
                await self.held.wait()
        if self.faults.get(path):
            answer = await _called(self.faults[path].pop(0), request)
            if answer is not None:
                return answer
        if path in self.always:
            return await _called(self.always[path], request)
        if path == "/simple/":
            return self._root(request)
        if path.startswith("/simple/"):
            return self._page(path.removeprefix("/simple/").strip("/"), request)
        for uploads in self.projects.values():
            for upload in uploads:
                if path == self.path(upload):
                    return self._file(upload.body, request)
                if path == self.path(upload) + ".metadata" and upload.sidecar is not None:
                    return web.Response(body=upload.sidecar)
        return web.Response(status=404)

    def changed(self, *projects):
        """Give the projects the next serial."""
        newest = max(self.serials.values(), default=0) + 1
        self.serials |= dict.fromkeys(projects, newest)

    def _root(self, request):
        if not self.serials:
            return web.Response(status=404)
        names = [{"name": name, "_last-serial": serial} for name, serial in self.serials.items()]
        body = json.dumps({"meta": {"api-version": "1.1"}, "projects": names}).encode()
        headers = {"ETag": f'"{hashlib.md5(body).hexdigest()}"'}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, headers=headers, content_type="application/vnd.pypi.simple.v1+json")

    def _page(self, project, request):
        if project not in self.projects:
            return web.Response(status=404)
        wants_json = "json" in request.headers.get("Accept", "")
        body = self.page(project, times=wants_json).encode()
        kind = "application/vnd.pypi.simple.v1+json" if self.form == "json" else "text/html"
        headers = {"Content-Type": kind}
        if self.etags:
            headers["ETag"] = f'"{hashlib.md5(body).hexdigest()}"'
            if request.headers.get("If-None-Match") == headers["ETag"]:
                return web.Response(status=304, headers={"ETag": headers["ETag"]})
        return web.Response(body=body, headers=headers)

    def page(self, project, *, times=True):
        uploads = self.projects[project]
        if self.form == "json":
            meta = {"api-version": "1.1"}
            if self.numbered_pages and project in self.serials:
                meta["_last-serial"] = self.serials[project]
            page = {"meta": meta, "name": project, "files": [self._json_file(one) for one in uploads]}
            return json.dumps(page | ({"project-status": self.status[project]} if project in self.status else {}))
        links = "".join(self._link(one, times) for one in uploads)
        return (
            '<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0">'
            f"<title>Links for {project}</title></head><body><h1>Links for {project}</h1>{links}</body></html>"
        )

    def _json_file(self, one):
        file = {
            "filename": one.name,
            "url": f"../..{self.path(one)}",
            "hashes": {"sha256": one.sha256 or hashlib.sha256(one.body).hexdigest()},
            "upload-time": one.uploaded,
            "requires-python": one.requires_python,
            "yanked": one.yanked if one.yanked is not None else False,
        }
        if self.sizes:
            file["size"] = len(one.body)
        if one.advertised:
            file["core-metadata"] = {"sha256": hashlib.sha256(one.sidecar).hexdigest()}
        return file

    def _link(self, one, times):
        attributes = ""
        if times and one.uploaded:
            attributes += f' data-upload-time="{one.uploaded}"'
        if one.requires_python is not None:
            attributes += f' data-requires-python="{html.escape(one.requires_python)}"'
        if one.yanked is not None:
            attributes += f' data-yanked="{html.escape(one.yanked)}"'
        if one.advertised:
            attributes += f' data-core-metadata="sha256={hashlib.sha256(one.sidecar).hexdigest()}"'
        digest = one.sha256 or hashlib.sha256(one.body).hexdigest()
        return f'<a href="../..{self.path(one)}#sha256={digest}"{attributes}>{one.name}</a><br>'

    def _file(self, body, request):
        asked = request.headers.get("Range", "")
        if not asked or not self.ranges:
            return web.Response(body=body, content_type="application/octet-stream")
        start, _, last = asked.removeprefix("bytes=").partition("-")
        start, stop = int(start), min(int(last) + 1, len(body))
        headers = {"Content-Range": f"bytes {start}-{stop - 1}/{len(body)}"}
        return web.Response(status=206, body=body[start:stop], headers=headers)


@functools.cache
def _path(name):
    digest = hashlib.sha256(name.encode()).hexdigest()
    return f"/packages/{digest[:2]}/{digest[2:4]}/{digest[4:]}/{name}"


async def _called(fault, request):
    answer = fault(request)
    return await answer if asyncio.iscoroutine(answer) else answer


def status(code, **headers):
    """A fault: answer with this status."""
    return lambda _request: web.Response(status=code, headers=headers)


def body(content, **headers):
    """A fault: answer with these bytes."""
    return lambda _request: web.Response(body=content, headers=headers)


def reset(request):
    """A fault: close the connection without a word."""
    request.transport.abort()
    return web.Response()


async def truncated(request):
    """A fault: promise more bytes than are sent."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"x" * 10)
    request.transport.abort()
    return response


def run_crawl(fake, store, projects, *, clock=None, connections=4, limits=NO_LIMITS, **options):
    """Serve the index, crawl it, and return the summary."""

    async def run():
        async with fake.serve() as url:
            manners = Manners(
                agent="coset/test", connections=connections, rates={"index": 1e9, "files": 1e9}, contact="a test"
            )
            given = {"index": url, "started": NOW, "since": NOW, "workers": connections, **options}
            async with Fetcher(manners, clock or FakeClock(), limits=limits) as fetcher:
                return await crawl(projects, Options(**given), store, fetcher, Nobody())

    return asyncio.run(run())


@contextmanager
def served(fake):
    """Serve the index from another thread, because the command has its own event loop."""
    ready, stop, box = threading.Event(), asyncio.Event(), {}

    async def run():
        box["loop"] = asyncio.get_running_loop()
        async with fake.serve() as url:
            box["url"] = url
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(30)
    try:
        yield box["url"]
    finally:
        box["loop"].call_soon_threadsafe(stop.set)
        thread.join()
