"""No bytes of an index break what reads them: seeds, what once broke something, and mutations of both."""

import random
from pathlib import Path

import pytest
from fuzztargets import TARGETS
from hypothesis import given, settings
from hypothesis import strategies as st

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize("target", TARGETS)
def test_every_seed_is_read(target):
    check, seeds = TARGETS[target]
    for seed in seeds:
        check(seed)


@pytest.mark.parametrize("target", TARGETS)
def test_what_broke_it_once_does_not_any_more(target):
    for path in sorted((CORPUS / target).glob("*")):
        TARGETS[target][0](path.read_bytes())


def mutated(seed, changes, chance):
    data = bytearray(seed)
    for _ in range(changes):
        if not data:
            break
        at = chance.randrange(len(data))
        what = chance.randrange(5)
        if what == 0:
            data[at] = chance.randrange(256)
        elif what == 1:
            del data[at : at + chance.randrange(1, 9)]
        elif what == 2:
            data[at:at] = data[at : at + chance.randrange(1, 33)]
        elif what == 3:
            data[at:at] = chance.choice((b"\0", b"\xff" * 4, b"\n", b";", b'"', b"<", b"[" * 50, b"9" * 30, b"\\u0000"))
        else:
            data[at : at + 4] = chance.choice((0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 1 << 16)).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=80)
@given(st.integers(0, 10), st.integers(1, 12), st.integers(0, 1 << 32))
def test_mutations_are_read_too(target, which, changes, seed):
    check, seeds = TARGETS[target]
    check(mutated(seeds[which % len(seeds)], changes, random.Random(seed)))


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=30)
@given(st.binary(max_size=300))
def test_anything_is_read_too(target, data):
    TARGETS[target][0](data)
