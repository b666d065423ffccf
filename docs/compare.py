"""What do pip and uv print for the conflicts of ``docs/explanations.md``? Run it to record their texts anew.

Each section of the page has a universe of releases, one per line, and what is asked for; coset's own text is compared
by ``tests/report/test_explanations.py``. Both resolvers ask ``coset dataset serve`` on the loopback interface.

    .venv/bin/python docs/compare.py
"""

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


def record(section: str) -> str:
    """Return a section with what pip and uv print now."""
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
            pip += ["--only-binary", ":all:", "--python-version", "3.13", "--index-url", url, *asked]
            uv = [find_uv_bin(), "pip", "compile", "--no-config", "--no-header", "--python", sys.executable]
            uv += ["--no-python-downloads", "--python-version", "3.13", "--index-url", url, "-"]
            return put(put(section, "pip", told(folder, pip)), "uv", told(folder, uv, "\n".join(asked)))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests"))
    PAGE.write_text(SECTION.sub(lambda match: record(match[0]), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
