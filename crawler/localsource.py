"""How is a folder asked in place of an index? A mirror as bandersnatch keeps it, or wheels and sdists side by side."""

import asyncio
import json
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crawler.bodies import Collected, Handed, Sink
from crawler.limits import NO_LIMITS, Limits, Stop
from crawler.localfolder import listing, page
from crawler.locations import shown
from crawler.pace import Clock, SystemClock
from crawler.source import Answer, Consume, Failure, Request
from normalize.errors import OutsideError, UsageError
from normalize.projects import ProjectName

_CHUNK = 1 << 20
_PAGES = ("index.v1_json", "index.html")


class _Refused(Exception):  # noqa: N818 - a failure on its way out of nested reads
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


class LocalSource:
    """Pages and files of a folder, by ``file:`` addresses; a `crawler.source.Source`.

    Nothing outside the folder is ever read: ``..`` is refused, and so are symbolic links that lead out of it.

    Attributes:
        index: the address of the index that the folder is.
        requests: how many things were asked for.
        received: how many bytes were read.
        stopped: the limit that was reached, or None.

    Raises:
        UsageError: the folder is not there.
    """

    def __init__(self, folder: Path, *, limits: Limits = NO_LIMITS, clock: Clock | None = None) -> None:
        try:
            folder = folder.resolve(strict=True)
        except (OSError, RuntimeError):
            folder = folder.absolute()
        if not folder.is_dir():
            raise UsageError(
                f"there is no folder {shown(str(folder))!r} to crawl", hint="name a mirror, or a folder of wheels"
            )
        self._root, self._simple = _layout(folder)
        self._limits = limits
        self._clock = clock or SystemClock()
        self._listed: dict[ProjectName, tuple[str, ...]] | None = None
        self.index = _address(self._simple or self._root)
        self.requests = 0
        self.received = 0
        self.stopped: Stop | None = None

    def allow(self, url: str) -> None:
        """Do nothing: there is one folder, and it is allowed."""

    async def get(self, request: Request) -> Answer | Failure:
        """Return a page, a file or a part of one."""
        return await self._asked(request, Collected())

    async def stream(self, request: Request, consume: Consume) -> Answer | Failure:
        """Hand the bytes of a file over, in order, until no more is wanted."""
        assert request.span is None, "parts are small: get them"
        sink = Handed(consume)
        outcome = await self._asked(request, sink)
        if sink.error is not None:
            raise sink.error
        return outcome

    async def _asked(self, request: Request, sink: Sink) -> Answer | Failure:
        if self.stopped is None:
            self.stopped = self._limits.reached(requests=self.requests, received=self.received, wall=self._clock.wall())
        if self.stopped is not None:
            return Failure("stopped", self.stopped.detail, transient=True)
        self.requests += 1
        try:
            return await asyncio.to_thread(self._answer, request, sink)
        except _Refused as refused:
            return refused.failure
        except OSError as error:
            reason = os.strerror(error.errno).lower() if error.errno else type(error).__name__
            return Failure("unreachable", f"the file cannot be read: {reason}", transient=True)

    def _answer(self, request: Request, sink: Sink) -> Answer | Failure:
        path = self._path(request.url)
        if request.lane == "index":
            if path == (self._simple or self._root):
                return self._all(path, request, sink)
            project = ProjectName(path.name)
            if self._simple is None:
                return self._synthesised(project, request)
            path = self._mirrored(project)
            return self._read(request, path, _address(path.parent), sink)
        return self._read(request, self._regular(path), request.url, sink)

    def _all(self, path: Path, request: Request, sink: Sink) -> Answer | Failure:
        """Return the list of all projects: the mirror's own, or that of its folders, or that of the files."""
        for name in _PAGES if self._simple is not None else ():
            if os.path.lexists(path / name):
                return self._read(request, self._regular(path / name), self.index, sink)
        names = sorted(listing(self._root)) if self._simple is None else sorted(one.name for one in path.iterdir())
        told = {"meta": {"api-version": "1.0"}, "projects": [{"name": name} for name in names]}
        body = json.dumps(told).encode("utf-8")
        return Answer(status=200, url=self.index, body=body, etag=None, total=len(body))

    def _path(self, url: str) -> Path:
        """Return the path that an address names, which need not exist."""
        try:
            parts = urlsplit(url)
            text = unquote(parts.path, "utf-8", "surrogateescape")  # as the system spells its paths
        except ValueError:
            raise _Refused(Failure("bad-address", "the address cannot be asked for")) from None
        if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
            raise _Refused(Failure("foreign-host", "the address does not lead into the folder that is crawled"))
        path = Path(text)
        if "\0" in text or ".." in path.parts or not path.is_relative_to(self._root):
            raise _Refused(Failure("foreign-host", "the address does not lead into the folder that is crawled"))
        return path

    def _inside(self, path: Path) -> Path | None:
        """Return where the path really leads, or None where that is no regular file of the folder."""
        try:
            real = path.resolve(strict=True)
        except (OSError, RuntimeError):
            return None
        return real if real.is_relative_to(self._root) and real.is_file() else None

    def _regular(self, path: Path) -> Path:
        real = self._inside(path)
        if real is None:
            if os.path.lexists(path):
                detail = "it is not a regular file, or a link that leads out of the folder"
                raise _Refused(Failure("foreign-host", detail))
            raise _Refused(Failure("not-found", "there is no such file"))
        return real

    def _mirrored(self, project: ProjectName) -> Path:
        """Return the project's page: in its own folder, or in that below the name's first letter."""
        assert self._simple is not None, "only a mirror has pages"
        for folder in (self._simple / project, self._simple / project[:1] / project):
            for name in _PAGES:
                if os.path.lexists(folder / name):
                    return self._regular(folder / name)
        raise _Refused(Failure("not-found", "the mirror has no such project"))

    def _synthesised(self, project: ProjectName, request: Request) -> Answer | Failure:
        if self._listed is None:
            self._listed = listing(self._root)
        names = self._listed.get(project)
        if names is None:
            return Failure("not-found", "the folder has no file of such a project")
        body = page(self._root, project, names, self._inside)
        self.received += len(body)
        if len(body) > request.cap:
            return Failure("too-large", f"more than {request.cap} bytes")
        url = f"{self.index}{project}/"
        return Answer(status=200, url=url, body=body, etag=None, total=len(body))

    def _read(self, request: Request, path: Path, url: str, sink: Sink) -> Answer | Failure:
        with path.open("rb") as file:
            facts = os.fstat(file.fileno())
            total, etag = facts.st_size, f'"{facts.st_size}-{facts.st_mtime_ns}"'
            if request.headers.get("If-None-Match") == etag:
                return Answer(status=304, url=url, body=b"", etag=etag, total=None)
            if request.span is not None:
                start, stop = request.span.start, min(request.span.stop, total)
                if start >= stop:
                    return Failure("range-refused", f"the file has {total} bytes")
                file.seek(start)
                body = file.read(stop - start)
                self.received += len(body)
                return Answer(status=206, url=url, body=body, etag=None, total=total)
            if total > request.cap:
                return Failure("too-large", f"more than {request.cap} bytes")
            left = request.cap
            while chunk := file.read(min(_CHUNK, left)):
                left -= len(chunk)
                self.received += len(chunk)
                if not sink.take(chunk):
                    return Answer(status=200, url=url, body=b"", etag=etag, total=total, complete=False)
        if request.sha256 is not None and sink.sha256() != request.sha256:
            return Failure("hash-mismatch", f"expected {request.sha256}, found {sink.sha256()}")
        body = b"" if sink.streams else sink.body
        return Answer(status=200, url=url, body=body, etag=etag, total=request.cap - left)


def folder_of(address: str) -> Path:
    """Return the folder that a ``file:`` address of an index names.

    Raises:
        OutsideError: it is on another host.
    """
    parts = urlsplit(address)
    if parts.netloc not in ("", "localhost"):
        raise OutsideError(
            f"{shown(address)!r} names a folder of another host", hint="write it as file:///path/of/the/mirror/"
        )
    return Path(unquote(parts.path))


def _layout(folder: Path) -> tuple[Path, Path | None]:
    """Return what may be read, and where the pages lie; None where the folder only has files."""
    for root in (folder / "web", folder):
        if (root / "simple").is_dir():
            return root, root / "simple"
    if folder.name == "simple":
        return (folder.parent if (folder.parent / "packages").is_dir() else folder), folder
    return folder, None


def _address(folder: Path) -> str:
    return f"{folder.as_uri()}/"
