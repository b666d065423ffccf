"""Requests keep their rate, pauses and slow-down on a simulated clock; the breaker opens and closes."""

import asyncio
import heapq
import itertools

import pytest
from fakeindex import FakeClock
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.breaker import FIRST_REST, LONGEST_REST, ROUNDS, WINDOW, Breaker
from crawler.pace import BURST_SECONDS, Pace, backoff, retry_after


class Simulated(FakeClock):
    """Time that passes once everybody waits, for several tasks at once."""

    def __init__(self):
        super().__init__()
        self.sleepers = []
        self.numbers = itertools.count()

    async def sleep(self, seconds):
        done = asyncio.get_running_loop().create_future()
        heapq.heappush(self.sleepers, (self.now + seconds, next(self.numbers), done))
        await done

    async def pass_until(self, end):
        while True:
            for _ in range(3):  # those who were woken ask for their next turn
                await asyncio.sleep(0)
            if not self.sleepers or self.sleepers[0][0] > end:
                self.now = end
                return
            self.now, _, done = heapq.heappop(self.sleepers)
            done.set_result(None)


def turns(seconds, rate, tasks=1, pace=None, clock=None):
    """Return the times of the turns that so many tasks, which never rest, are given in so many seconds."""
    clock = clock or Simulated()
    pace = pace or Pace(clock)
    times = []

    async def ask():
        while await pace.turn(rate):
            times.append(clock.now)

    async def run():
        asked = [asyncio.create_task(ask()) for _ in range(tasks)]
        await clock.pass_until(seconds)
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)

    asyncio.run(run())
    return times


@settings(max_examples=12)
@given(st.floats(4, 50), st.integers(1, 10))
def test_over_a_minute_the_rate_is_the_configured_one_within_5_percent(rate, tasks):
    times = turns(60, rate, tasks)
    assert len(times) == pytest.approx(60 * rate, rel=0.05)


@settings(max_examples=20)
@given(st.floats(1, 20), st.integers(1, 10))
def test_no_stretch_of_time_holds_more_than_the_rate_and_one_burst(rate, tasks):
    times = turns(8, rate, tasks)
    burst = rate * BURST_SECONDS
    for i, first in enumerate(times):
        for number, last in enumerate(times[i:], 1):
            assert number <= burst + (last - first) * rate + 1e-6


@pytest.mark.parametrize("rate", [8, 16])
def test_burst_is_twice_the_rate(rate):
    assert turns(0, rate) == [0.0] * 2 * rate


def test_slow_rates_have_no_burst():
    assert turns(100, 0.1) == pytest.approx([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])


def test_one_bucket_serves_two_rates():
    clock = FakeClock()

    async def run():
        pace = Pace(clock)
        for _ in range(80):
            await pace.turn(8)
            await pace.turn(16)

    asyncio.run(run())
    assert clock.now == pytest.approx(80 / 8 + 80 / 16 - BURST_SECONDS, abs=0.2)


def test_a_pause_holds_for_everyone_and_no_burst_follows_it():
    clock = Simulated()
    pace = Pace(clock)
    pace.pause(5)
    times = turns(7, 8, 10, pace, clock)
    assert times == pytest.approx([5 + i / 8 for i in range(17)])


def test_a_pause_holds_also_for_those_who_wait_already():
    clock = Simulated()
    pace = Pace(clock)
    times = []

    async def ask():
        while await pace.turn(1):
            times.append(clock.now)

    async def run():
        asked = [asyncio.create_task(ask()) for _ in range(4)]
        await clock.pass_until(1.5)
        pace.pause(100)
        await clock.pass_until(101.5)
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)

    asyncio.run(run())
    assert [one for one in times if 1.5 < one < 101.5] == []


def test_who_has_no_time_left_does_not_wait():
    clock = FakeClock()

    async def run():
        pace = Pace(clock)
        pace.pause(60)
        assert not await pace.turn(8, within=59)
        assert not await pace.turn(8, within=60)
        assert clock.now == 0
        assert await pace.turn(8, within=61)

    asyncio.run(run())
    assert clock.now == 60


def test_who_is_overtaken_by_a_pause_does_not_wait_for_its_end():
    clock = Simulated()

    async def run():
        pace = Pace(clock)
        assert await pace.turn(0.1)
        waiting = asyncio.create_task(pace.turn(0.1, within=50))
        await clock.pass_until(5)
        pace.pause(100)
        await clock.pass_until(20)
        assert waiting.done()
        assert not waiting.result()

    asyncio.run(run())


def test_a_host_that_refuses_is_asked_half_as_fast_and_then_faster_again():
    clock = FakeClock()
    pace = Pace(clock)
    pace.slow_down(sent=0)
    assert pace.speed == 0.5
    clock.now = 60
    assert pace.speed == pytest.approx(0.55)
    clock.now = 600
    assert pace.speed == pytest.approx(1.0)
    clock.now = 6000
    assert pace.speed == 1.0


def test_halved_rate_is_kept():
    clock = Simulated()
    pace = Pace(clock)
    pace.slow_down(sent=0)
    assert len(turns(60, 16, 4, pace, clock)) == pytest.approx(60 * 16 * 0.525, rel=0.05)


def test_what_was_sent_together_slows_down_once():
    clock = FakeClock()
    pace = Pace(clock)
    clock.now = 10
    for sent in (9.0, 9.2, 9.4, 9.9):
        pace.slow_down(sent)
    assert (pace.speed, pace.rounds) == (0.5, 1)
    pace.slow_down(sent=10.5)
    assert pace.speed == 0.25


@given(st.lists(st.floats(0, 1000), max_size=40))
def test_speed_stays_within_bounds(pauses):
    clock = FakeClock()
    pace = Pace(clock)
    for pause in pauses:
        clock.now += pause
        pace.slow_down(sent=clock.now)
        assert 1 / 64 <= pace.speed <= 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", 1.0),
        ("1000000000", 3600.0),
        ("9" * 400, 3600.0),
        ("2.5", 2.5),
        ("Fri, 01 May 2026 10:01:00 GMT", 60.0),
        ("Fri, 01 May 2020 10:01:00 GMT", 1.0),
        ("Fri, 01 May 9026 10:01:00 GMT", 3600.0),
        ("-3", 1.0),
        ("-" + "9" * 400, 1.0),
        (None, None),
        ("soon", None),
        ("", None),
        ("Mon, 99 Zzz 9999", None),
        ("1e9", None),
    ],
)
def test_retry_after(header, seconds):
    assert retry_after(header, FakeClock()) == seconds


@given(st.text("0123456789-+.eE:, GMTFriMay", max_size=40))
def test_any_retry_after_is_clamped(header):
    found = retry_after(header, FakeClock())
    assert found is None or 1 <= found <= 3600


def test_backoff_grows_and_ends():
    assert [backoff(i, FakeClock()) for i in (0, 1, 5, 6, 60)] == [1, 2, 32, 60, 60]


def test_breaker_lets_a_host_rest_and_gives_up_after_three_rounds():
    breaker = Breaker()
    rests = []
    while not breaker.open:
        rest = breaker.failed()
        rests += [rest] if rest else []
    assert rests == [60, 120, 240]


def test_breaker_needs_more_than_half():
    breaker = Breaker()
    for _ in range(10 * WINDOW):
        breaker.succeeded()
        assert breaker.failed() == 0
    assert (breaker.rounds, breaker.open) == (0, False)


def test_breaker_forgets_rounds_once_the_host_is_well():
    breaker = Breaker()
    for _ in range(2 * ROUNDS):
        assert [breaker.failed() for _ in range(WINDOW // 2 + 1)][-1] == FIRST_REST
        for _ in range(WINDOW):
            breaker.succeeded()
    assert not breaker.open


@settings(max_examples=30)
@given(st.lists(st.booleans(), max_size=600))
def test_breaker_rests_within_bounds(answers):
    breaker = Breaker()
    for good in answers:
        rest = breaker.succeeded() or 0 if good else breaker.failed()
        assert rest == 0 or FIRST_REST <= rest <= LONGEST_REST
        assert breaker.rounds <= ROUNDS
