"""Tries many inputs on one target, chosen by the branches that they reach (atheris, libFuzzer).

Called by `make fuzz` as ``fuzz.py TARGET RUNS``. An input that breaks the target is written to ``corpus/TARGET/``; with
it there, the tests fail until the cause is mended.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["crawler", "dataset", "normalize", "packaging", "pkginfo"]):
    from fuzztargets import TARGETS

LARGEST = 4096


def main():
    target, runs = sys.argv[1], int(sys.argv[2])
    check, seeds = TARGETS[target]
    corpus = Path(__file__).parent / "corpus" / target
    corpus.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds):
            (Path(folder) / f"seed-{number}").write_bytes(seed)
        options = [f"-runs={runs}", f"-max_len={LARGEST}", "-timeout=10", "-rss_limit_mb=2048", "-seed=1"]
        atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={corpus}/", folder, str(corpus)], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
