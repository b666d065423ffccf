"""What does a decision mean for nixpkgs? Packages, relaxations, holds and everything that a reviewer must know."""

from packaging.version import Version

from dataset.records import Release
from normalize.projects import ProjectName
from normalize.relaxhook import hit_beside, spelled_names
from normalize.requirements import parse_requirement
from normalize.specifiers import Part
from normalize.versions import parse_nix_version, parse_version
from solver.candidates import Kind, Value
from solver.decide import Decision
from solver.edges import NO_EXTRA, Edge, Node
from solver.graph import cycles
from solver.links import links_of
from solver.plan import Addition, Exclusion, LeftOut, Package, Relaxation, UpdateFirst
from solver.planlayers import BuildLayer
from solver.planwords import State, told_kind


def attribute_of(decision: Decision, project: ProjectName) -> str:
    """Return the project's attribute: nixpkgs' own, or the one that its rules want (the normalised name)."""
    member = decision.problem.question.members.get(project)
    return member.name if member else project


def packages(decision: Decision) -> tuple[Package, ...]:
    """Return the projects that the plan holds."""
    return tuple(_package(decision, node) for node, _ in decision.present())


def _package(decision: Decision, node: Node) -> Package:
    values = decision.problem.values[node]
    at = decision.choice[node]
    chosen, newest = values[at], values[-1]
    member = decision.problem.question.members.get(node[0])
    return Package(
        project=node[0],
        attribute=attribute_of(decision, node[0]),
        version=chosen.text,
        current=member.version if member else None,
        newest=newest.text,
        state=_state(values, at, member.version) if member else "added",
        links=links_of(chosen.release, (one.release for one in reversed(values) if one.release), member),
    )


def _state(values: tuple[Value, ...], at: int, version: str | None) -> State:
    current = next((i for i, value in enumerate(values) if value.current), None)
    if current is None:  # policy refuses nixpkgs' version
        return "updated" if _follows(values[at].version, version) else "downgraded"
    if at > current:
        return "updated"
    if at < current:
        return "downgraded"
    return "unchanged" if at == len(values) - 1 else "held"


def _follows(chosen: Version | None, current: str | None) -> bool:
    nix = parse_nix_version(current) if current is not None else None
    return chosen is None or nix is None or nix.release is None or chosen > nix.release


def relaxations(decision: Decision) -> tuple[Relaxation, ...]:
    """Return the edges whose upper part (or exclusion, by policy) the plan violates."""
    found = []
    for node, edge, chosen in decision.edges():
        if edge.depender is None or chosen.version is None or chosen.text is None:
            continue
        if edge.bounds.violated(chosen.version) <= {Part.LOWER} - edge.forced:
            continue
        risk = decision.problem.ledger.risks.classify(edge, chosen.version)
        found.append(
            Relaxation(
                project=node[0],
                version=decision.value((node[0], NO_EXTRA)).text or edge.depender.version,
                attribute=attribute_of(decision, node[0]),
                dependency=edge.requirement.project,
                spelling=edge.requirement.name,
                specifier=edge.bounds.text,
                chosen=chosen.text,
                risk=risk.name,
                evidence=risk.evidence,
                already=edge.relaxed,
                extra=edge.extra if edge.extra and edge.kind == "run" else None,
                marker=None if edge.requirement.marker is None else str(edge.requirement.marker),
                kind=edge.kind,
                targets=decision.problem.question.some_targets(edge.targets),
                hits=_hits(edge, edge.depender),
            )
        )
    return tuple(found)


def _hits(edge: Edge, depender: Release) -> tuple[str, ...]:
    """Return what the hook hits beside an edge, among all requirements: of other targets and extras, removed ones."""
    if edge.kind == "build":
        return ()
    return hit_beside(edge.requirement.name, spelled_names((*(depender.requires or ()), *depender.unusable)))


def updates_first(decision: Decision) -> tuple[UpdateFirst, ...]:
    """Return the edges whose lower part the plan violates because nothing better exists."""
    return tuple(
        UpdateFirst(
            project=node[0],
            version=edge.depender.version,
            attribute=attribute_of(decision, node[0]),
            dependency=edge.requirement.project,
            specifier=edge.bounds.text,
            chosen=chosen.text or "",
            kind=edge.kind,
        )
        for node, edge, chosen in decision.edges()
        if edge.depender is not None
        and chosen.version is not None
        and Part.LOWER in edge.bounds.violated(chosen.version) - edge.forced
    )


def additions(decision: Decision) -> tuple[Addition, ...]:
    """Return the projects that the plan needs and nixpkgs does not have."""
    because: dict[ProjectName, list[tuple[ProjectName, str, str]]] = {}
    for node, edge, _ in decision.edges():
        version = decision.value((node[0], NO_EXTRA)).text or ""
        because.setdefault(edge.requirement.project, []).append((node[0], version, wording(edge)))
    return tuple(
        Addition(
            project=node[0],
            attribute=node[0],
            version=value.text,
            because=tuple(sorted(set(because.get(node[0], [])))),
            elsewhere=node[0] in decision.problem.question.current.elsewhere,
        )
        for node, value in decision.present()
        if node[0] not in decision.problem.question.members
    )


def left_out(decision: Decision) -> tuple[LeftOut, ...]:
    """Return the requirements of chosen releases that do not count because nixpkgs builds without them today."""
    found = []
    for node, value in decision.present():
        attribute = decision.problem.question.members.get(node[0])
        dropped = decision.problem.ledger.treatment(attribute).left_out
        if not dropped or attribute is None or value.release is None:
            continue
        for text in value.release.requires or ():
            requirement = parse_requirement(text)
            if requirement is not None and requirement.project in dropped:
                found.append(
                    LeftOut(
                        project=node[0],
                        version=value.release.version,
                        attribute=attribute.name,
                        dependency=requirement.project,
                        requires=text,
                    )
                )
    return tuple(found)


def build_layer(decision: Decision) -> BuildLayer | None:
    """Return of how many chosen releases it is known what building them requires; None where it does not count."""
    if not decision.problem.question.build_requirements:
        return None
    known = [value.release is not None and value.release.builds is not None for _, value in decision.present()]
    return BuildLayer(known=sum(known), unknown=len(known) - sum(known))


def wording(edge: Edge) -> str:
    """Return a requirement as METADATA spells it, and whether it is there to build."""
    return told_kind(edge.requirement.text, edge.kind)


def dependencies(decision: Decision) -> dict[ProjectName, list[ProjectName]]:
    """Return the plan's dependency graph between projects; what building requires is no part of it."""
    found: dict[ProjectName, list[ProjectName]] = {node[0]: [] for node, _ in decision.present()}
    for node, edge, chosen in decision.edges():
        wanted = node[0] and chosen.kind is not Kind.ABSENT and edge.kind == "run"
        if wanted and edge.requirement.project not in found[node[0]]:
            found[node[0]].append(edge.requirement.project)
    return found


def plan_cycles(decision: Decision) -> tuple[tuple[ProjectName, ...], ...]:
    """Return the groups of projects that require each other."""
    return cycles(dependencies(decision))


def exclusions(decision: Decision) -> tuple[Exclusion, ...]:
    """Return the releases newer than the chosen version that are no candidates, with their reasons."""
    found = []
    for node, value in decision.present():
        member = decision.problem.question.members.get(node[0])
        for text, reason in decision.problem.ledger.domain(node[0], member).excluded:
            version = parse_version(text)
            if version is None or value.version is None or version > value.version:
                found.append(Exclusion(project=node[0], version=text, reason=reason))
    return tuple(found)
