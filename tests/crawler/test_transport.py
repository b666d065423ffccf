"""What can go wrong between the index and us? Each lie of a server that speaks raw bytes, and its outcome."""

import asyncio
import gzip
import hashlib
import socket
import zlib

import pytest
from fakeindex import FakeClock
from rawserver import CHUNKED, FAST, GOOD, HURRIED, RawServer, ask, code, raw, reset, said

from crawler.fetch import ATTEMPTS, Fetcher
from crawler.manners import Manners, Patience
from crawler.pages import BadPage, parse_page
from crawler.source import Answer, Failure, Request, Span


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
