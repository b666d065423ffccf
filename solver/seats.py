"""How does an application take part in a solve? As one more project, whose one release requires what it asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from packaging.specifiers import SpecifierSet

from dataset.applications import Demand
from dataset.currentset import Attribute
from dataset.records import Release, Timestamp
from normalize.projects import ExtraName, ProjectName, extra_name, project_name
from normalize.requirements import Requirement, parse_requirement
from normalize.versions import parse_nix_version, parse_version
from solver.policy import EdgeOverride
from solver.question import Question

_UNBOUNDED = "-unbounded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An application's place among the projects.

    Attributes:
        demand: what the application asks for.
        project: the project that stands for it: its own where the current set or the index has one.
        attribute: the attribute that stands for it in the set; one of the current set where ``own``.
        own: whether the current set holds it already, with all that it asks for.
        free: stands for it where its bounds do not count.
        bounded: whether it asks for more than names, so that ``attribute`` and ``free`` differ.
        known: whether it is known what it requires: False where its project's release is not in the dataset.
        root: the project of the attribute that is the application, where there is one.
    """

    demand: Demand
    project: ProjectName
    attribute: Attribute
    own: bool
    free: Attribute
    bounded: bool
    known: bool = True
    root: ProjectName | None = None

    @property
    def itself(self) -> frozenset[ProjectName]:
        """Return the projects that are the application itself: the one that stands for it, and its attribute's."""
        return frozenset({self.project, *((self.root,) if self.root is not None else ())})

    @property
    def name(self) -> str:
        """Return the application's name."""
        return self.demand.application.name


def take_seats(question: Question, demands: Sequence[Demand]) -> tuple[Question, tuple[Seat, ...]]:
    """Return the question with a project for each application beside the others, and the seats.

    No seat is taken in the question's current set yet; see :func:`with_seat`. What comes from outside an application's
    metadata is never relaxed, as if policy forbade it.
    """
    releases = dict(question.releases)
    taken = {*releases, *question.members}
    edges = list(question.policy.edges)
    seats = []
    for demand in demands:
        seat, made = _seat(question, demand, taken)
        seats.append(seat)
        for one in made:
            releases[one.project] = (one,)
            taken.add(one.project)
        edges += [_forbidden(seat, one.requirement.project, one.reason) for one in demand.pins]
    policy = replace(question.policy, edges=tuple(edges))
    return replace(question, releases=releases, policy=policy), tuple(seats)


def with_seat(question: Question, seat: Seat, *, free: bool = False) -> Question:
    """Return the question in which the application is part of the set, with its bounds or free of them."""
    if seat.own and not free:
        return question
    rest = [one for one in question.current.attributes if one.name != seat.attribute.name]
    current = replace(question.current, attributes=(*rest, seat.free if free else seat.attribute))
    return replace(question, current=current)


def _seat(question: Question, demand: Demand, taken: set[ProjectName]) -> tuple[Seat, list[Release]]:
    app = demand.application
    by_name = {one.name: one for one in question.current.attributes}
    root = by_name.get(app.attribute) if app.attribute is not None else None
    version = _version(app.version)
    if root is not None and root.project is not None and not demand.requirements and not demand.pins:
        lines = _lines_of(question, root)
        free_project = _unused(f"{root.project}{_UNBOUNDED}", taken)
        free = replace(root, name=free_project, project=free_project, relaxed=(), version="0")
        made = [_release(free_project, "0", _unbound(lines or ()))]
        seat = Seat(
            demand=demand,
            project=root.project,
            attribute=root,
            own=True,
            free=replace(free, dependencies=_provided(root.dependencies, lines or ())),
            bounded=lines is not None and any(len(one.specifier) for one in lines),
            known=lines is not None,
        )
        return seat, made
    found = None if demand.project is None else _own_release(question, demand.project, version)
    own_lines = () if found is None else tuple(map(parse_requirement, found.requires or ()))
    used = [by_name[name] for name in (*app.dependencies, *([app.attribute] if root else [])) if name in by_name]
    plain = [parse_requirement(one.project) for one in used if one.project is not None]
    lines = tuple(
        one
        for one in (*own_lines, *plain, *demand.requirements, *(pin.requirement for pin in demand.pins))
        if one is not None and one.url is None
    )
    # An application that is a project of the index keeps its name: nothing else in the set is called so.
    project = demand.project or _unused(_named(app.name), taken)
    free_project = _unused(f"{project}{_UNBOUNDED}", {*taken, project})
    attribute = Attribute(
        name=project, project=project, version=version, dependencies=_provided(app.dependencies, lines)
    )
    free = replace(attribute, name=free_project, project=free_project)
    uploaded = None if found is None else found.uploaded
    made = [
        _release(project, version, [one.text for one in lines], uploaded),
        _release(free_project, version, _unbound(lines)),
    ]
    seat = Seat(
        demand=demand,
        project=project,
        attribute=attribute,
        own=False,
        free=free,
        bounded=any(len(one.specifier) for one in lines),
        known=demand.project is None or (found is not None and found.requires is not None),
        root=None if root is None else root.project,
    )
    return seat, made


def _lines_of(question: Question, attribute: Attribute) -> tuple[Requirement, ...] | None:
    """Return what any release of an attribute's project requires by name; None where no release is known."""
    assert attribute.project is not None
    known = [one for one in question.releases.get(attribute.project, ()) if one.requires is not None]
    version = parse_nix_version(attribute.version or "").release
    mine = [one for one in known if parse_version(one.version) == version] or known[-1:]
    if not mine:
        return None
    found = (parse_requirement(text) for text in mine[0].requires or ())
    return tuple(one for one in found if one is not None and one.url is None)


def _own_release(question: Question, project: ProjectName, version: str) -> Release | None:
    wanted = parse_version(version)
    return next(
        (one for one in question.releases.get(project, ()) if parse_version(one.version) == wanted and one.requires),
        None,
    )


def _release(project: ProjectName, version: str, texts: Sequence[str], uploaded: Timestamp | None = None) -> Release:
    return Release(project=project, version=version, requires=tuple(sorted(set(texts))), uploaded=uploaded)


def _unbound(lines: Sequence[Requirement]) -> list[str]:
    """Return the requirements without their specifiers."""
    return [
        one.name + (f"[{','.join(one.extras)}]" if one.extras else "") + (f"; {one.condition}" if one.condition else "")
        for one in lines
    ]


def _provided(attributes: Sequence[str], lines: Sequence[Requirement]) -> tuple[str, ...]:
    """Return what the set has to provide; projects that it lacks are wanted all the same, so they are no omissions."""
    return tuple(sorted({*attributes, *(one.project for one in lines)}))


def _version(text: str) -> str:
    """Return an application's version as PEP 440 has it; 0 where it is none, for nothing is compared with it."""
    nix = parse_nix_version(text)
    return str(nix.release) if nix.release is not None and nix.snapshot is None else "0"


def _named(name: str) -> ProjectName:
    spelled = "".join(one if one.isascii() and one.isalnum() else "-" for one in name).strip("-")
    return project_name(spelled) if spelled else ProjectName(extra_name("application"))


def _unused(wanted: str, taken: set[ProjectName]) -> ProjectName:
    name = ProjectName(ExtraName(wanted))
    while name in taken:
        name = ProjectName(f"{name}-application")
    return name


def _forbidden(seat: Seat, dependency: ProjectName, reason: str) -> EdgeOverride:
    return EdgeOverride(
        depender=seat.project, versions=SpecifierSet(), dependency=dependency, action="forbid", reason=reason
    )
