"""How long does a dataset of index size take to write, read, export and import, and how does it grow in git?

``--full`` measures a million releases, which takes a quarter of an hour; otherwise a twentieth of them.
"""

import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from bigdataset import FULL, Shape, fill, generated, project_names
from measure import megabytes, table, unit

from dataset.records import MANIFEST

SMALL = Shape(projects=5_000)
_COMMITS = 5
_PATH = re.compile(rb'"path":"[^"]*",')


def main() -> None:
    """Print the section of the results; with the name of a step, measure that one and print JSON."""
    if len(sys.argv) > 2:
        step, folder, shape = sys.argv[1], Path(sys.argv[2]), Shape(**json.loads(sys.argv[3]))
        print(json.dumps(_measured(STEPS[step], folder, shape)))
        return
    shape = FULL if "--full" in sys.argv else SMALL
    with tempfile.TemporaryDirectory() as temporary:
        print(section(shape, Path(temporary)))


def section(shape: Shape, folder: Path) -> str:
    """Measure every step in a process of its own and return the section."""
    rows = []
    releases = 0
    before = unit(3)
    for name in STEPS:
        found = _alone(name, folder, shape)
        after = unit(3)
        one = median(run.processor for run in (*before, *after))
        before = after
        releases = releases or found["releases"]
        rows.append(
            [
                name,
                f"{found['seconds']:.2f}",
                f"{found['processor']:.2f}",
                f"{found['processor'] / one:.1f}",
                megabytes(found["memory"]),
                found["told"],
                GOALS.get(name, "-"),
            ]
        )
    head = ["step", "seconds", "processor s", "units", "peak MB", "result", "goal"]
    title = (
        f"## A generated dataset: {shape.projects:,} projects, {releases:,} releases, all known, with two files each"
    )
    return f"{title}\n\n{table(head, rows)}"


def _alone(name: str, folder: Path, shape: Shape) -> dict[str, Any]:
    told = json.dumps(
        {
            "projects": shape.projects,
            "seed": shape.seed,
            "listed": shape.listed,
            "paths": shape.paths,
            "about": shape.about,
        }
    )
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    command = [sys.executable, __file__, name, str(folder), told]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _measured(step: Callable[[Path, Shape], tuple[int, str]], folder: Path, shape: Shape) -> dict[str, Any]:
    start, used = time.perf_counter(), time.process_time()
    releases, told = step(folder, shape)
    return {
        "seconds": time.perf_counter() - start,
        "processor": time.process_time() - used,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        "releases": releases,
        "told": told,
    }


def _fill(folder: Path, shape: Shape) -> tuple[int, str]:
    from dataset.store import Store  # noqa: PLC0415 - only the measuring process pays for it

    fill(folder / "db.sqlite", shape)
    with Store.open(folder / "db.sqlite") as store:
        return store.counts().releases, _size(folder / "db.sqlite")


def _closure(folder: Path, shape: Shape) -> tuple[int, str]:
    """Read the releases of one project in ten, as a solve does."""
    from coset.garbage import uncollected  # noqa: PLC0415
    from dataset.store import Store  # noqa: PLC0415

    wanted = random.Random(1).sample(project_names(shape), shape.projects // 10)
    start = time.process_time()
    with Store.open(folder / "db.sqlite") as store, uncollected():
        found = list(store.releases(wanted, files=False))
    return len(found), f"{len(found):,} releases of {len(wanted):,} projects in {time.process_time() - start:.2f} s"


def _upsert(folder: Path, shape: Shape) -> tuple[int, str]:
    """Tell one project in a hundred again, with one more release."""
    from dataset.store import Store  # noqa: PLC0415

    shutil.copy(folder / "db.sqlite", folder / "upsert.sqlite")
    names = project_names(shape)[:: shape.projects // 1_000 or 1][:1_000]
    with Store.open(folder / "db.sqlite") as store:
        told = [replace(one, version=f"{one.version}.post1") for one in store.releases(names)]
    start = time.process_time()
    with Store.create(folder / "upsert.sqlite") as store:
        store.put(told)
        used = time.process_time() - start
    (folder / "upsert.sqlite").unlink()
    return len(told), f"{len(told):,} releases of {len(names):,} projects in {used:.2f} s"


def _export(folder: Path, _shape: Shape) -> tuple[int, str]:
    from coset.shardfolder import write_shards  # noqa: PLC0415
    from dataset.store import Store  # noqa: PLC0415

    with Store.open(folder / "db.sqlite") as store:
        sizes = write_shards(folder / "shards", store)
    return 0, f"{len(sizes):,} files, {megabytes(sum(sizes.values()))} MB"


def _export_parquet(folder: Path, _shape: Shape) -> tuple[int, str]:
    from coset.shardfolder import write_folder  # noqa: PLC0415
    from dataset.parquet import write_tables  # noqa: PLC0415
    from dataset.store import Store  # noqa: PLC0415

    with Store.open(folder / "db.sqlite") as store:
        sizes = write_folder(folder / "tables", lambda fresh: write_tables(store, fresh))
    return 0, ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in sizes.items() if name.endswith("parquet"))


def _import(folder: Path, _shape: Shape) -> tuple[int, str]:
    return _imported(folder, folder / "shards")


def _import_parquet(folder: Path, _shape: Shape) -> tuple[int, str]:
    return _imported(folder, folder / "tables")


def _imported(folder: Path, source: Path) -> tuple[int, str]:
    from coset.exchange import import_sources  # noqa: PLC0415

    target = folder / "imported.sqlite"
    import_sources([source], target, anew=True)
    size = _size(target)
    target.unlink()
    return 0, size


def _git(folder: Path, shape: Shape) -> tuple[int, str]:
    """Commit the shards, then several refreshes with one more release for one project in a hundred each.

    Twice: with the files' paths, and without them.
    """
    from coset.shardfolder import write_shards  # noqa: PLC0415
    from dataset.store import Store  # noqa: PLC0415

    full, lean = folder / "git", folder / "git-without-paths"
    for work in (full, lean):
        work.mkdir()
        _run(work, "init", "--quiet")
    shutil.copy(folder / "db.sqlite", folder / "git.sqlite")
    names = project_names(shape)
    sizes: dict[Path, list[int]] = {full: [], lean: []}
    releases = []
    for commit in range(_COMMITS + 1):
        with Store.create(folder / "git.sqlite") as store:
            if commit:
                store.put(generated(shape, later=commit, only=set(names[commit - 1 :: 100])))
            write_shards(full / "dataset", store)
            releases.append(store.counts().releases)
        _without_paths(full / "dataset", lean / "dataset")
        for work, packed in sizes.items():
            _run(work, "add", "--all")
            _run(work, "commit", "--quiet", "--message", f"refresh {commit}")
            if commit in (0, _COMMITS):
                _run(work, "gc", "--quiet", "--prune=now")
                packed.append(sum(path.stat().st_size for path in (work / ".git/objects/pack").glob("*.pack")))
    changes = subprocess.run(
        ["git", "diff", "--shortstat", "HEAD~1", "--", "*.jsonl"],
        cwd=full,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    for work in (full, lean):
        shutil.rmtree(work)
    (folder / "git.sqlite").unlink()
    new = releases[-1] - releases[0]
    grown, less = ((last - first) / new for first, last in sizes.values())
    return 0, (
        f"{grown:.0f} bytes packed per new release ({new:,}), {less:.0f} without the files' paths;"
        f" the last:{changes.stdout.rstrip()}"
    )


def _without_paths(source: Path, target: Path) -> None:
    """Write the same shards without paths, as an index has them that gives none."""
    target.mkdir(exist_ok=True)
    manifest = (source / MANIFEST).read_text()
    for path in source.glob("*.jsonl"):
        content = path.read_bytes()
        less = _PATH.sub(b"", content)
        (target / path.name).write_bytes(less)
        manifest = manifest.replace(sha256(content).hexdigest(), sha256(less).hexdigest())
    (target / MANIFEST).write_text(manifest)


def _run(work: Path, *arguments: str) -> None:
    who = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@mail.example", "-c", "gc.auto=0")
    subprocess.run(["git", *who, *arguments], cwd=work, check=True, stdout=subprocess.DEVNULL)


def _size(path: Path) -> str:
    return f"{megabytes(path.stat().st_size)} MB"


STEPS: dict[str, Callable[[Path, Shape], tuple[int, str]]] = {
    "draw and write them into SQLite": _fill,
    "read a tenth of the projects, without files": _closure,
    "put 1,000 projects again": _upsert,
    "export JSON Lines": _export,
    "export Parquet": _export_parquet,
    "import JSON Lines": _import,
    "import Parquet": _import_parquet,
    "refresh in git": _git,
}

GOALS = {
    "read a tenth of the projects, without files": "1.5 s for 1 M releases",
    "export JSON Lines": "10 s for 1 M releases, 150 MB",
    "export Parquet": "10 s for 1 M releases",
    "refresh in git": "250 bytes",
}


if __name__ == "__main__":
    main()
