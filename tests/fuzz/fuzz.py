"""Tries many inputs on targets, chosen by the branches that they reach (atheris, libFuzzer).

Called by `make fuzz` as ``fuzz.py TARGET... RUNS``; so many are tried on each. It starts from ``corpus/TARGET/``. An
input that breaks the target is written there; with it there, the tests fail until the cause is mended.
"""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]  # as pytest's `pythonpath` has it

try:
    import atheris
except ImportError:
    sys.exit("fuzz.py needs atheris, which runs on Linux; 'make fuzz' installs it")

READERS = ["crawler", "dataset", "normalize", "packaging", "pkginfo"]
SLOW = ["packaging.licenses._spdx", "packaging.tags"]  # to instrument; no input decides what they do

with atheris.instrument_imports(include=READERS, exclude=SLOW):
    from fuzztargets import CORPUS, TARGETS

LARGEST = 4096


def fuzz(target, runs, found):
    """Try inputs on one target; libFuzzer puts what reaches new branches into a folder, and ends the process."""
    corpus = CORPUS / target
    options = [f"-runs={runs}", f"-max_len={LARGEST}", "-timeout=10", "-rss_limit_mb=2048", "-seed=1"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={corpus}/", found, str(corpus)], TARGETS[target])
    atheris.Fuzz()


def main():
    *targets, runs = sys.argv[1:]
    for target in targets:
        with tempfile.TemporaryDirectory(prefix=f"fuzz-{target}-") as found:
            child = os.fork()  # what is instrumented is so for all of them
            if not child:
                fuzz(target, int(runs), found)
            broken = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if broken:
            sys.exit(f"an input breaks {target}; it is in {CORPUS / target}")


if __name__ == "__main__":
    main()
