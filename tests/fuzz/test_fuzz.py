"""No bytes of an index break what reads them: seeds, what once broke something, and mutations of both."""

import importlib.util
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fuzztargets import TARGETS, corpus
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import SEEDS

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("target", TARGETS)
def test_every_seed_and_what_broke_it_once_is_read(target):
    inputs = corpus(target)
    assert len(inputs) >= 20
    for one in inputs:
        TARGETS[target](one)


@pytest.mark.parametrize("target", TARGETS)
def test_the_corpus_has_every_seed(target):
    there = {path.name for path in (FOLDER / "corpus" / target).iterdir()}
    assert there >= SEEDS[target]().keys()


def fuzzed(*options, cwd):
    """Start the fuzzer as `make fuzz` does, without what pytest or a Makefile puts on the path."""
    return subprocess.run(
        [sys.executable, *options], cwd=cwd, env={}, capture_output=True, text=True, check=False, timeout=100
    )


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed")
def test_the_fuzzer_runs(tmp_path):
    done = fuzzed(FOLDER / "fuzz.py", *TARGETS, "1", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    runs = [int(one) for one in re.findall(r"^Done (\d+) runs", done.stderr, re.MULTILINE)]
    tried = [len(corpus(target)) for target in TARGETS]
    assert all(run >= seeds for run, seeds in zip(runs, tried, strict=True)), done.stderr


def test_the_fuzzer_says_what_it_needs(tmp_path):
    code = f"import runpy, sys; sys.modules['atheris'] = None; runpy.run_path({str(FOLDER / 'fuzz.py')!r})"
    done = fuzzed("-c", code, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        1,
        "fuzz.py needs atheris, which runs on Linux; 'make fuzz' installs it\n",
    )


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
@given(st.integers(0, 1000), st.integers(1, 12), st.integers(0, 1 << 32))
def test_mutations_are_read_too(target, which, changes, seed):
    inputs = corpus(target)
    TARGETS[target](mutated(inputs[which % len(inputs)], changes, random.Random(seed)))


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=30)
@given(st.binary(max_size=300))
def test_anything_is_read_too(target, data):
    TARGETS[target](data)
