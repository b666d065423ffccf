"""What do pip, uv and rattler print for the conflicts of ``docs/explanations.md``? Run it to record their texts anew.

Each section of the page has a universe of releases, one per line, and what is asked for; coset's own text is compared
by ``tests/report/test_explanations.py``. pip and uv ask ``coset dataset serve`` on the loopback interface; rattler,
which solves for conda's channels, reads the same releases from a channel in a folder. It is in the extra ``bench``.

    .venv/bin/python docs/compare.py
"""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from uv import find_uv_bin

ROOT = Path(__file__).parents[1]
PAGE = Path(__file__).with_name("explanations.md")
PYTHON = "3.13"
SECTION = re.compile(r"^## .*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def blocks(section: str) -> dict[str, str]:
    """Return the fenced blocks of a section by the word in bold before them."""
    return dict(re.findall(r"\*\*(\w+)\*\*[^\n]*\n\n```[a-z]*\n(.*?)```\n", section, re.DOTALL))


def put(section: str, name: str, text: str) -> str:
    """Return the section with another text in the block of this name."""
    pattern = re.compile(rf"(\*\*{name}\*\*[^\n]*\n\n```[a-z]*\n).*?(```\n)", re.DOTALL)
    return pattern.sub(lambda match: match[1] + text + match[2], section, count=1)


@contextmanager
def serving(db: Path) -> Iterator[str]:
    """Serve a dataset and yield the address of the index."""
    command = [sys.executable, "-m", "coset", "dataset", "serve", "--port", "0", "--db", str(db)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT) as server:  # noqa: S603
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def told(folder: Path, command: list[str], text: str = "") -> str:
    """Return what a resolver prints that finds nothing, without the address that changes."""
    environment = {"PATH": os.defpath, "HOME": str(folder), "UV_CACHE_DIR": str(folder / "uv"), "NO_COLOR": "1"}
    environment |= {"PIP_CONFIG_FILE": os.devnull, "NO_PROXY": "*"}
    done = subprocess.run(  # noqa: S603 -- our own words
        command, check=False, cwd=folder, env=environment, input=text, capture_output=True, text=True, timeout=300
    )
    assert done.returncode != 0, done.stdout
    noise = ("Looking in indexes", "Collecting ", "  Downloading ", "  Using cached ", "[notice]")
    lines = [line.rstrip() for line in (done.stdout + done.stderr).splitlines() if not line.startswith(noise)]
    return "".join(f"{line}\n" for line in lines).strip("\n") + "\n"


def channel(releases: str, folder: Path) -> str:
    """Write a universe as one of conda's channels, and return its address.

    Of what a release of an index may be, a channel knows two things otherwise: the interpreter is a package that others
    depend on, and what was withdrawn or comes before a release is kept apart, where nobody finds it who does not ask.
    """
    packages = {f"python-{PYTHON}.0-0.tar.bz2": _package("python", f"{PYTHON}.0", [])}
    for line in releases.splitlines():
        head, _, needs = re.sub(r" \{[^}]*\}| @\d+", "", line).partition(":")
        name, version = head.split()
        if "{yanked=" in line or not re.fullmatch(r"[\d.]+", version):
            continue
        depends = [_spaced(one) for one in needs.split(",") if one.strip()]
        depends += [f"python {python}" for python in re.findall(r"\{python=([^}]*)\}", line)]
        packages[f"{name}-{version}-0.tar.bz2"] = _package(name, version, depends)
    noarch = folder / "channel" / "noarch"
    noarch.mkdir(parents=True)
    (noarch / "repodata.json").write_text(json.dumps({"info": {"subdir": "noarch"}, "packages": packages}))
    return noarch.parent.as_uri()


def _package(name: str, version: str, depends: list[str]) -> dict[str, object]:
    facts = {"name": name, "version": version, "build": "0", "build_number": 0, "depends": depends}
    return facts | {"subdir": "noarch", "noarch": "generic", "size": 1, "md5": "0" * 32, "sha256": "0" * 64}


def _spaced(requirement: str) -> str:
    """Return a requirement as conda spells it.

    >>> _spaced(" numpy>=2,<3")
    'numpy >=2,<3'
    """
    return re.sub(r"^([\w-]+)(?=[<>=!~])", r"\1 ", requirement.strip())


def rattler_told(address: str, asked: list[str], folder: Path) -> str:
    """Return what rattler says where nothing in a channel satisfies what is asked for."""
    import rattler  # noqa: PLC0415 -- the rest of this module is used by a test, which does without
    from rattler.exceptions import SolverError  # noqa: PLC0415

    gateway = rattler.Gateway(cache_dir=folder / "rattler")
    wanted = [*map(_spaced, asked), f"python {PYTHON}.*"]
    try:
        asyncio.run(rattler.solve([address], wanted, gateway=gateway, platforms=["noarch"]))
    except SolverError as refusal:
        return "".join(f"{line.rstrip()}\n" for line in str(refusal).strip().splitlines())
    raise AssertionError(address)


def record(section: str) -> str:
    """Return a section with what pip, uv and rattler print now."""
    sys.path.insert(0, str(ROOT / "tests" / "report"))
    from test_explanations import dataset  # noqa: PLC0415 -- the page's own test makes the dataset

    found = blocks(section)
    if "releases" not in found:
        return section
    asked = found["asked"].split()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        db = dataset(found["releases"], folder / "db.sqlite")
        with serving(db) as url:
            pip = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "--no-color", "install"]
            pip += ["--dry-run", "--ignore-installed", "--no-cache-dir", "--target", str(folder / "t")]
            pip += ["--only-binary", ":all:", "--python-version", PYTHON, "--index-url", url, *asked]
            uv = [find_uv_bin(), "pip", "compile", "--no-config", "--no-header", "--python", sys.executable]
            uv += ["--no-python-downloads", "--python-version", PYTHON, "--index-url", url, "-"]
            section = put(put(section, "pip", told(folder, pip)), "uv", told(folder, uv, "\n".join(asked)))
        address = channel(found["releases"], folder)
        return put(section, "rattler", rattler_told(address, asked, folder))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests"))
    PAGE.write_text(SECTION.sub(lambda match: record(match[0]), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
