"""Does the embedded data answer every example of the help that needs no network and no files of the user's?"""

import shlex
import shutil
from pathlib import Path

import pytest

from coset.__main__ import main
from coset.commands import COMMANDS

DATA = Path(__file__).parents[2] / "data"
FOREIGN = (
    "coset crawl",
    "coset dataset serve",
    "|",
    "~",
    "://",
    ".sqlite",
    ".toml",
    ".lock",
    ".br",
    "requirements.txt",
    "src",
    "setup.py",
    "shards",
)
"""What tells that an example needs the index, or files that only a user has."""

ELSEWHERE = {
    "coset solve --out plan",
    "coset sweep --workers 8 --ladder minor",
    "coset vendor",
    "coset verify plan/plan.json",
    "coset export overlay --plan out/plan.json --out overlay.nix",
}
"""They take long, name nothing that the data could lack, and other tests run them on it."""

EXAMPLES = [
    text
    for one in COMMANDS
    for text in one.examples
    if text not in ELSEWHERE and not any(word in text for word in FOREIGN)
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the plans and the current set that examples name."""
    made = tmp_path_factory.mktemp("examples")
    assert main(["solve", "--out", str(made / "plan"), "--quiet"]) == 0
    for name in ("out", "old", "new"):
        shutil.copytree(made / "plan", made / name)
    shutil.copy(DATA / "nixpkgs" / "nixpkgs.json", made)
    return made


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_embedded_data_answers(text, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    status = main([*shlex.split(text)[1:], "--quiet"])
    found = text.startswith(("coset check", "coset names audit"))  # whatever is wrong with nixpkgs
    assert status <= found, capsys.readouterr().err
