"""What does an sdist say about its requirements without being run? Which members tell it, and which to believe."""

from collections.abc import Mapping
from dataclasses import replace

from crawler.about import both
from crawler.archive import MOST_METADATA, MOST_TEXT, BadArchive
from crawler.eggrequires import egg_requirements
from crawler.headers import header_part
from crawler.inflate import Packing
from crawler.metadata import Metadata, parse_metadata
from crawler.pyproject import project_about, project_table
from crawler.setupcfg import options, tells_options
from dataset.records import About, Source
from normalize.projects import ProjectName, extra_name

_AT_ROOT = {
    "PKG-INFO": "pkg-info",
    "pyproject.toml": "pyproject",
    "setup.cfg": "setup-cfg",
    "setup.py": "setup-py",
}
_IN_EGG_INFO = {"requires.txt": "requires-txt", "top_level.txt": "top-level"}
_FIELDS_OF_REQUIREMENTS = frozenset({"requires-dist", "provides-extra"})


class SdistTexts:
    """Collects the members of an sdist that tell something.

    Args:
        project, version: whose sdist it is.
        wants: the kinds without which the reading goes on to the archive's end; once the sdist is known to state its
            requirements and these are there, nothing more is wanted.
    """

    def __init__(self, project: ProjectName, version: str, wants: frozenset[str] = frozenset()) -> None:
        self._project = project
        self._version = version
        self._wants = wants
        self._top: str | None = None
        self._found: dict[str, tuple[int, str, bytes]] = {}

    def take(self, name: str) -> int | None:
        """Return how many bytes a member may have, or None where it tells nothing.

        Raises:
            BadArchive: it lies in another folder than those before it.
        """
        kind = self._kind(name)
        if kind is None:
            return None
        top = _parts(name)[0]
        if self._top not in (None, top) or (kind in self._found and kind not in _IN_EGG_INFO.values()):
            raise BadArchive("ambiguous-sdist", f"several members could be {name.rpartition('/')[2]}")
        self._top = top
        return MOST_METADATA if kind == "pkg-info" else MOST_TEXT

    def keep(self, name: str, content: bytes) -> bool:
        """Keep a member that `take` wanted; return whether more are wanted."""
        kind = self._kind(name)
        assert kind is not None, "only members that were asked for are kept"
        found = (name.count("/"), name, header_part(content) if kind == "pkg-info" else content)
        self._found[kind] = min(found, self._found.get(kind, found))
        return not self._enough()

    def texts(self) -> dict[str, bytes]:
        """Return kind -> content. A setup.py is kept only where it decides whether a setup.cfg counts."""
        found = {kind: content for kind, (_, _, content) in sorted(self._found.items())}
        if not tells_options(found.get("setup-cfg", b"")):
            found.pop("setup-py", None)
        return found

    def _kind(self, name: str) -> str | None:
        parts = _parts(name)
        if len(parts) == 2:
            return _AT_ROOT.get(parts[1])
        if len(parts) not in (3, 4) or not parts[-2].endswith(".egg-info"):
            return None
        if ProjectName(extra_name(parts[-2].removesuffix(".egg-info"))) != self._project:
            return None
        return _IN_EGG_INFO.get(parts[-1])

    def _enough(self) -> bool:
        """Only in the folder that an sdist must have can no second one follow that would be as good."""
        if self._top is None or extra_name(self._top) != extra_name(f"{self._project}-{self._version}"):
            return False
        if not self._wants <= self._found.keys() or "pkg-info" not in self._found:
            return False
        return states_requirements(parse_metadata(self._found["pkg-info"][2]))


def _parts(name: str) -> list[str]:
    parts = name.removeprefix("./").split("/")
    return [] if any(part in ("", ".", "..") for part in parts) else parts


def packing(name: str) -> Packing | None:
    """Return how a tar archive of this name is packed, or None where it is none that can be read."""
    if name.endswith((".tar.gz", ".tgz")):
        return "gz"
    return "bz2" if name.endswith(".tar.bz2") else None


def states_requirements(pkg_info: Metadata) -> bool:
    """Return whether the requirements in a PKG-INFO hold for every wheel that is built from the sdist (PEP 643)."""
    return pkg_info.metadata_version >= (2, 2) and not pkg_info.dynamic & _FIELDS_OF_REQUIREMENTS


def static_metadata(texts: Mapping[str, bytes], project: ProjectName, version: str) -> tuple[Source, Metadata]:
    """Return the first source that tells the requirements, and what it tells.

    Only PKG-INFO by PEP 643 binds whoever builds the sdist; ``[project]`` binds the builders of today. The others
    are claims: what a setup.cfg says, what setup.py said where the sdist was made, what an old PKG-INFO repeats of it.

    Raises:
        BadArchive: PKG-INFO is that of another release, or none tells the requirements (``sdist-dynamic``).
    """
    pkg_info = parse_metadata(texts["pkg-info"]) if "pkg-info" in texts else None
    if pkg_info is not None:
        if (pkg_info.name, pkg_info.version) != (None, None) and not pkg_info.belongs_to(project, version):
            said = f"{(pkg_info.name or '')[:100]!r} {(pkg_info.version or '')[:100]!r}"
            raise BadArchive("other-release", f"the metadata describes {said}")
        if states_requirements(pkg_info):
            return "sdist", _python_aside(pkg_info)
    source, found = _claim(texts, pkg_info, project, version)
    if found is None:
        raise BadArchive("sdist-dynamic", "the requirements are only known once the sdist is built")
    if found.requires_python is None and pkg_info is not None:
        found = replace(found, requires_python=_python_aside(pkg_info).requires_python)
    return source, found


def static_about(texts: Mapping[str, bytes], project: ProjectName, version: str) -> About | None:
    """Return what an sdist tells people; what its build may tell otherwise counts too, for nothing is chosen by it."""
    told = None
    if "pkg-info" in texts:
        try:
            pkg_info = parse_metadata(texts["pkg-info"])
        except BadArchive:  # said already, of its requirements
            return None
        told = pkg_info.about if pkg_info.belongs_to(project, version) else None
    return both(told, project_about(texts["pyproject"], project)) if "pyproject" in texts else told


def _claim(
    texts: Mapping[str, bytes], pkg_info: Metadata | None, project: ProjectName, version: str
) -> tuple[Source, Metadata | None]:
    if "pyproject" in texts:
        found = project_table(texts["pyproject"], project, version)
        if found is not None:
            return "pyproject", found
    if "setup-cfg" in texts:
        found = options(texts["setup-cfg"], texts.get("setup-py"), texts.get("pyproject"), project, version)
        if found is not None:
            return "setup-cfg", found
    if "requires-txt" in texts:
        requirements, extras = egg_requirements(texts["requires-txt"])
        return "requires-txt", Metadata(name=project, version=version, requirements=requirements, extras=extras)
    if pkg_info is not None and pkg_info.metadata_version < (2, 2) and (pkg_info.requires or pkg_info.unusable):
        return "pkg-info", pkg_info
    return "pkg-info", None


def _python_aside(metadata: Metadata) -> Metadata:
    """Return the metadata without a requires-python that is left to the build."""
    return replace(metadata, requires_python=None) if "requires-python" in metadata.dynamic else metadata
