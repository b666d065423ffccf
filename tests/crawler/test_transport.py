"""What can go wrong between the index and us? A server that speaks raw bytes, and the outcome of each of its lies."""

import asyncio
import gzip
import hashlib
import os
import socket
import struct
import zlib
from collections import Counter
from contextlib import asynccontextmanager

import pytest
from fakeindex import FakeClock

from crawler.budget import Budget
from crawler.fetch import ATTEMPTS, Fetcher
from crawler.limits import Limits
from crawler.manners import Manners, Patience
from crawler.pages import BadPage, parse_page
from crawler.source import Answer, Failure, Request, Span

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


def zipped(data, kind="gzip"):
    return gzip.compress(data) if kind == "gzip" else zlib.compress(data)


# lengths --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(said(b"ten bytes!", "Content-Length: 1000", length=False), id="content-length too long"),
        pytest.param(said(b"5\r\ngo", CHUNKED, length=False), id="chunk that breaks off"),
        pytest.param(said(b"4\r\ngood\r\n", CHUNKED, length=False), id="no last chunk"),
        pytest.param(said(b"xyz\r\ngood\r\n", CHUNKED, length=False), id="chunk of no size"),
        pytest.param(said(b"good", "Content-Length: 5", "Content-Length: 4", length=False), id="two lengths"),
        pytest.param(said(b"good", "Content-Length: -4", length=False), id="negative length"),
        pytest.param(said(b"good", "Content-Length: four", length=False), id="length of words"),
        pytest.param(said(zipped(b"good" * 9)[:-9], "Content-Encoding: gzip"), id="gzip that breaks off"),
        pytest.param(said(zipped(b"good") + b"more", "Content-Encoding: gzip"), id="gzip and more"),
        pytest.param(said(b"no gzip at all", "Content-Encoding: gzip"), id="no gzip at all"),
        pytest.param(said(b"no deflate", "Content-Encoding: deflate"), id="no deflate at all"),
        pytest.param(
            said(zipped(b"x" * 500)[:-6] + b"\0\0\0\0\1\1", "Content-Encoding: gzip"), id="gzip with another checksum"
        ),
        pytest.param(
            said(zipped(b"good"), "Content-Encoding: gzip", "Content-Length: 4", length=False), id="length of inflated"
        ),
        pytest.param(b"", id="nothing at all"),
        pytest.param(b"HTTP/1.1 200", id="broken status line"),
        pytest.param(b"\x16\x03\x01\x02\x00", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", id="headers that break off"),
        pytest.param(said(b"good", f"X-Long: {'x' * 9000}"), id="header line over 8 KiB"),
        pytest.param(said(b"good", f"{'X' * 9000}: long"), id="header name over 8 KiB"),
    ],
)
def test_bodies_that_lie_about_themselves(answer):
    server = raw(answer)
    outcome = ask(server)
    assert (code(outcome), outcome.transient) == ("unreachable", True)
    assert len(server.heads) == ATTEMPTS
    assert ask(raw(answer, GOOD)).body == b"good"


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        pytest.param(said(b"4\r\ngood\r\n0\r\n\r\n", CHUNKED, length=False), b"good", id="no length, in chunks"),
        pytest.param(said(b"good", length=False), b"good", id="no length, until the end"),
        pytest.param(said(b"good", length=False, version="1.0"), b"good", id="HTTP/1.0"),
        pytest.param(said(b""), b"", id="empty"),
        pytest.param(said(zipped(b"good"), "Content-Encoding: gzip"), b"good", id="gzip"),
        pytest.param(said(zipped(b"good", "deflate"), "Content-Encoding: deflate"), b"good", id="deflate"),
        pytest.param(said(zipped(b"good", "deflate")[2:-4], "Content-Encoding: deflate"), b"good", id="bare deflate"),
        pytest.param(said(zipped(b"go") + zipped(b"od"), "Content-Encoding: x-gzip"), b"good", id="two members"),
        pytest.param(said(zipped(b"good") + b"\0\0\0", "Content-Encoding: gzip"), b"good", id="zeros at the end"),
        pytest.param(said(b"", "Content-Encoding: gzip"), b"", id="empty gzip"),
    ],
)
def test_bodies_that_are_right(answer, body):
    outcome = ask(raw(answer))
    assert (outcome.status, outcome.body, outcome.total) == (200, body, len(body))


def test_body_that_is_longer_than_it_says_spoils_nothing_that_follows():
    server = raw(said(b"good and more", "Content-Length: 4", length=False), GOOD, keep=True)
    assert [one.body for one in ask(server, number=3)] == [b"good", b"good", b"good"]


def test_bytes_that_are_not_those_of_the_hash():
    digest = hashlib.sha256(b"good").hexdigest()
    for wrong in (b"", b"goo", b"good and more"):
        server = raw(said(wrong))
        assert code(ask(server, sha256=digest)) == "hash-mismatch"
        assert len(server.heads) == 2
    assert ask(raw(said(b"bad!"), GOOD), sha256=digest).body == b"good"


@pytest.mark.parametrize("kind", ["gzip", "deflate"])
def test_bombs_are_not_inflated(kind):
    bomb = zipped(bytes(8 << 20), kind)
    assert len(bomb) < 10_000
    server = raw(said(bomb, f"Content-Encoding: {kind}"))
    assert code(ask(server, cap=100_000)) == "too-large"
    assert server.asked.received < 1 << 20
    assert len(server.heads) == 1


def test_coding_that_nobody_asked_for():
    assert code(ask(raw(said(b"good", "Content-Encoding: unheard-of")))) == "refused"


@pytest.mark.parametrize("length", [True, False])
def test_body_over_the_cap(length):
    server = raw(said(b"x" * 5000, length=length))
    assert code(ask(server)) == "too-large"
    assert len(server.heads) == 1


# connections ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(b"", id="before headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", id="after headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome", id="mid body"),
    ],
)
def test_reset(before):
    server = raw(before, end=reset)
    outcome = ask(server)
    assert (code(outcome), outcome.transient) == ("unreachable", True)
    assert (len(server.heads), server.asked.requests) == (ATTEMPTS, ATTEMPTS)


def test_kept_connection_that_the_peer_has_closed():
    async def script(number, writer):
        writer.write(GOOD)  # says that the connection is kept, and closes it when the next request comes
        await writer.drain()
        return number % 2

    async def closing(number, writer):
        if number % 2 == 0:
            return False
        return await script(number, writer)

    server = RawServer(closing)
    assert [one.body for one in ask(server, number=3)] == [b"good"] * 3
    assert server.asked.requests == len(server.heads) == 5  # what was asked again was counted


def test_connections_are_kept():
    server = raw(GOOD, keep=True)
    ask(server, number=5)
    assert (len(server.heads), server.connections) == (5, 1)


def drip(start, end):
    """Say the start, then one byte at a time for ever; each in time, all together never."""

    async def script(_number, writer):
        writer.write(start)
        for _ in range(1000):
            writer.write(end)
            await writer.drain()
            await asyncio.sleep(0.01)
        return False

    return RawServer(script)


@pytest.mark.parametrize(
    "server",
    [
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"), id="header"),
        pytest.param(drip(said(b"", "Content-Length: 900", length=False), b"x"), id="body"),
        pytest.param(drip(said(b"", CHUNKED, length=False), b"1\r\nx\r\n"), id="chunks"),
        pytest.param(drip(b"", b""), id="silence"),
    ],
)
def test_slow_loris(server):
    outcome = ask(server, manners={"patience": HURRIED})
    assert outcome == Failure("unreachable", "timed out", transient=True)


def test_answers_may_take_the_time_that_their_size_needs():
    patience = Patience()
    assert patience.total(0) == 30
    assert patience.total(64 << 10) == 31
    assert patience.total(1 << 40) == 600


def test_nobody_listens():
    async def run():
        async with Fetcher(Manners(agent="x", rates=FAST), FakeClock()) as fetcher:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                url = f"http://127.0.0.1:{free.getsockname()[1]}/"
            fetcher.allow(url)
            return await fetcher.get(Request(url=url, lane="index", cap=10))

    assert asyncio.run(run()) == Failure("unreachable", "no connection: connection refused", transient=True)


def test_host_that_is_not_known(monkeypatch):
    async def unknown(*_arguments, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known: nowhere.example")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", unknown)

    async def run():
        async with Fetcher(Manners(agent="x", rates=FAST), FakeClock()) as fetcher:
            fetcher.allow("http://nowhere.example/")
            return await fetcher.get(Request(url="http://nowhere.example/simple/", lane="index", cap=10))

    assert asyncio.run(run()) == Failure("unreachable", "no connection: the host is not known", transient=True)


# parts ----------------------------------------------------------------------------------------------------------------

PART = Span(start=10, stop=14)


def part(body, content_range, *headers):
    return said(body, f"Content-Range: {content_range}", *headers, status="206 Partial Content")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(part(b"good", "bytes 11-14/200"), "bad-range", id="another part"),
        pytest.param(part(b"good", "bytes 10-13/12"), "bad-range", id="beyond its own end"),
        pytest.param(part(b"good!", "bytes 10-13/200"), "bad-range", id="more bytes"),
        pytest.param(part(b"goo", "bytes 10-13/200"), "bad-range", id="fewer bytes"),
        pytest.param(part(b"good", "bytes 10-13/*"), "bad-range", id="no total"),
        pytest.param(part(b"good", "bytes 10-13/-1"), "bad-range", id="negative total"),
        pytest.param(
            said(b"--x\r\n", "Content-Type: multipart/byteranges; boundary=x", status="206 Partial Content"),
            "bad-range",
            id="several parts",
        ),
        pytest.param(
            said(b"", "Content-Range: bytes */9", status="416 Range Not Satisfiable"), "range-refused", id="416"
        ),
        pytest.param(said(b"", status="501 Not Implemented"), "range-refused", id="501"),
        pytest.param(said(b"x" * 5000), "no-range", id="the whole file, and it is large"),
    ],
)
def test_parts_that_are_not_the_ones_asked_for(answer, expected):
    server = raw(answer)
    assert code(ask(server, span=PART)) == expected
    assert len(server.heads) == 1


def test_part_and_the_whole_in_its_place():
    server = raw(part(b"good", "bytes 10-13/200"))
    assert ask(server, span=PART) == Answer(status=206, url=f"{server.url}/thing", body=b"good", etag=None, total=200)
    assert "Range: bytes=10-13" in server.heads[0]
    assert (ask(raw(said(b"all of it")), span=PART)).status == 200


def test_total_that_changes_is_told():
    server = raw(part(b"good", "bytes 10-13/200"), part(b"good", "bytes 10-13/300"))
    assert [one.total for one in ask(server, number=2, span=PART)] == [200, 300]


# statuses -------------------------------------------------------------------------------------------------------------


def test_unchanged_is_an_answer_only_to_who_asked():
    server = raw(said(b"", 'ETag: "a"', status="304 Not Modified", length=False))
    assert code(ask(server)) == "refused"
    outcome = ask(server, headers={"If-None-Match": '"a"'})
    assert (outcome.status, outcome.body, outcome.etag) == (304, b"", '"a"')


@pytest.mark.parametrize("etag", ['"a"', 'W/"a"', "unquoted", '"\xe4"'])
def test_etags_are_told_as_they_are(etag):
    assert ask(raw(said(b"good", f"ETag: {etag}"))).etag is not None


PAGE = b'{"meta": {"api-version": "1.1"}, "name": "x", "files": []}'
LINKS = b'<!DOCTYPE html><title>Links for x</title><a href="x-1.zip">x-1.zip</a>'


@pytest.mark.parametrize("kind", ["application/vnd.pypi.simple.v1+json", "text/html; charset=utf-16", "nonsense", ""])
@pytest.mark.parametrize("body", [PAGE, LINKS])
def test_only_bytes_matter(kind, body):
    outcome = ask(raw(said(body, f"Content-Type: {kind}")), lane="index")
    assert outcome.body == body
    parse_page(outcome.body, outcome.url)  # it is a page, whatever it is called


@pytest.mark.parametrize("body", [b"<html><title>Welcome</title>Please log in</html>", b""])
def test_answer_that_is_no_page(body):
    outcome = ask(raw(said(body)), lane="index")
    with pytest.raises(BadPage):
        parse_page(outcome.body, outcome.url)


def test_storm_of_500_lets_the_host_rest_and_then_ends_the_crawl():
    clock = FakeClock()
    server = raw(said(b"", status="500 Internal Server Error"), keep=True)
    outcomes = ask(server, number=80, clock=clock)
    codes = Counter(map(code, outcomes))
    assert codes.keys() == {"unreachable", "stopped"}
    assert len(server.heads) == 4 * 51  # more than half of a hundred, and three rounds
    assert clock.now >= 60 + 120 + 240
    stopped = server.asked.stopped
    assert stopped.reason == "host-failing"
    assert "again later" in stopped.error().hint
    assert outcomes[-1] == Failure("stopped", stopped.detail, transient=True)


def test_some_failures_are_no_storm():
    answers = [GOOD, said(b"", status="500 Internal Server Error")] * 150
    server = raw(*answers, keep=True)
    assert {one.body for one in ask(server, number=140)} == {b"good"}
    assert server.asked.stopped is None


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("Retry-After: 30", 30),
        ("Retry-After: Fri, 01 May 2026 10:01:00 GMT", 60),
        ("Retry-After: -3", 1),
        ("Retry-After: 1000000000", 3600),
        ("Retry-After: soon", 1),
        ("X-Nothing: 1", 1),
    ],
)
def test_retry_after_is_obeyed(status, header, seconds):
    clock = FakeClock()
    server = raw(said(b"", header, status=status), GOOD)
    assert ask(server, clock=clock).body == b"good"
    assert clock.now == pytest.approx(seconds, abs=0.01)


class Held(FakeClock):
    """Time that stands still until it is released."""

    def __init__(self):
        super().__init__()
        self.released = asyncio.Event()

    async def sleep(self, seconds):
        end = self.now + seconds
        await self.released.wait()
        self.now = max(self.now, end)


def test_a_pause_counts_for_the_whole_host_and_for_no_other():
    clock = Held()
    busy = raw(said(b"", "Retry-After: 600", status="429 Too Many Requests"), GOOD, keep=True)
    other = raw(GOOD, keep=True)

    async def run():
        async with busy.serve(), other.serve(), Fetcher(Manners(agent="x", rates=FAST), clock) as fetcher:

            async def one(server, lane):
                fetcher.allow(server.url)
                return await fetcher.get(Request(url=server.url, lane=lane, cap=10))

            first = asyncio.create_task(one(busy, "index"))
            await busy.heard.wait()
            assert (await one(other, "files")).body == b"good"
            second = asyncio.create_task(one(busy, "files"))
            await asyncio.sleep(0.02)
            assert (len(busy.heads), second.done()) == (1, False)
            clock.released.set()
            return await asyncio.gather(first, second)

    assert [one.body for one in asyncio.run(run())] == [b"good"] * 2
    assert clock.now >= 600


def test_a_jump_of_the_wall_clock_changes_no_pause():
    class Jumping(FakeClock):
        def wall(self):
            return super().wall() + (1e8 if self.slept else 0)

    clock = Jumping()
    server = raw(said(b"", "Retry-After: 30", status="429 Too Many Requests"), GOOD)
    assert ask(server, clock=clock).body == b"good"
    assert clock.now == pytest.approx(30, abs=0.01)


def test_a_host_that_is_asked_too_much_is_asked_half_as_fast():
    clock = FakeClock()
    server = raw(said(b"", status="429 Too Many Requests"), GOOD, keep=True)
    ask(server, number=160, clock=clock, manners={"rates": {"index": 8.0, "files": 16.0}})
    assert clock.now == pytest.approx(160 / 8, rel=0.05)


# redirects ------------------------------------------------------------------------------------------------------------


def moved(target, status="302 Found"):
    return said(b"", f"Location: {target}", status=status)


@pytest.mark.parametrize("status", ["301 x", "302 x", "303 x", "307 x", "308 x"])
def test_redirects_are_followed(status):
    server = raw(moved("/thing/", status), GOOD, keep=True)
    assert ask(server).body == b"good"
    assert server.heads[1].startswith("GET /thing/ ")


def test_redirect_loop():
    server = raw(moved("/thing"), keep=True)
    assert code(ask(server)) == "redirect-loop"
    assert len(server.heads) == 6


def test_redirect_to_a_huge_body():
    server = raw(moved("/huge"), said(b"", "Content-Length: 2147483648", length=False))
    assert code(ask(server)) == "too-large"
    assert len(server.heads) == 2


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("http://127.0.0.1:1/", "foreign-host"),
        ("//elsewhere.example/", "foreign-host"),
        ("https://elsewhere.example/", "foreign-host"),
        ("file:///etc/passwd", "bad-redirect"),
        ("ftp://elsewhere.example/", "bad-redirect"),
        ("http://[", "bad-address"),
        ("http://127.0.0.1:99999/", "foreign-host"),
    ],
)
def test_redirects_that_are_not_followed(target, expected):
    server = raw(moved(target))
    assert code(ask(server)) == expected
    assert len(server.heads) == 1


def test_redirect_with_a_huge_body_of_its_own_is_not_read():
    server = raw(said(b"x" * 300_000, "Location: /thing/", status="302 Found"), GOOD)
    assert ask(server).body == b"good"
    assert server.asked.received == 4


# limits ---------------------------------------------------------------------------------------------------------------


def test_after_so_many_requests_nothing_is_sent():
    server = raw(GOOD, keep=True)
    outcomes = ask(server, number=5, fetcher={"limits": Limits(max_requests=3)})
    assert [one.body for one in outcomes[:3]] == [b"good"] * 3
    assert [(one.code, one.transient) for one in outcomes[3:]] == [("stopped", True)] * 2
    assert len(server.heads) == server.asked.requests == 3
    assert server.asked.stopped.reason == "max-requests"
    assert server.asked.stopped.error() is None


def test_attempts_count_as_requests():
    server = raw(said(b"", status="500 x"), keep=True)
    assert code(ask(server, fetcher={"limits": Limits(max_requests=3)})) == "stopped"
    assert len(server.heads) == 3


def test_tasks_together_send_no_more_than_is_allowed():
    server = raw(GOOD, keep=True)

    async def run():
        limits = Limits(max_requests=7)
        async with server.serve(), Fetcher(Manners(agent="x", rates=FAST), FakeClock(), limits=limits) as fetcher:
            fetcher.allow(server.url)
            request = Request(url=server.url, lane="index", cap=10)
            return await asyncio.gather(*(fetcher.get(request) for _ in range(30)))

    outcomes = asyncio.run(run())
    assert len(server.heads) == sum(isinstance(one, Answer) for one in outcomes) == 7


def test_after_so_many_bytes_nothing_is_sent():
    server = raw(said(b"x" * 600), keep=True)
    outcomes = ask(server, number=3, fetcher={"limits": Limits(max_bytes=1000)})
    assert [isinstance(one, Answer) for one in outcomes] == [True, True, False]
    assert server.asked.stopped.reason == "max-bytes"


def test_from_a_time_on_nothing_is_sent():
    clock = FakeClock()
    server = raw(GOOD, keep=True)
    limits = Limits(until=clock.wall() + 10)
    rates = {"index": 1.0, "files": 1.0}
    outcomes = ask(server, number=20, clock=clock, manners={"rates": rates}, fetcher={"limits": limits})
    assert [isinstance(one, Answer) for one in outcomes] == [True] * 11 + [False] * 9  # a burst of two at the start
    assert clock.now <= 10
    assert server.asked.stopped.reason == "until"
    assert "2026-05-01 10:00:10" in server.asked.stopped.detail


def test_a_pause_beyond_the_end_is_not_waited_for():
    clock = FakeClock()
    server = raw(said(b"", "Retry-After: 3600", status="503 x"), GOOD)
    assert code(ask(server, clock=clock, fetcher={"limits": Limits(until=clock.wall() + 60)})) == "stopped"
    assert clock.now <= 60


# memory ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [(), ("Content-Encoding: gzip",)])
def test_bodies_on_their_way_keep_within_the_budget(headers):
    content = os.urandom(200_000)
    server = raw(said(gzip.compress(content, 1) if headers else content, *headers), keep=True)
    budget = Budget(450_000)

    async def run():
        manners = Manners(agent="x", rates=FAST, connections=10)
        async with server.serve(), Fetcher(manners, FakeClock(), budget=budget) as fetcher:
            fetcher.allow(server.url)
            request = Request(url=server.url, lane="files", cap=1 << 20)
            return await asyncio.gather(*(fetcher.get(request) for _ in range(40)))

    assert {one.body for one in asyncio.run(run())} == {content}
    assert 200_000 <= budget.most <= 450_000 + 200_000 + (64 << 10)
    assert budget.used == 0


def test_waiting_for_the_budget_is_not_the_hosts_fault():
    server = raw(said(b"x" * 500), keep=True)
    budget = Budget(400)

    async def run():
        manners = Manners(agent="x", rates=FAST, patience=HURRIED)
        async with server.serve(), Fetcher(manners, FakeClock(), budget=budget) as fetcher:
            fetcher.allow(server.url)
            with budget.share() as held:
                assert held.ask(400)
                task = asyncio.create_task(fetcher.get(Request(url=server.url, lane="files", cap=1000)))
                await asyncio.sleep(0.1)
                assert not task.done()
            return await task, fetcher.requests

    outcome, requests = asyncio.run(run())
    assert (outcome.body, requests) == (b"x" * 500, 1)
