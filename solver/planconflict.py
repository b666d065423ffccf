"""Why is there no plan, and what would allow one? As values; how they are found is in :mod:`solver.conflict`."""

from dataclasses import dataclass
from typing import Literal

from normalize.projects import ProjectName
from solver.planwords import RiskClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One sentence that must hold.

    Attributes:
        id: the same for the same depender, versions, dependency and specifier in every run.
        sentence: what must hold, such as ``app 2.0 requires lib>=2``.
        siblings: further projects of which a release requires the same; a minimal core names one of them.
        policy: where the sentence rests on an entry of the policy, that entry's reason, else "".
    """

    id: str
    sentence: str
    siblings: tuple[ProjectName, ...] = ()
    policy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way from the reasons of a core to their contradiction.

    Attributes:
        number: from 1; later steps refer to it.
        reason: the id of the reason that is applied.
        after: the numbers of the steps that it rests on.
        so: what follows, such as ``lib is 2.0 or 3.0``; the last step says what is left without any version.
    """

    number: int
    reason: str
    after: tuple[int, ...]
    so: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """Reasons that cannot all hold, and could if any one of them were not.

    Attributes:
        minimal: whether the latter is known; to find it out has a bound.
        steps: how they contradict each other; empty where that takes a search to see.
        excluded: releases that would do and are no candidates, with the reason, as sentences.
    """

    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...] = ()
    excluded: tuple[str, ...] = ()
    minimal: bool = True


RemedyKind = Literal["loosen", "drop", "relax", "policy", "upstream"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One thing to give up.

    Attributes:
        kind: ``loosen`` what is asked for, or ``drop`` it; ``relax`` an upper part; take an entry out of the
            ``policy``; or wait for an ``upstream`` release without the requirement.
        reason: the id of the reason that it removes.
        sentence: what to do.
        risk: the class of what is relaxed, also where that needs an entry out of the policy first, else None.
    """

    kind: RemedyKind
    reason: str
    sentence: str
    risk: RiskClass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """Remedies that together allow a set, and none of which can be left out; solving again has shown it.

    Attributes:
        versions: the versions that the projects of the cores then have.
    """

    remedies: tuple[Remedy, ...]
    versions: tuple[tuple[ProjectName, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Why no set exists and what would allow one.

    Attributes:
        core: the sentences of a minimal unsatisfiable core: without any one of them a set would exist, or the next
            conflict would show.
        correction: the requirements whose violation is the cheapest way out.
        cores: several conflicts that share no reason, the one of ``core`` first.
        fixes: ways out, cheapest first; each was solved again.
    """

    core: tuple[str, ...]
    correction: tuple[str, ...]
    cores: tuple[Core, ...] = ()
    fixes: tuple[Fix, ...] = ()
