"""``coset dataset serve``: do pip and uv resolve against it, and alike?"""

import json
import os
import subprocess
import sys

from served import TOY, serving
from uv import find_uv_bin

from coset import indexserver
from coset.terminal import no_progress
from coset.unpacked import embedded_dataset
from dataset.indexfiles import Offer

UV = find_uv_bin()


def environment(folder):
    """Return what a resolver may see of this machine: nothing of its user, its caches and its proxies."""
    return {
        "PATH": os.defpath,
        "HOME": str(folder),
        "UV_CACHE_DIR": str(folder / "uv"),
        "PIP_CONFIG_FILE": os.devnull,
        "NO_PROXY": "*",
    }


def ran(folder, *command, text=""):
    done = subprocess.run(
        command,
        check=False,
        cwd=folder,
        env=environment(folder),
        input=text,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def pip(folder, url, *asked):
    """Return the versions that pip chooses."""
    report = ran(
        folder,
        *(sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--quiet"),
        *("--dry-run", "--ignore-installed", "--no-cache-dir", "--report", "-", "--index-url", url, *asked),
    )
    found = [one["metadata"] for one in json.loads(report)["install"]]
    return {one["name"]: one["version"] for one in found}


def uv(folder, url, *asked, options=()):
    """Return the versions that uv chooses."""
    lines = ran(
        folder,
        *(UV, "pip", "compile", "--no-config", "--no-header", "--no-annotate", "--quiet", "--python"),
        *(sys.executable, "--no-python-downloads", "--index-url", url, *options, "-"),
        text="\n".join(asked),
    ).splitlines()
    return dict(line.split("==") for line in lines)


def test_pip_and_uv_resolve_the_toys(index, tmp_path):
    # the newest that is neither yanked, nor for another Python or platform, nor unknown; and nothing is built
    assert uv(tmp_path, index, "app") == TOY
    assert pip(tmp_path, index, "app") == TOY


def test_pip_and_uv_agree_on_the_embedded_dataset(tmp_path):
    asked = ("jinja2", "scikit-learn")
    with serving(embedded_dataset(no_progress)) as url:
        chosen = uv(tmp_path, url, *asked, options=("--python-version", "3.13"))
        assert {"jinja2", "markupsafe", "numpy", "scikit-learn", "scipy"} <= chosen.keys()
        assert pip(tmp_path, url, "--python-version", "3.13", "--only-binary", ":all:", *asked) == chosen


def test_a_day_freezes_the_index(toys, tmp_path):
    with serving(toys, Offer(before="2026-03-01T00:00:00Z")) as url:
        assert uv(tmp_path, url, "app") == {**TOY, "lib": "1.0"}
        assert pip(tmp_path, url, "app") == {**TOY, "lib": "1.0"}


def test_resolvers_read_html_as_well(index, tmp_path, monkeypatch):
    monkeypatch.setattr(indexserver, "preferred_form", lambda _accept: "text/html")
    assert uv(tmp_path, index, "app") == TOY
    assert pip(tmp_path, index, "app") == TOY


def test_any_platform_offers_what_was_built_for_another(toys, tmp_path):
    with serving(toys, Offer(any_platform=True)) as url:
        assert uv(tmp_path, url, "app") == {**TOY, "cp": "2.0"}


def test_a_resolver_may_ignore_metadata_files_for_made_wheels_can_be_installed(index, tmp_path):
    target = tmp_path / "target"
    ran(
        tmp_path,
        *(UV, "pip", "install", "--no-config", "--quiet", "--python", sys.executable, "--target", str(target)),
        *("--index-url", index, "old[fast]"),
    )
    assert sorted(one.name for one in target.glob("*.dist-info")) == ["leaf-1.0.dist-info", "old-1.0.dist-info"]
