"""How are requirements written? The embedded dataset and a generated universe, asked the same questions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from measure import table
from packaging.version import Version
from universe import Shape, make_question

from dataset.records import Release
from dataset.shards import releases_from_bytes
from normalize.projects import ProjectName
from normalize.requirements import parse_requirement
from normalize.specifiers import Bounds, Part, is_pin
from normalize.versions import parse_version

_EMBEDDED = Path(__file__).parent.parent / "data" / "dataset"
_STYLES = ("plain", "floor", "cap", "compatible", "pin", "exclusion")


def main() -> None:
    """Print both as a table."""
    embedded: dict[ProjectName, list[Release]] = defaultdict(list)
    for shard in sorted(_EMBEDDED.glob("*.jsonl")):
        for release in releases_from_bytes(shard.read_bytes(), shard.name):
            assert isinstance(release, Release)
            embedded[release.project].append(release)
    columns = [shares(embedded), shares(make_question(Shape(projects=2_000)).releases)]
    rows = [[name, *(f"{one.get(name, 0):.1f}" for one in columns)] for name in columns[0]]
    print("## How requirements are written\n")
    print(table(["measure", "embedded", "generated"], rows))


def shares(releases: Mapping[ProjectName, Sequence[Release]]) -> dict[str, float]:
    """Return the shares, in per cent, of all requirement lines without an extra."""
    history = {project: _history(found) for project, found in releases.items()}
    styles: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    stayed: Counter[str] = Counter()
    caps: Counter[str] = Counter()
    ages: list[int] = []
    added = 0
    for found in releases.values():
        before: dict[ProjectName, Bounds] | None = None
        for release in sorted(_known(found), key=lambda one: _version(one) or Version("0")):
            lines = dict(_lines(release))
            for project, bounds in lines.items():
                style = _style(bounds)
                if before is not None and project in before and _style(before[project]) == style:
                    kept[style] += 1
                    stayed[style] += before[project].text == bounds.text
                added += before is not None and project not in before
                styles[style] += 1
                if style == "cap":
                    caps[_forbids(bounds, history.get(project, ()), release)] += 1
                if bounds.floor is not None and style in ("floor", "cap"):
                    ages += _age(bounds.floor, history.get(project, ()), release)
            before = lines
    ages.sort()
    total = styles.total()
    return {
        **{f"style {style}, % of lines": 100 * styles[style] / total for style in _STYLES},
        **{f"same text as before, {style}, %": 100 * stayed[style] / max(1, kept[style]) for style in _STYLES},
        "new lines per line, %": 100 * added / total,
        **{
            f"caps that exclude {what}, %": 100 * caps[what] / max(1, caps.total())
            for what in ("none", "later", "earlier")
        },
        **{f"age of floors in days, quartile {i}": ages[len(ages) * i // 4] for i in (1, 2, 3)},
    }


def _version(release: Release) -> Version | None:
    version = parse_version(release.version)
    return None if version is None or version.is_prerelease else version


def _known(found: Iterable[Release]) -> list[Release]:
    return [release for release in found if release.requires is not None and _version(release) is not None]


def _history(found: Iterable[Release]) -> list[tuple[Version, str]]:
    return sorted(
        (version, release.uploaded)
        for release in found
        if release.uploaded is not None and (version := _version(release)) is not None
    )


def _lines(release: Release) -> Iterable[tuple[ProjectName, Bounds]]:
    for text in release.requires or ():
        requirement = parse_requirement(text)
        if requirement is not None and "extra" not in requirement.condition:
            yield requirement.project, requirement.bounds


def _style(bounds: Bounds) -> str:
    operators = {one.operator for one in bounds.specifiers}
    if not operators:
        return "plain"
    if is_pin(bounds.specifiers):
        return "pin"
    if operators & {"~=", "=="}:
        return "compatible"
    if operators & {"<", "<="}:
        return "cap"
    return "exclusion" if "!=" in operators else "floor"


def _forbids(bounds: Bounds, history: Sequence[tuple[Version, str]], release: Release) -> str:
    uploads = [uploaded for version, uploaded in history if Part.UPPER in bounds.violated(version)]
    if not uploads:
        return "none"
    return "earlier" if min(uploads) <= (release.uploaded or "") else "later"


def _age(floor: Version, history: Sequence[tuple[Version, str]], release: Release) -> list[int]:
    uploads = [uploaded for version, uploaded in history if version >= floor]
    if not uploads or release.uploaded is None:
        return []
    return [(date.fromisoformat(release.uploaded[:10]) - date.fromisoformat(min(uploads)[:10])).days]


if __name__ == "__main__":
    main()
