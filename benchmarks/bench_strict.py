"""How long does an ordinary resolve take, beside pip's resolver and uv? Whole processes, the same frozen dataset.

Strict mode (`coset resolve --no-relax`) and resolvelib read the same SQLite file; uv asks the same dataset served on
the loopback interface, everything in its cache (its warm run). Every answer is checked with packaging alone; a question
that cannot be answered must be refused by all.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import resolvelibcase
from measure import Run, run, table
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from uv import find_uv_bin

from coset.unpacked import embedded_dataset
from dataset.store import Store

ROUNDS = 3

QUESTIONS: tuple[tuple[str, ...], ...] = (
    ("jinja2", "scikit-learn"),
    ("sphinx",),
    ("tensorflow",),
    ("kubernetes", "google-auth", "pyopenssl"),
    ("aiohttp", "aiohttp-retry", "cherrypy", "rich-argparse", "typer"),
    ("sphinx<9", "docutils<0.22"),
    ("keras<3.12", "tensorflow", "scikit-learn", "h5py<3.15"),
    ("pydantic<2.12", "pydantic-core>=2.41"),
    ("tensorflow>=2.20", "protobuf<5"),
    ("tensorboard", "grpcio", "virtualenv", "pyqt6-webengine", "zeroconf", "beautifulsoup4", "feedparser", "fonttools"),
)
"""What is asked for, of the embedded dataset: four that nothing satisfies, four that the newest releases satisfy."""

Answer = Mapping[str, str] | None
"""Versions; None where nothing satisfies."""


def valid(db: Path, asked: tuple[str, ...], answer: Mapping[str, str]) -> bool:
    """Return whether every requirement of what was chosen is satisfied, and what was asked for is there."""
    with Store.open(db) as store:
        releases = {(one.project, one.version): one for one in store.releases(files=False)}
    versions = {canonicalize_name(name): version for name, version in answer.items()}
    todo = [(Requirement(text), "") for text in asked]
    seen = set()
    while todo:
        one, extra = todo.pop()
        name = canonicalize_name(one.name)
        if one.marker is not None and not one.marker.evaluate({**resolvelibcase.ENVIRONMENT, "extra": extra}):
            continue
        if name not in versions or not one.specifier.contains(versions[name], prereleases=True):
            return False
        for wanted in ("", *one.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                texts = releases[name, versions[name]].requires or ()  # type: ignore[index]
                todo += [(Requirement(text), wanted) for text in texts]
    return True


@contextmanager
def _served(db: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "coset", "dataset", "serve", "--db", str(db), "--quiet", "--any-platform"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def main() -> None:
    """Print the section of the results; fail where an answer is wrong."""
    db = embedded_dataset()
    odd: list[str] = []
    rows = []
    with tempfile.TemporaryDirectory() as folder, _served(db) as url:
        for asked in QUESTIONS:
            found = {name: _taken(command, asked) for name, command in _commands(db, url, Path(folder)).items()}
            answers = {name: answer for name, (answer, _) in found.items()}
            refused = {name for name, answer in answers.items() if answer is None}
            if refused and len(refused) < len(answers):
                odd.append(f"{asked}: only {sorted(refused)} found nothing")
            odd += [f"{asked}: {name} is wrong" for name, one in answers.items() if one and not valid(db, asked, one)]
            seconds = {name: median(one.seconds for one in runs) for name, (_, runs) in found.items()}
            rows.append(
                [
                    f"`{' '.join(asked)}`",
                    "-" if refused else str(len(answers["coset"] or ())),
                    *(f"{seconds[name]:.2f}" for name in ("coset", "resolvelib", "uv")),
                    f"{seconds['coset'] / seconds['resolvelib']:.2f}",
                    f"{seconds['coset'] / seconds['uv']:.1f}",
                ]
            )
    print("## Strict mode beside pip's resolver and uv\n")
    print(
        f"Whole processes, medians of {ROUNDS} in turns, on the embedded dataset; `-` where nothing satisfies, on "
        f"which all agree. To reach: at most 1 x resolvelib, 3 x uv. Every answer is valid.\n"
    )
    head = ["asked for", "projects", "coset s", "resolvelib s", "uv s, warm", "x resolvelib", "x uv"]
    print(table(head, rows))
    if odd:
        sys.exit("\n".join(odd))


Command = Callable[[tuple[str, ...]], tuple[list[str | Path], dict[str, str]]]


def _commands(db: Path, url: str, folder: Path) -> dict[str, Command]:
    def coset(asked: tuple[str, ...]) -> tuple[list[str | Path], dict[str, str]]:
        return [sys.executable, "-m", "coset", "resolve", "--no-relax", "--json", "--quiet", "--db", db, *asked], {}

    def resolvelib(asked: tuple[str, ...]) -> tuple[list[str | Path], dict[str, str]]:
        return [sys.executable, resolvelibcase.__file__, db, *asked], {}

    def uv(asked: tuple[str, ...]) -> tuple[list[str | Path], dict[str, str]]:
        wanted = folder / "asked.txt"
        wanted.write_text("\n".join(asked))
        command: list[str | Path] = [find_uv_bin(), "pip", "compile", "--no-config", "--no-header", "--no-annotate"]
        command += ["--quiet", "--python", sys.executable, "--no-python-downloads", "--index-url", url]
        command += ["--python-version", resolvelibcase.PYTHON, "--python-platform", "x86_64-unknown-linux-gnu", wanted]
        return command, {"UV_CACHE_DIR": str(folder / "cache"), "NO_PROXY": "*", "HOME": str(folder)}

    return {"coset": coset, "resolvelib": resolvelib, "uv": uv}


def _taken(command: Command, asked: tuple[str, ...]) -> tuple[Answer, list[Run]]:
    """Run it once for the answer, which fills the caches, then a few times for the time."""
    words, environment = command(asked)
    environment = {**os.environ, **environment}
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    answer: Answer = None
    if done.stdout.startswith("{"):
        found = json.loads(done.stdout)
        answer = found if "satisfiable" not in found else found["packages"] if found["satisfiable"] else None
    elif "==" in done.stdout:
        answer = dict(line.split("==") for line in done.stdout.splitlines())
    shell: list[str | Path] = ["sh", "-c", '"$@" || test $? = 1', "sh", *words]  # finding nothing is an answer too
    return answer, [run(shell, environment) for _ in range(ROUNDS)]


if __name__ == "__main__":
    main()
