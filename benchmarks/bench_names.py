"""How often is a name mapped right, and how long does it take?

Accuracy on real names, the map at the size of nixpkgs and of the index, and a look-up as a whole process.

The real names are not the project's own; where they do not lie beside the checkout, only the times are measured.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from measure import UNIT, machine, megabytes, run, table

from coset.folders import data_folder
from coset.namescache import read_index, write_index
from coset.namesstate import LAYOUT, file_name, first_line
from coset.places import open_dataset
from dataset.currentset import Attribute, CurrentSet, current_set_from_json
from dataset.namelinks import links_of_current_set, links_of_table
from dataset.namereleases import names_of_releases
from dataset.store import Store
from normalize.aliases import Alias, trail
from normalize.nameanswers import Match
from normalize.nameevidence import AttributeFacts, match_attribute
from normalize.nameindex import name_index
from normalize.namemap import NameMap
from normalize.names import Link
from normalize.projects import ProjectName, project_name

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"

VERDICTS = ("right", "ambiguous", "unknown", "wrong")
"""``ambiguous``: several answers, the right one among them, and none of them called certain."""

NOT_ON_ITS_OWN = {"clang": {"clang", "libclang"}, "passlib": {"passlib", "libpass"}}
"""Attributes of which two projects are right: LLVM's bindings, and an empty distribution that requires a fork."""

THEIRS_IS_WRONG = {
    "flit-core": "flit_core",
    "importlib-metadata": "importlib_metadata",
    "pyqt5": "PyQt5",
    "tables": "tables",
    "pyqt4": "PyQt4",
    "usedave": None,
    "pywin32": "win32api",
    # modules of other projects that a smoke test found beside it, or a part of what there is
    "attrs": "attrs",
    "backports-entry-points-selectable": "backports.entry_points_selectable",
    "backports-functools-lru-cache": "backports.functools_lru_cache",
    "cattrs": "cattrs",
    "peewee": "peewee",
    "pefile": "pefile",
    "jaraco-functools": "jaraco.functools",
}
"""Where the lists to compare with do not have the name that is imported: what is. None: nothing can be right."""


def main() -> None:
    """Print the section of RESULTS.md."""
    print("## Names\n")
    if SHARED.is_dir():
        print(accuracy())
    else:
        print("The real names to compare with do not lie beside the checkout: no accuracy was measured.")
    print()
    print(times())


def accuracy() -> str:
    """Return the table of how many names are mapped right."""
    rows = [
        ("attribute -> project, 298 packages", count(attributes())),
        ("alias -> target, all renames", count(aliases())),
        ("project -> import, smoke test of 2022", count(imports_of(smoke_test(), known()))),
        (
            "the same, where the dataset or the table has evidence",
            count(imports_of(smoke_test(), known(), evident=True)),
        ),
        ("import -> project, smoke test of 2022, where there is evidence", count(projects_of(smoke_test(), known()))),
        ("project -> import, conda's list", count(imports_of(conda(), known(without="conda")))),
        (
            "the same, where there is evidence beside that list",
            count(imports_of(conda(), known(without="conda"), evident=True)),
        ),
    ]
    head = ("what", *VERDICTS, "of", "right %")
    body = [
        (
            what,
            *(str(found[verdict]) for verdict in VERDICTS),
            str(found.total()),
            f"{100 * found['right'] / found.total():.1f}",
        )
        for what, found in rows
    ]
    return table(head, body)


def count(verdicts: Iterable[tuple[str, str]]) -> Counter[str]:
    """Count the verdicts; those that are wrong are named on stderr."""
    found: Counter[str] = Counter()
    for name, verdict in verdicts:
        found[verdict] += 1
        if verdict == "wrong":
            print(f"wrong: {name}", file=sys.stderr)
    return found


def read(*parts: str) -> dict:
    """Return one of the files to compare with."""
    return json.loads(SHARED.joinpath(*parts).read_text(encoding="utf-8"))


def attributes() -> Iterator[tuple[str, str]]:
    """Yield a verdict for each attribute's project, from what its file says.

    What is right is ``pname``, as whoever transcribed the files spelled it, but for those decided by hand.
    """
    for name, facts in read("nixpkgs", "packages.json").items():
        fetched = facts["pname"] if facts["fetcher"] == "fetchPypi" else None
        found = match_attribute(
            AttributeFacts(
                attribute=name,
                pname=facts["pname"],
                fetched=fetched,
                imports=tuple(facts["pythonImportsCheck"] or ()),
                native=facts["fetcher"] is None,
            )
        )
        right = NOT_ON_ITS_OWN.get(name, {project_name(facts["pname"])})
        if found.project is None:
            yield name, "unknown"
        elif found.confidence == "guess" or found.alternatives:
            yield name, "ambiguous" if {found.project, *found.alternatives} & right else "wrong"
        else:
            yield name, "right" if {found.project} == right else "wrong"


def current_set() -> CurrentSet:
    """Return a current set of all attributes and aliases of the files to compare with."""
    packages = read("nixpkgs", "packages.json")
    described = []
    for name in sorted({*read("nixpkgs", "attributes.json"), *packages}):
        facts = packages.get(name, {"pname": None, "fetcher": None, "pythonImportsCheck": []})
        found = match_attribute(AttributeFacts(attribute=name, pname=facts["pname"] or name))
        described.append(
            Attribute(
                name=name,
                project=found.project,
                evidence=found.evidence,
                confidence=found.confidence,
                imports=tuple(facts["pythonImportsCheck"] or ()),
            )
        )
    renamed = [
        Alias(name=name, target=one["target"], fatal=one["kind"].endswith("throw"), date=one["date"])
        for name, one in sorted(read("nixpkgs", "aliases.json").items())
    ]
    return CurrentSet(revision="", date="", attributes=tuple(described), aliases=tuple(renamed))


def aliases() -> Iterator[tuple[str, str]]:
    """Yield a verdict for each alias that has a target: whether the attribute at its end is among the answer's."""
    current = current_set()
    names = NameMap(name_index(links_of_current_set(current)))
    by_name = {one.name: one for one in current.aliases}
    attributes = {one.name for one in current.attributes}
    for alias in current.aliases:
        if alias.target is None or alias.name in attributes:
            continue
        path = trail(alias.name, by_name)
        end = next((name for name in path if name in attributes), path[-1])
        matches = names.lookup(alias.name).matches
        leads = [match for match in matches if end in match.attributes]
        removed = end in by_name and by_name[end].target is None
        if removed:
            yield alias.name, "right" if matches and not matches[0].attributes else "wrong"
        elif not matches:
            yield alias.name, "unknown"
        elif not leads:
            yield alias.name, "wrong"
        else:
            yield alias.name, "right" if len(matches) == 1 else "ambiguous"


def known(without: str = "") -> NameMap:
    """Return the map of what coset carries; ``without`` leaves out lines of the table whose reason has this word."""
    folder = data_folder()
    current = current_set_from_json(json.loads((folder / "nixpkgs" / "nixpkgs.json").read_text(encoding="utf-8")))
    lines = links_of_table(tomllib.loads((folder / "names.toml").read_text(encoding="utf-8")))
    with open_dataset(None) as store:
        found = names_of_releases(store.releases(files=False))
    kept = [link for link in lines if not without or without not in link.because]
    return NameMap(name_index([*links_of_current_set(current), *kept, *found.links], found.projects, found.standings))


def smoke_test() -> dict[str, list[str]]:
    """Return the import names that a smoke test of 2022 imported."""
    return read("names", "imports-onnix-2022.json")


def conda() -> dict[str, list[str]]:
    """Return the import names of conda's list."""
    return {project: [one["import"]] for project, one in read("names", "pypi-import-conda.json").items()}


def _matches(names: NameMap, project: str) -> list[Match]:
    if project not in names.index.told:
        return []  # without looking for names that are near
    return [match for match in names.lookup(project).matches if match.project == project]


def imports_of(theirs: Mapping[str, list[str]], names: NameMap, *, evident: bool = False) -> Iterator[tuple[str, str]]:
    """Yield a verdict for each project's import names: right where ours and theirs have one in common."""
    for project, modules in sorted(theirs.items()):
        matches = _matches(names, project)
        ours = matches[0].imports if matches else ()
        right = THEIRS_IS_WRONG.get(project, ...)
        wanted = set(modules) if right is ... else {right}
        if not ours:
            if not evident:
                yield project, "unknown"
        elif any(one == other or one.startswith(f"{other}.") for one in ours for other in wanted if other):
            yield project, "right"
        else:
            yield f"{project}: {ours}, they have {modules}", "wrong"


def projects_of(theirs: Mapping[str, list[str]], names: NameMap) -> Iterator[tuple[str, str]]:
    """Yield a verdict for each import name of a project of which import names are known."""
    for project, modules in sorted(theirs.items()):
        matches = _matches(names, project)
        for module in set(modules) & set(matches[0].imports if matches else ()):
            found = [match.project for match in names.providers(module).matches]
            if project not in found:
                yield f"{module}: {found}, they have {project}", "wrong"
            else:
                yield module, "right" if len(found) == 1 else "ambiguous"


ATTRIBUTES, PROJECTS = 10_500, 700_000


def times() -> str:
    """Return the table of how long the map takes."""
    rows = []
    for code in ("generated_map()", "kept_map()"):
        done = subprocess.run(
            [sys.executable, "-c", f"import bench_names; bench_names.{code}"],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
            env=_with_path(),
        )
        rows += [tuple(line.split("|")) for line in done.stdout.splitlines()]
    built = table(("what", "processor s", "wall s", "MB"), rows)
    return f"{machine()}\n\n{built}\n\n{processes()}"


_ROUNDS = 5


def processes() -> str:
    """Return the table of how long whole processes take, as multiples of the unit that is measured in turns with them.

    A look-up is to take 50 ms where the unit takes 0.13 s: 0.38 units.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "XDG_CACHE_HOME": folder}
        coset = (Path(sys.executable).with_name("coset"), "names", "show")
        first = run([*coset, "sklearn"], environment)
        small, large = Path(folder) / "small.sqlite", Path(folder) / "large"
        Store.create(small).close()
        run([*coset, "sklearn", "--db", small], environment)
        large.touch()
        code = f"import bench_names; bench_names.keep_generated({folder!r}, {str(large)!r})"
        subprocess.run([sys.executable, "-c", code], check=True, env=_with_path())
        commands: dict[str, Sequence[str | Path]] = {
            "the unit": UNIT,
            "a Python interpreter that does nothing": (sys.executable, "-c", "pass"),
            "`coset --help`": (coset[0], "--help"),
            "`coset names show sklearn`": (*coset, "sklearn"),
            "the same, spelled `Scikit_Learn`": (*coset, "Scikit_Learn"),
            "the same as JSON": (*coset, "Scikit_Learn", "--json"),
            "`sklearn.svm`, which lies in a package": (*coset, "sklearn.svm"),
            "an unknown name, `scikit-lern`": (*coset, "scikit-lern"),
            "an unknown name that nothing is near": (*coset, "qqzzq"),
            "five names, one of them unknown": (*coset, "Scikit_Learn", "PIL", "cv2", "google", "numpi"),
            "`Scikit_Learn` with `--db FILE`": (*coset, "--db", small, "Scikit_Learn"),
            f"a name of the map of {ATTRIBUTES:,} attributes and {PROJECTS:,} projects": (
                *coset,
                "--db",
                large,
                "AAARRKESP",
            ),
            "an unknown name in that map": (*coset, "--db", large, "scikit-lern"),
            "a long unknown name in that map": (*coset, "--db", large, "some-thing-that-nobody-named-so"),
        }
        runs = [
            {what: run(command, environment, no=True) for what, command in commands.items()} for _ in range(_ROUNDS)
        ]
    unit = min(one["the unit"].processor for one in runs)
    rows = [("`coset names show sklearn`, nothing kept", first)]
    rows += [(what, min((one[what] for one in runs), key=lambda one: one.processor)) for what in commands]
    return table(
        ("what", "units", "processor s", "wall s", "MB"),
        [
            (what, f"{one.processor / unit:.2f}", f"{one.processor:.2f}", f"{one.seconds:.2f}", megabytes(one.memory))
            for what, one in rows
        ],
    )


def keep_generated(cache: str, dataset: str) -> None:
    """Keep a map of full size where a look-up in this dataset finds it."""
    links, projects = generated()
    path = Path(cache) / "coset" / file_name(dataset)
    write_index(name_index(links, projects), str(path), first_line(dataset))


def _with_path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}"}


def generated() -> tuple[list[Link], list[str]]:
    """Return the links of a set of nixpkgs' size and the names of an index of today's size, the same in every run."""
    draw = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(draw.choices(letters, k=draw.randint(3, 9))) for _ in range(30_000)]
    names = {"-".join(draw.choices(words, k=draw.randint(1, 3))) for _ in range(PROJECTS * 11 // 10)}
    projects = sorted(names)[:PROJECTS]
    links = []
    for name in draw.sample(projects, ATTRIBUTES):
        project, module = ProjectName(name), name.replace("-", draw.choice("_."))
        links += [
            Link(project=project, kind="attribute", name=name, strength="certain", source="nixpkgs", because="pname"),
            Link(project=project, kind="import", name=module, strength="certain", source="nixpkgs", because="check"),
            Link(
                project=project,
                kind="top-level",
                name=module.partition(".")[0],
                strength="certain",
                source="index",
                because="contents of a wheel",
            ),
        ]
    return links, projects


def _measured(what: str, act: Callable[[], object]) -> object:

    before, start = time.process_time(), time.perf_counter()
    found = act()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(f"{what}|{time.process_time() - before:.2f}|{time.perf_counter() - start:.2f}|{megabytes(memory)}")
    return found


def generated_map() -> NameMap:
    """Build a map of full size."""
    links, projects = generated()
    names = _measured(
        f"the map of {ATTRIBUTES:,} attributes and {PROJECTS:,} project names is built",
        lambda: NameMap(name_index(links, projects)),
    )
    _measured("1,000 names are looked up in it", lambda: [names.lookup(one) for one in projects[:: PROJECTS // 1000]])
    _measured("an unknown name is looked up in it", lambda: names.lookup("qqzzq"))
    return names


def kept_map() -> None:
    """Write a map of full size to a file, and look names up in it."""
    links, projects = generated()
    names = NameMap(name_index(links, projects))
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "names.lines")
        _measured("it is written to a file", lambda: write_index(names.index, path, LAYOUT + b"\n"))
        kept = NameMap(read_index(path, LAYOUT + b"\n"))
        _measured(
            "1,000 names are looked up in the file", lambda: [kept.lookup(one) for one in projects[:: PROJECTS // 1000]]
        )


if __name__ == "__main__":
    main()
