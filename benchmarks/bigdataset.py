"""What does a generated dataset of index size look like? Releases drawn from a seed, project by project.

Nothing here is a real project. The numbers are those of a whole index: ten releases per project with a long tail, 5.4
requirements per release, a new requirement set in about one release of four, two files per release with random SHA-256
and the paths that index software derives from another hash of the content. What is random stays random when it is
compressed, so that sizes and growth are no better than in reality.
"""

import random
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from dataset.hashorder import name_hash
from dataset.records import LISTED, About, File, LicenceFrom, Release, Timestamp
from dataset.store import Store
from normalize.projects import ProjectName

_FIRST_DAY = datetime(2012, 1, 1, tzinfo=UTC)
_DAYS = 5_000
_SYLLABLES = tuple(
    "an ba co der el fi gra hu in jo ka lo mi net or py qu re so ti un ve web xi yo za".split()  # noqa: SIM905
)
_EXTRAS = ("test", "docs", "dev", "all")
_LICENCES: tuple[tuple[str, LicenceFrom], ...] = (
    *(("MIT", "expression"), ("MIT", "field"), ("Apache-2.0", "expression")),
    *(("Apache Software License", "classifiers"), ("BSD License", "classifiers")),
)
_MARKERS = ('python_version < "3.11"', 'sys_platform == "win32"', 'platform_python_implementation == "CPython"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a dataset is drawn from.

    Attributes:
        projects: how many.
        seed: of the random numbers.
        listed: the share of the releases that are only listed; they have no files.
        paths: whether files have paths.
        about: whether metadata tells licences and addresses; some changelogs' addresses hold the version.
    """

    projects: int = 2_000
    seed: int = 1
    listed: float = 0.0
    paths: bool = True
    about: bool = True


FULL = Shape(projects=100_000)
"""About a million releases, all of them known."""


def project_names(shape: Shape) -> list[ProjectName]:
    """Return the names of all projects, the most required first."""
    draw = random.Random(shape.seed)
    found: dict[str, None] = {}
    while len(found) < shape.projects:
        words = ["".join(draw.choices(_SYLLABLES, k=draw.randint(2, 3))) for _ in range(draw.choice((1, 1, 2, 2, 3)))]
        found["-".join(words)] = None
    return [ProjectName(name) for name in found]


def generated(shape: Shape, *, later: int = 0, only: Collection[ProjectName] | None = None) -> Iterator[Release]:
    """Yield the releases, project by project in the order of a crawl; the same shape gives the same releases.

    Args:
        shape: of the dataset.
        later: so many times one project in a hundred, each time others, has had one more release.
        only: whose releases to draw; None for all.
    """
    names = project_names(shape)
    popularity = list(accumulate((rank + 3) ** -0.85 for rank in range(shape.projects)))
    for i, project in sorted(enumerate(names), key=lambda one: name_hash(one[1])):
        if only is not None and project not in only:
            continue
        draw = random.Random(shape.seed * 1_000_003 + i)
        more = sum(1 for turn in range(later) if i % 100 == turn)
        yield from _history(draw, project, (names, popularity), shape, more)


def fill(path: Path, shape: Shape) -> None:
    """Make a dataset of the shape."""
    with Store.create(path) as store:
        store.put(generated(shape))


def _history(
    draw: random.Random,
    project: ProjectName,
    others: tuple[list[ProjectName], list[float]],
    shape: Shape,
    more: int,
) -> Iterator[Release]:
    count = 1 + min(400, int(draw.paretovariate(1.25) * 2.2))
    day = draw.uniform(0, _DAYS)
    major, minor = draw.choice((0, 0, 1, 1, 2)), 0
    requires = _requirements(draw, others)
    python = draw.choice((None, ">=3.6", ">=3.7", ">=3.8", ">=3.9"))
    told = random.Random(f"{shape.seed} {project}") if shape.about else None
    place = f"https://forge{told.randint(1, 3)}.example/{_word(told)}/{project}" if told else ""
    about = _about(told, place) if told else None
    for _ in range(count + more):
        if draw.random() < 0.18:
            requires = _changed(draw, requires, others)
        if draw.random() < shape.listed:
            facts = Release(project=project, version=f"{major}.{minor}", uploaded=_time(day), unknown=LISTED)
        else:
            facts = Release(
                project=project,
                version=f"{major}.{minor}",
                uploaded=_time(day),
                requires_python=python,
                requires=tuple(sorted(set(requires))),
                imports=(project.replace("-", "_"),),
                imports_from="members",
                source="sidecar",
                trust="verified",
                about=about
                and replace(about, changelog=about.changelog and about.changelog.format(f"{major}.{minor}")),
                files=_files(draw, project, f"{major}.{minor}", paths=shape.paths),
            )
        yield facts
        day += draw.expovariate(1 / 40)
        major, minor = (major + 1, 0) if draw.random() < 0.1 else (major, minor + 1)


def _about(draw: random.Random, place: str) -> About:
    """Return what a project tells people, with a place for the version in its changelog's address."""
    changelogs = (None, f"{place}/blob/main/CHANGELOG.md", f"{place}/releases", f"{place}/releases/tag/v{{}}")
    licence, stands = draw.choice(_LICENCES)
    return About(
        licence=licence,
        licence_from=stands,
        changelog=draw.choice(changelogs),
        homepage=draw.choice((None, place, f"https://{_word(draw)}.docs.example/")),
        repository=draw.choice((None, place)),
    )


def _word(draw: random.Random) -> str:
    return "".join(draw.choices(_SYLLABLES, k=4))


def _requirements(draw: random.Random, others: tuple[list[ProjectName], list[float]]) -> list[str]:
    return [_requirement(draw, others) for _ in range(min(40, int(draw.lognormvariate(1.3, 0.85))))]


def _changed(draw: random.Random, requires: list[str], others: tuple[list[ProjectName], list[float]]) -> list[str]:
    changed = [*requires, _requirement(draw, others)]
    for _ in range(min(draw.choice((0, 1, 1, 2)), len(changed))):
        changed.pop(draw.randrange(len(changed)))
    return changed[-40:]


def _requirement(draw: random.Random, others: tuple[list[ProjectName], list[float]]) -> str:
    names, popularity = others
    name = names[bisect_right(popularity, draw.random() * popularity[-1], 0, len(names) - 1)]
    kind = draw.random()
    floor = f"{draw.choice((0, 1, 1, 2, 3))}.{draw.randint(0, 9)}"
    specifier = "" if kind < 0.22 else f">={floor}" if kind < 0.85 else f"<{int(floor[0]) + 2},>={floor}"
    marker = draw.random()
    if marker < 0.3:
        return f'{name}{specifier}; extra == "{draw.choice(_EXTRAS)}"'
    return f"{name}{specifier}; {draw.choice(_MARKERS)}" if marker < 0.4 else f"{name}{specifier}"


def _files(draw: random.Random, project: ProjectName, version: str, *, paths: bool) -> tuple[File, ...]:
    stem = f"{project.replace('-', '_')}-{version}"
    found = []
    for name in (f"{stem}-py3-none-any.whl", f"{stem}.tar.gz")[draw.random() < 0.1 :]:
        other = draw.randbytes(32).hex()
        found.append(
            File(
                name=name,
                path=f"packages/{other[:2]}/{other[2:4]}/{other[4:]}/{name}" if paths else None,
                sha256=draw.randbytes(32).hex(),
                size=draw.randint(3_000, 400_000),
            )
        )
    return tuple(found)


def _time(day: float) -> Timestamp:
    return Timestamp((_FIRST_DAY + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ"))
