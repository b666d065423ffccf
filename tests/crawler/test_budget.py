"""Bodies under way together never hold more than the budget, and never wait for each other forever."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.budget import Budget

bodies = st.lists(st.lists(st.integers(0, 300), min_size=1, max_size=6), min_size=1, max_size=12)


async def read(budget, sizes, log=None):
    with budget.share() as share:
        for size in sizes:
            if not share.ask(size):
                await share.wait()
            await asyncio.sleep(0)
    if log is not None:
        log.append(sum(sizes))


@given(bodies)
def test_every_body_comes_to_its_end_and_little_is_held(sizes):
    budget = Budget(100)
    log = []

    async def run():
        async with asyncio.timeout(10):
            await asyncio.gather(*(read(budget, one, log) for one in sizes))

    asyncio.run(run())
    assert sorted(log) == sorted(map(sum, sizes))
    assert budget.used == 0
    assert budget.most <= 100 + max(map(sum, sizes))


def test_what_fits_is_read_at_once():
    budget = Budget(100)
    with budget.share() as one, budget.share() as two:
        assert one.ask(60)
        assert two.ask(40)
        assert budget.used == 100
    assert budget.used == 0


def test_a_body_larger_than_the_budget_is_read_alone():
    budget = Budget(100)

    async def run():
        with budget.share() as small:
            assert small.ask(10)
            large = asyncio.create_task(read(budget, [500]))
            await asyncio.sleep(0)
            assert budget.used == 10  # the large one waits for the small one
        await large

    asyncio.run(run())
    assert budget.most == 500


def test_older_bodies_come_first():
    budget = Budget(100)
    order = []

    async def run():
        with budget.share() as first:
            assert first.ask(90)
            waiting = [asyncio.create_task(read(budget, [size], order)) for size in (80, 5)]
            for _ in range(5):
                await asyncio.sleep(0)
            assert order == []  # the small one would fit, but then the larger could wait for ever
        await asyncio.gather(*waiting)

    asyncio.run(run())
    assert sorted(order) == [5, 80]
    assert budget.most == 90


def test_who_stops_waiting_takes_nothing():
    budget = Budget(100)

    async def run():
        with budget.share() as first:
            assert first.ask(100)
            waiting = asyncio.create_task(read(budget, [50]))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        assert budget.used == 0

    asyncio.run(run())
