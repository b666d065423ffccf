"""Which server lies about its answers? One that speaks raw bytes, for tests; and how it is asked."""

import asyncio
import socket
import struct
from contextlib import asynccontextmanager

from fakeindex import FakeClock

from crawler.fetch import Fetcher
from crawler.manners import Manners, Patience
from crawler.source import Failure, Request

FAST = {"index": 1e9, "files": 1e9}
HURRIED = Patience(connect=1, read=0.04, base=0.04, slowest=1e9)


class RawServer:
    """Answers each request with what a script says.

    Attributes:
        heads: the head of every request.
        connections: how many were made.
    """

    def __init__(self, script):
        self.script = script
        self.heads = []
        self.connections = 0
        self.url = ""
        self.heard = asyncio.Event()

    @asynccontextmanager
    async def serve(self):
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield
        finally:
            server.close()
            await server.wait_closed()

    async def _connected(self, reader, writer):
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.heads.append(head.decode("latin-1"))
                self.heard.set()
                if not await self.script(len(self.heads), writer):
                    break
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()


def raw(*answers, keep=False, end=None):
    """Answer the n-th request with the n-th bytes (the last ones from then on), and close unless it is to be kept."""

    async def script(number, writer):
        writer.write(answers[min(number, len(answers)) - 1])
        await writer.drain()
        if end is not None:
            end(writer)
        return keep

    return RawServer(script)


def reset(writer):
    """Break the connection so that the peer sees a reset."""
    socket_ = writer.get_extra_info("socket")
    socket_.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def said(body=b"", *headers, status="200 OK", length=True, version="1.1"):
    lines = [f"HTTP/{version} {status}", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def ask(server, *, number=1, clock=None, manners=None, fetcher=None, **facts):
    """Ask the server; return the outcome, or a list of several."""
    options = {"agent": "coset/test", "rates": FAST, **(manners or {})}

    async def run():
        async with server.serve(), Fetcher(Manners(**options), clock or FakeClock(), **(fetcher or {})) as asking:
            asking.allow(server.url)
            request = Request(**{"url": f"{server.url}/thing", "lane": "files", "cap": 1000, **facts})
            outcomes = [await asking.get(request) for _ in range(number)]
            server.asked = asking
            return outcomes[0] if number == 1 else outcomes

    return asyncio.run(run())


def code(outcome):
    assert isinstance(outcome, Failure), outcome
    assert "127.0.0.1" not in outcome.detail
    return outcome.code


GOOD = said(b"good")
CHUNKED = "Transfer-Encoding: chunked"
