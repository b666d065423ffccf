"""Which ``pythonRelaxDeps`` does each attribute need? Ready Nix lines, and what nixpkgs' hook would hit beside them."""

from collections import defaultdict
from dataclasses import dataclass

from nixpkgs.nixtext import assignment
from report.quote import visible
from report.words import RANK
from solver.plan import Plan, Relaxation


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaxDeps:
    """The relaxations of one attribute.

    Attributes:
        attribute, version: the depender's.
        edges: riskiest first.
        lines: the whole ``pythonRelaxDeps``, formatted as nixpkgs formats it, with what is there already.
        hits: ``(name, other requirement)`` where the hook, which does not look at the name's end, relaxes the other
            requirement too.
    """

    attribute: str
    version: str
    edges: tuple[Relaxation, ...]
    lines: tuple[str, ...]
    hits: tuple[tuple[str, str], ...]

    @property
    def new(self) -> bool:
        """Whether anything is to be added."""
        return not all(edge.already for edge in self.edges)


def relax_deps(plan: Plan) -> tuple[RelaxDeps, ...]:
    """Return the relaxations by attribute, the attributes with the riskiest new ones first."""
    by_attribute: dict[tuple[str, str], list[Relaxation]] = defaultdict(list)
    for edge in plan.relaxed:
        if edge.kind == "run":  # what building requires is no part of the METADATA that the hook edits
            by_attribute[edge.attribute, edge.version].append(edge)
    found = []
    for (attribute, version), edges in by_attribute.items():
        names = sorted({edge.spelling for edge in edges}, key=lambda name: (name.lower(), name))
        found.append(
            RelaxDeps(
                attribute=attribute,
                version=version,
                edges=tuple(sorted(edges, key=lambda one: (-RANK[one.risk], one.dependency, one.specifier))),
                lines=assignment("pythonRelaxDeps", map(visible, names)),
                hits=tuple(sorted({(edge.spelling, other) for edge in edges for other in edge.hits})),
            )
        )
    return tuple(sorted(found, key=_order))


def _order(one: RelaxDeps) -> tuple[int, str, str]:
    return min((-RANK[edge.risk] for edge in one.edges if not edge.already), default=0), one.attribute, one.version
