"""What answers a crawl fast enough to measure the crawl? An index of made-up projects, computed from the address alone.

Run as a program it prints its address and serves until it is stopped. It speaks just enough HTTP/1.1 for clients that
keep connections open, because a real server's work would be measured too.
"""

import asyncio
import hashlib
import json
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

RELEASES = 5
"""Of each project, a wheel each; the sidecar has the size that real ones have in the mean, 9.7 kB."""

_DESCRIPTION = ("\n" + "A line of prose as long descriptions have them, with words and more words.\n" * 106).encode()


def metadata(project: str, version: str) -> bytes:
    """Return the METADATA of one release."""
    number = int(hashlib.sha256(project.encode()).hexdigest()[:8], 16)
    requires = "".join(f"Requires-Dist: p{(number + 7919 * i) % 5000}>=1.{i},<{2 + i % 3}\n" for i in range(number % 8))
    header = (
        f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\nSummary: Made up\nHome-page: index.example\n"
        f"Author: Nobody\nLicense: MIT\nClassifier: Programming Language :: Python :: 3\n"
        f"Classifier: Operating System :: OS Independent\nRequires-Python: >=3.9\n{requires}"
        'Requires-Dist: pytest; extra == "test"\nProvides-Extra: test\n'
    )
    return header.encode() + _DESCRIPTION


@lru_cache(2_000)
def page(project: str) -> bytes:
    """Return the project's page as JSON."""
    files = []
    for minor in range(RELEASES):
        version = f"1.{minor}"
        name = f"{project}-{version}-py3-none-any.whl"
        files.append(
            {
                "filename": name,
                "url": f"/files/{name}",
                "hashes": {"sha256": hashlib.sha256(name.encode()).hexdigest()},
                "upload-time": f"2026-0{1 + minor}-01T00:00:00Z",
                "size": 100_000,
                "yanked": False,
                "core-metadata": {"sha256": hashlib.sha256(metadata(project, version)).hexdigest()},
            }
        )
    head = {"meta": {"api-version": "1.1", "_last-serial": 1}, "name": project, "files": files}
    return json.dumps(head).encode()


def root(projects: int) -> bytes:
    """Return the list of all projects with their serials."""
    names = [{"name": f"p{i}", "_last-serial": 1} for i in range(projects)]
    return json.dumps({"meta": {"api-version": "1.1", "_last-serial": 1}, "projects": names}).encode()


def answer(path: str, projects: int) -> bytes | None:
    """Return the body for a path, or None where there is nothing."""
    if path == "/simple/":
        return root(projects)
    if path.startswith("/simple/p") and path[9:-1].isdigit() and int(path[9:-1]) < projects:
        return page(path[8:-1])
    if path.startswith("/files/") and path.endswith("-py3-none-any.whl.metadata"):
        project, version = path[7:].split("-")[:2]
        return metadata(project, version)
    return None


class _Serving(asyncio.Protocol):
    """One connection."""

    projects = 0
    log: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._to = transport
        self._read = b""

    def data_received(self, data: bytes) -> None:
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, self._read = self._read.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            if self.log is not None:
                self.log.write(path + "\n")
                self.log.flush()
            body = answer(path, self.projects)
            status = b"200 OK" if body is not None else b"404 Not Found"
            kind = b"application/vnd.pypi.simple.v1+json" if path.startswith("/simple/") else b"text/plain"
            body = body or b""
            self._to.write(
                b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (status, kind, len(body), body)
            )


async def _serve(projects: int, log: Path | None) -> None:
    _Serving.projects = projects
    _Serving.log = log.open("w") if log else None
    server = await asyncio.get_running_loop().create_server(_Serving, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None))
