"""``coset export``: what pip and uv make of lock files on the loopback, and what bad input gets."""

import functools
import hashlib
import http.server
import json
import os
import platform
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from builtfiles import make_sdist, make_wheel
from toys import current, registry, release
from uv import find_uv_bin

from coset.__main__ import main
from coset.output import read_plan
from dataset.currentset import current_set_to_json
from dataset.records import File
from dataset.store import Store
from solver.planconflict import Conflict
from solver.planjson import plan_to_text

KERNELS = {"Linux": "linux", "Darwin": "darwin"}
MACHINE = {"arm64": "aarch64"}.get(platform.machine(), platform.machine())
HERE = f"3.{sys.version_info.minor} {MACHINE}-{KERNELS[platform.system()]}"
ELSEWHERE = "3.14 x86_64-linux" if sys.version_info[:2] != (3, 14) else "3.13 x86_64-linux"
UV = find_uv_bin()


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """Return a folder with a dataset, a current set and a plan, and with the files that the dataset names."""
    folder = tmp_path_factory.mktemp("toy")
    files = [
        ("app", "1.0", ("lib",), make_wheel),
        ("app", "2.0", ("lib<2", "zope-part; python_version >= '3'"), make_wheel),
        ("lib", "1.0", (), make_wheel),
        ("lib", "2.0", (), make_wheel),
        ("zope-part", "1.0", (), make_wheel),
    ]
    releases = []
    for day, (name, version, requires, make) in enumerate(files, 1):
        made = [make(name, version, requires), make_sdist(name, version, requires=requires)]
        known = []
        for file, body in made:
            place = folder / "files" / "packages" / "a b" / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)
            known.append(File(name=file, path=f"packages/a b/{file}", sha256=hashlib.sha256(body).hexdigest()))
        text = f"{name} {version} @{day}: {', '.join(requires)}"
        releases.append(release(text, files=tuple(sorted(known, key=lambda one: one.name))))
    with Store.create(folder / "toy.sqlite") as store:
        store.put(release for several in registry(*releases).values() for release in several)
    now = current("app 1.0", "lib 1.0")
    (folder / "nixpkgs.json").write_text(json.dumps(current_set_to_json(now)))
    assert main(["solve", *where(folder), "--quiet", "--target", HERE, "--out", str(folder / "out")]) == 0
    return folder


def where(folder):
    return ["--db", str(folder / "toy.sqlite"), "--nixpkgs", str(folder / "nixpkgs.json")]


def planned(folder):
    return [*where(folder), "--plan", str(folder / "out" / "plan.json")]


@pytest.fixture(scope="module")
def served(toy):
    """Return the address at which the files lie."""
    handler = functools.partial(_Silent, directory=str(toy / "files"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def run(folder, *command):
    """Run an installer that knows nothing but the loopback."""
    known = {"PATH": os.environ["PATH"], "HOME": str(folder), "UV_CACHE_DIR": str(folder / "uv"), "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=known)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


PIP = (sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "--no-cache-dir", "install")
ALL = ["app-2.0", "lib-2.0", "zope-part-1.0"]


def installed(said):
    """Return what pip (on one line) or uv (one line each) would install."""
    found = []
    for line in said.splitlines():
        if line.startswith("Would install ") and not line.endswith(" packages"):
            found += line.split()[2:]
        elif line.startswith(" + "):
            found.append(line[3:].replace("==", "-"))
    return sorted(one.replace("_", "-") for one in found)


def lock(toy, served):
    path = toy / "pylock.toml"
    assert main(["export", "pylock", *planned(toy), "--files-base", served, "--out", str(path)]) == 0
    return path


def test_pip_takes_the_lock(toy, served):
    command = (*PIP, "--dry-run", "--ignore-installed", "-r", str(lock(toy, served)))
    with pytest.raises(AssertionError, match="ResolutionImpossible"):  # the plan relaxes app's requirement on lib
        run(toy, *command)
    said = run(toy, *command, "--no-deps")
    assert installed(said) == ALL


def test_uv_takes_the_lock(toy, served):
    run(toy, UV, "venv", "--no-config", "-q", "ve", "--python", sys.executable)
    options = ("--no-config", "--dry-run", "--preview-features", "pylock", "--python", "ve")
    for command in (("pip", "sync", str(lock(toy, served))), ("pip", "install", "-r", str(lock(toy, served)))):
        said = run(toy, UV, *command, *options)
        assert installed(said) == ALL


def test_what_installers_need_to_be_told_is_told(toy, served, tmp_path, capsys):
    path = tmp_path / "lock.toml"
    assert main(["export", "pylock", *planned(toy), "--files-base", served, "--out", str(path)]) == 0
    said = capsys.readouterr().err
    assert "only as pylock.toml or pylock.NAME.toml" in said
    assert "pip needs --no-deps" in said


def test_a_lock_for_other_targets_is_refused_by_pip(toy, served, tmp_path):
    out = tmp_path / "out"
    assert main(["solve", *where(toy), "--quiet", "--target", ELSEWHERE, "--out", str(out)]) == 0
    path = tmp_path / "pylock.toml"
    plan = str(out / "plan.json")
    assert main(["export", "pylock", *where(toy), "--plan", plan, "--files-base", served, "--out", str(path)]) == 0
    with pytest.raises(AssertionError, match="does not satisfy any of the environments"):
        run(tmp_path, *PIP, "--dry-run", "-r", str(path))


@pytest.mark.parametrize("program", ["pip", "uv"])
def test_hashes_are_what_installers_require(toy, served, tmp_path, program):
    path = tmp_path / "requirements.txt"
    assert main(["export", "requirements", *planned(toy), "--out", str(path)]) == 0
    asked = (
        "--no-deps",
        "--require-hashes",
        "--no-index",
        "--find-links",
        f"{served}/packages/a%20b/",
        "-r",
        str(path),
    )
    if program == "pip":
        command = (*PIP, "--dry-run", "--ignore-installed", *asked)
    else:
        run(tmp_path, UV, "venv", "--no-config", "-q", "ve", "--python", sys.executable)
        command = (UV, "pip", "install", "--no-config", "--dry-run", "--python", "ve", *asked)
    said = run(tmp_path, *command)
    assert installed(said) == ALL
    path.write_text(_spoiled(path.read_text()))
    with pytest.raises(AssertionError, match=r"(?i)hash"):
        run(tmp_path, *[one for one in command if one != "--dry-run"])


def _spoiled(text):
    """Return the requirements with hashes that are no file's."""
    lines = text.splitlines()
    return "\n".join(
        line[: line.index("sha256:") + 7] + "0" * 64 + line[line.index("sha256:") + 71 :] if "sha256:" in line else line
        for line in lines
    )


def test_the_overlay_is_told_as_text_and_as_data(toy, capsys):
    assert main(["export", "overlay", *planned(toy)]) == 0
    text, said = capsys.readouterr()
    assert "# A plan of coset: 2 overrides, 1 new packages." in text
    assert "pythonPackagesExtensions = prev.pythonPackagesExtensions ++ [" in text
    assert "# python3Packages.zope-part: init at 1.0" in text
    assert "those that use a forge get an empty hash" in said
    assert main(["export", "overlay", *planned(toy), "--package-overrides", "--from-index"]) == 0
    text, said = capsys.readouterr()
    assert "pythonPackagesExtensions" not in text
    assert "sourceOf" not in text
    assert "forge" not in said
    assert main(["export", "overlay", *planned(toy), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [one["attribute"] for one in data["overrides"]] == ["app", "lib"]
    assert [one["message"] for one in data["inits"]] == ["python3Packages.zope-part: init at 1.0"]


def test_the_same_bytes_every_time(toy, capsys):
    for what in ("overlay", "requirements", "pylock"):
        texts = set()
        for _ in range(2):
            assert (
                main(["export", what, *planned(toy), *(["--files-base", "https://x.example"] * (what == "pylock"))])
                == 0
            )
            texts.add(capsys.readouterr().out)
        assert len(texts) == 1


def test_what_cannot_be_meant_is_refused(toy, tmp_path, capsys):
    assert main(["export", "pylock", *planned(toy), "--files-base", "ftp://x"]) == 2
    assert "is not an http or https address" in capsys.readouterr().err
    assert main(["export", "overlay", *where(toy), "--plan", str(tmp_path / "none.json")]) == 2
    assert "there is no plan" in capsys.readouterr().err
    plan = replace(read_plan(toy / "out" / "plan.json"), status="conflict", conflict=Conflict(core=(), correction=()))
    conflict = tmp_path / "plan.json"
    conflict.write_text(plan_to_text(plan))
    assert main(["export", "overlay", *where(toy), "--plan", str(conflict)]) == 2
    assert "there is no set to export" in capsys.readouterr().err
    assert main(["export", "overlay", *planned(toy), "--out", str(tmp_path / "no" / "overlay.nix")]) == 3
    assert "cannot be written" in capsys.readouterr().err


def test_another_dataset_than_the_plan_s_is_told(toy, tmp_path, capsys):
    with Store.create(tmp_path / "other.sqlite") as store:
        store.put([release("app 2.0 @1:")])
    plan = str(toy / "out" / "plan.json")
    nixpkgs = str(toy / "nixpkgs.json")
    assert (
        main(["export", "overlay", "--db", str(tmp_path / "other.sqlite"), "--nixpkgs", nixpkgs, "--plan", plan]) == 1
    )
    said = capsys.readouterr().err
    assert "rests on another dataset" in said
    assert "lib: the dataset does not hold the release" in said
