"""A body that is handed on while it is read arrives once, whole and checked, however often the wire breaks."""

import asyncio
import hashlib

import pytest
from aiohttp import web
from fakeindex import FakeClock, FakeIndex, body, status

from crawler.fetch import Fetcher
from crawler.manners import Manners
from crawler.source import Failure, Request

CONTENT = bytes(range(256)) * 2000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def stream(fake, consume, **facts):
    async def run():
        manners = Manners(agent="coset/test", rates={"index": 1e9, "files": 1e9})
        async with fake.serve(), Fetcher(manners, FakeClock()) as fetcher:
            fetcher.allow(fake.url)
            request = Request(**{"url": f"{fake.url}/thing", "lane": "files", "cap": 1 << 20, **facts})
            outcome = await fetcher.stream(request, consume)
            fake.received = fetcher.received
            return outcome

    return asyncio.run(run())


class Kept:
    """Keeps what it is handed, until it has enough."""

    def __init__(self, enough=1 << 30):
        self.data = b""
        self.enough = enough

    def __call__(self, chunk):
        assert chunk, "an empty part says nothing"
        self.data += chunk
        return len(self.data) < self.enough


def breaking_off(after):
    """A fault: send so many bytes of the content and break the connection."""

    async def fault(request):
        response = web.StreamResponse(headers={"Content-Length": str(len(CONTENT))})
        await response.prepare(request)
        await response.write(CONTENT[:after])
        await asyncio.sleep(0.005)  # so that the peer has read it
        request.transport.abort()
        return response

    return fault


def test_whole_body_is_handed_over_and_checked():
    kept = Kept()
    outcome = stream(FakeIndex(always={"/thing": body(CONTENT)}), kept, sha256=DIGEST)
    assert kept.data == CONTENT
    assert (outcome.status, outcome.body, outcome.total, outcome.complete) == (200, b"", len(CONTENT), True)


def test_reading_ends_when_no_more_is_wanted():
    kept = Kept(enough=1)
    fake = FakeIndex(always={"/thing": body(CONTENT)})
    outcome = stream(fake, kept, sha256="00" * 32)
    assert CONTENT.startswith(kept.data)
    assert (outcome.complete, outcome.total) == (False, len(CONTENT))
    assert fake.received < len(CONTENT)


@pytest.mark.parametrize(
    "cuts", [[1], [70_000], [200_000, 100_000], [100_000, 200_000], [300_000, 300_000, 10, 300_001]]
)
def test_each_byte_is_handed_over_once_however_often_the_connection_breaks(cuts):
    kept = Kept()
    fake = FakeIndex(faults={"/thing": [breaking_off(one) for one in cuts]}, always={"/thing": body(CONTENT)})
    outcome = stream(fake, kept, sha256=DIGEST)
    assert outcome.complete
    assert kept.data == CONTENT
    assert fake.served["/thing"] == len(cuts) + 1


def test_stream_that_never_comes_to_its_end():
    kept = Kept()
    outcome = stream(FakeIndex(always={"/thing": breaking_off(100_000)}), kept)
    assert (outcome.code, outcome.transient) == ("unreachable", True)
    assert CONTENT.startswith(kept.data)


@pytest.mark.parametrize("second", [b"x" * len(CONTENT), CONTENT[:10]])
def test_another_attempt_must_bring_the_same_bytes(second):
    kept = Kept()
    fake = FakeIndex(faults={"/thing": [breaking_off(200_000)]}, always={"/thing": body(second)})
    outcome = stream(fake, kept)
    assert outcome.code == "hash-mismatch"
    assert CONTENT.startswith(kept.data)


def test_wrong_bytes_are_not_asked_for_again():
    fake = FakeIndex(always={"/thing": body(b"bad")})
    assert stream(fake, Kept(), sha256=DIGEST).code == "hash-mismatch"
    assert fake.served["/thing"] == 1


@pytest.mark.parametrize("known", [True, False])
def test_cap(known):
    async def endless(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1000):
            await response.write(bytes(1000))
        return response

    kept = Kept()
    outcome = stream(FakeIndex(always={"/thing": body(CONTENT) if known else endless}), kept, cap=100_000)
    assert outcome.code == "too-large"
    assert len(kept.data) <= 100_000


def test_what_a_consumer_raises_is_not_the_wires_fault():
    def consume(_chunk):
        raise ValueError("broken archive")

    fake = FakeIndex(always={"/thing": body(CONTENT)})
    with pytest.raises(ValueError, match="broken archive"):
        stream(fake, consume)
    assert fake.served["/thing"] == 1


def test_failures_and_redirects_are_those_of_every_request():
    assert stream(FakeIndex(), Kept()) == Failure("not-found", "status 404")
    kept = Kept()
    fake = FakeIndex(
        faults={"/thing": [status(503)]}, always={"/thing": status(302, Location="/other"), "/other": body(CONTENT)}
    )
    assert stream(fake, kept, sha256=DIGEST).complete
    assert kept.data == CONTENT


def test_large_files_hold_little_of_the_budget():
    fake = FakeIndex(always={"/thing": body(CONTENT)})

    async def run():
        manners = Manners(agent="coset/test", rates={"index": 1e9, "files": 1e9})
        async with fake.serve(), Fetcher(manners, FakeClock()) as fetcher:
            fetcher.allow(fake.url)
            await fetcher.stream(Request(url=f"{fake.url}/thing", lane="files", cap=1 << 30), Kept())
            return fetcher._wire._budget.most

    assert asyncio.run(run()) == 64 << 10
