"""What does an index look like that fails as real ones do? A made-up one, each fault given by the address alone.

Of all addresses 15 % have a fault, on the first request only unless said otherwise: status 503, status 429 with a pause
of a second, a body that breaks off, a connection that is closed without an answer, a body with one byte changed; and of
the sidecars one in twenty is missing for good.
"""

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from types import MappingProxyType
from typing import Any

import loopback

_PADDING = 300_000
"""Bytes of code in each wheel; real ones have more in the mean, mostly because of few very large ones."""

FAULTS = ("503", "503", "503", "429", "429", "429", "cut", "cut", "cut", "closed", "closed", "closed") + ("bit",) * 3
"""For the first 15 of 100 addresses."""


@dataclass(slots=True)
class Index:
    """A running index.

    Attributes:
        url: its address, without a slash at the end.
        requests, sent: how many requests came, and how many bytes of bodies went out.
        asked: of each address, how often it was asked for.
    """

    projects: int
    url: str = ""
    requests: int = 0
    sent: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)


@lru_cache(5_000)
def wheel(project: str, version: str) -> bytes:
    """Return a wheel with the same metadata as the sidecar."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(f"{project}/__init__.py", b"#" * _PADDING)
        archive.writestr(f"{project}-{version}.dist-info/METADATA", loopback.metadata(project, version))
    return out.getvalue()


@contextmanager
def running(projects: int) -> Iterator[Index]:
    """Serve so many projects on the loopback interface."""
    index = Index(projects)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"index": index}))
    server.daemon_threads = True
    index.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()


def _body(path: str, projects: int) -> bytes | None:
    """Return what lies at an address: what `loopback` has, wheels, and per release what the JSON API says."""
    parts = path.strip("/").split("/")
    if parts[0] == "json":
        return _json_api(*parts[1:3])
    if path.endswith(".whl"):
        return wheel(*parts[-1].split("-")[:2])
    if path.startswith("/simple/p"):
        return _page(parts[1])
    return loopback.answer(path, projects)


@lru_cache(5_000)
def _page(project: str) -> bytes:
    page: Any = json.loads(loopback.page(project))
    for file in page["files"]:
        body = wheel(project, file["filename"].split("-")[1])
        file |= {"size": len(body), "hashes": {"sha256": hashlib.sha256(body).hexdigest()}}
    return json.dumps(page).encode()


@lru_cache(5_000)
def _json_api(project: str, version: str = "") -> bytes:
    """Return the shape of the JSON API: of a project its releases, of a release also the requirements."""
    if not version:
        return json.dumps({"releases": {f"1.{minor}": [] for minor in range(loopback.RELEASES)}}).encode()
    header, _, description = loopback.metadata(project, version).decode().partition("\n\n")
    requires = [line.partition(": ")[2] for line in header.split("\n") if line.startswith("Requires-Dist")]
    info = {"name": project, "version": version, "requires_dist": requires, "description": description}
    return json.dumps({"info": info}).encode()


def _fault(path: str, times: int) -> str | None:
    digest = hashlib.sha256(path.encode()).digest()
    if path.endswith(".metadata") and digest[1] % 20 == 0:
        return "missing"
    number = digest[0] * 100 // 256
    fault = FAULTS[number] if times == 1 and number < len(FAULTS) else None
    return None if fault == "bit" and path.startswith("/simple/") else fault  # nobody could tell


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    index: Index

    def do_GET(self) -> None:
        with self.index.lock:
            self.index.requests += 1
            self.index.asked[self.path] += 1
            times = self.index.asked[self.path]
        fault = _fault(self.path, times)
        body = None if fault == "missing" else _body(self.path, self.index.projects)
        if fault == "closed":
            self.close_connection = True
            return
        if fault in ("503", "429"):
            self._send(int(fault), b"", {"Retry-After": "1"} if fault == "429" else {})
        elif body is None:
            self._send(404, b"")
        else:
            self._found(body, fault)

    def _found(self, body: bytes, fault: str | None) -> None:
        if fault == "bit":
            place = max(body.find(b"pytest"), 0)  # in a requirement, where the body has any
            body = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        asked = self.headers.get("Range")
        if asked is None:
            self._send(200, body, cut=fault == "cut")
            return
        start, _, last = asked.removeprefix("bytes=").partition("-")
        part = body[int(start) : int(last) + 1]
        there = f"bytes {start}-{int(start) + len(part) - 1}/{len(body)}"
        self._send(206, part, {"Content-Range": there}, cut=fault == "cut")

    def _send(
        self, status: int, body: bytes, headers: Mapping[str, str] = MappingProxyType({}), *, cut: bool = False
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        kind = "application/vnd.pypi.simple.v1+json" if self.path.startswith("/simple/") else "application/octet-stream"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        body = body[: len(body) // 2] if cut else body
        self.close_connection = self.close_connection or cut
        with self.index.lock:
            self.index.sent += len(body)
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as http.server names it
        """Say nothing."""
