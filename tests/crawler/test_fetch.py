"""One request: retried, paced, bounded, hashed, and never sent to a host that nobody named."""

import asyncio
import gzip
import hashlib

import pytest
from aiohttp import web
from fakeindex import FakeClock, FakeIndex, body, reset, status, truncated

from crawler.fetch import ATTEMPTS, Fetcher
from crawler.locations import origin
from crawler.manners import Manners
from crawler.pace import backoff, retry_after
from crawler.source import Answer, Failure, Request, Span

MANNERS = Manners(agent="coset/test", contact="me\r\nX-Evil: 1 ☃", rates={"index": 1e9, "files": 1e9})


def ask(fake, path="/thing", *, clock=None, allow=(), **facts):
    """Ask the fake index once; return the outcome."""

    async def run():
        async with fake.serve(), Fetcher(MANNERS, clock or FakeClock()) as fetcher:
            fetcher.allow(fake.url)
            for one in allow:
                fetcher.allow(one)
            return await fetcher.get(Request(**{"url": fake.url + path, "lane": "files", "cap": 1000, **facts}))

    return asyncio.run(run())


@pytest.mark.parametrize("fault", [status(500), status(503), status(429), status(408), reset, truncated])
def test_what_may_pass_is_asked_again(fault):
    clock = FakeClock()
    fake = FakeIndex(faults={"/thing": [fault, fault]}, always={"/thing": body(b"good")})
    outcome = ask(fake, clock=clock)
    assert (outcome.status, outcome.body) == (200, b"good")
    assert fake.served["/thing"] == 3
    assert [one for one in clock.slept if one >= 1] == [1.0, 2.0]


@pytest.mark.parametrize("fault", [status(500), reset, truncated])
def test_what_does_not_pass_is_given_up(fault):
    fake = FakeIndex(always={"/thing": fault})
    outcome = ask(fake)
    assert (outcome.code, outcome.transient) == ("unreachable", True)
    assert fake.served["/thing"] == ATTEMPTS


@pytest.mark.parametrize(
    ("code", "expected"), [(404, "not-found"), (410, "not-found"), (403, "refused"), (401, "refused"), (204, "refused")]
)
def test_what_will_not_pass_is_asked_once(code, expected):
    fake = FakeIndex(always={"/thing": status(code)})
    assert ask(fake) == Failure(expected, f"status {code}")
    assert fake.served["/thing"] == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", 1.0),
        ("1000000000000", 3600.0),
        ("Fri, 01 May 2026 10:01:00 GMT", 60.0),
        ("Fri, 01 May 2020 10:01:00 GMT", 1.0),
        ("-3", 1.0),
        ("soon", None),
        ("", None),
        ("Mon, 99 Zzz 9999", None),
    ],
)
def test_retry_after(header, seconds):
    assert retry_after(header, FakeClock()) == seconds


def test_retry_after_is_obeyed():
    clock = FakeClock()
    fake = FakeIndex(faults={"/thing": [status(429, **{"Retry-After": "30"})]}, always={"/thing": body(b"good")})
    assert ask(fake, clock=clock).body == b"good"
    assert clock.now == pytest.approx(30)


def test_backoff_grows_and_ends():
    assert [backoff(i, FakeClock()) for i in (0, 1, 5, 6, 60)] == [1, 2, 32, 60, 60]


def test_body_over_the_cap_is_not_read():
    outcome = ask(FakeIndex(always={"/thing": body(b"x" * 100_000)}))
    assert outcome.code == "too-large"


def test_gzip_bomb_is_not_inflated():
    bomb = gzip.compress(bytes(20_000_000), 1)
    fake = FakeIndex(always={"/thing": body(bomb, **{"Content-Encoding": "gzip"})})
    assert ask(fake, cap=100_000).code == "too-large"


def test_corrupt_gzip():
    fake = FakeIndex(always={"/thing": body(b"no gzip at all", **{"Content-Encoding": "gzip"})})
    assert ask(fake).code == "unreachable"


def test_chunked_body_over_the_cap():
    async def endless(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1000):
            await response.write(b"x" * 1000)
        return response

    assert ask(FakeIndex(always={"/thing": endless})).code == "too-large"


def test_header_line_that_is_too_long():
    assert ask(FakeIndex(always={"/thing": status(200, **{"X-Long": "x" * 20_000})})).code == "unreachable"


def test_hash():
    right = hashlib.sha256(b"good").hexdigest()
    fake = FakeIndex(always={"/thing": body(b"good")})
    assert ask(fake, sha256=right).body == b"good"
    assert ask(fake, sha256="00" * 32).code == "hash-mismatch"
    assert fake.served["/thing"] == 3  # a wrong one is asked for twice


def redirect(target, code=302):
    return lambda _request: web.Response(status=code, headers={"Location": target})


def test_redirects_are_followed_on_hosts_that_are_named():
    fake = FakeIndex(always={"/thing": redirect("/other", 308), "/other": body(b"good")})
    assert ask(fake).body == b"good"


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/thing", "redirect-loop"),
        ("http://localhost:1/", "foreign-host"),
        ("http://127.0.0.1:1/", "foreign-host"),
        ("//elsewhere.example/", "foreign-host"),
        ("file:///etc/passwd", "bad-redirect"),
        ("javascript:alert(1)", "bad-redirect"),
        ("http://[", "bad-address"),
        ("", "redirect-loop"),
    ],
)
def test_redirects_that_are_not_followed(target, code):
    fake = FakeIndex(always={"/thing": redirect(target)})
    outcome = ask(fake)
    assert isinstance(outcome, Failure)
    assert outcome.code == code
    assert len(fake.log) <= 6


def test_hosts_that_nobody_named_are_never_asked():
    other = FakeIndex(always={"/thing": body(b"secret")})

    async def run():
        async with other.serve(), Fetcher(MANNERS, FakeClock()) as fetcher:
            fetcher.allow("https://index.example/simple/")
            return await fetcher.get(Request(url=other.url + "/thing", lane="files", cap=1000))

    assert asyncio.run(run()).code == "foreign-host"
    assert other.log == []


@pytest.mark.parametrize("url", ["", "http://", "http://[::1", "nonsense", "http://x:99999/", "ftp://h/x"])
def test_addresses_that_cannot_be_asked(url):
    outcome = ask(FakeIndex(), url=url)
    assert isinstance(outcome, Failure)


def test_parts():
    content = bytes(range(200))

    def serve(request):
        start, _, last = request.headers["Range"].removeprefix("bytes=").partition("-")
        part = content[int(start) : int(last) + 1]
        return web.Response(
            status=206, body=part, headers={"Content-Range": f"bytes {start}-{int(start) + len(part) - 1}/200"}
        )

    fake = FakeIndex(always={"/thing": serve})
    assert ask(fake, span=Span(start=10, stop=20)).body == content[10:20]
    assert ask(fake, span=Span(start=190, stop=300)).body == content[190:]
    assert ask(fake, span=Span(start=0, stop=1)).total == 200


@pytest.mark.parametrize(
    ("header", "sent"),
    [
        ("bytes 0-9/200", b"x" * 10),
        ("bytes 10-19/200", b"x" * 9),
        ("bytes 10-19/200", b"x" * 11),
        ("bytes 10-19/*", b"x" * 10),
        ("items 10-19/200", b"x" * 10),
        ("bytes 10-19/12", b"x" * 10),
        ("", b"x" * 10),
    ],
)
def test_parts_that_are_not_the_ones_asked_for(header, sent):
    fake = FakeIndex(
        always={"/thing": lambda _: web.Response(status=206, body=sent, headers={"Content-Range": header})}
    )
    assert ask(fake, span=Span(start=10, stop=20)).code == "bad-range"


def test_part_without_being_asked_for():
    fake = FakeIndex(always={"/thing": lambda _: web.Response(status=206, body=b"x")})
    assert ask(fake).code == "refused"


def test_whole_file_in_place_of_a_part():
    fake = FakeIndex(always={"/thing": body(b"small")})
    assert ask(fake, span=Span(start=0, stop=2)) == Answer(
        status=200, url=fake.url + "/thing", body=b"small", etag=None, total=5
    )


def test_who_asks():
    fake = FakeIndex(always={"/thing": body(b"good")})
    ask(fake)
    assert fake.log[0][1]["User-Agent"] == "coset/test (+me??X-Evil: 1 ?)"


def test_connections_to_one_host_are_bounded():
    busy = most = 0

    async def slow(_request):
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        for _ in range(20):
            await asyncio.sleep(0)
        busy -= 1
        return web.Response(body=b"good")

    fake = FakeIndex(always={"/thing": slow})

    async def run():
        async with fake.serve(), Fetcher(MANNERS, FakeClock()) as fetcher:
            fetcher.allow(fake.url)
            request = Request(url=fake.url + "/thing", lane="files", cap=1000)
            await asyncio.gather(*(fetcher.get(request) for _ in range(40)))

    asyncio.run(run())
    assert 1 < most <= 4


@pytest.mark.parametrize(
    "header", [None, "bytes */200", "bytes 0-0/99999999999999999999", "bytes 0-0/x", "bytes ²-0/3"]
)
def test_content_range_that_says_nothing(header):
    assert Span(start=0, stop=1).total(header) is None


def test_origin_ignores_user_and_default_port():
    assert origin("https://user:pw@index.example/a") == origin("https://index.example:443/b")
    assert origin("http://index.example/") != origin("https://index.example/")
