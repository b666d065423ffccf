"""How much is asked, how fast, and where else? Pauses, storms, redirects, and what a run may spend."""

import asyncio
import gzip
import os
from collections import Counter

import pytest
from fakeindex import FakeClock
from rawserver import FAST, GOOD, HURRIED, ask, code, raw, said

from crawler.budget import Budget
from crawler.fetch import Fetcher
from crawler.limits import Limits
from crawler.manners import Manners
from crawler.source import Answer, Failure, Request


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
