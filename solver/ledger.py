"""What was worked out already? Facts about releases that several compilations of one question share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from packaging.version import Version

from dataset.currentset import Attribute
from dataset.records import LISTED, Release
from normalize.projects import ExtraName, ProjectName
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.versionladder import Ladder, is_prerelease
from normalize.versions import parse_version
from solver.builds import build_treatment
from solver.candidates import ABSENT, Domain, Kind, Rules, Value, guest_domain, is_last_resort, member_domain
from solver.edges import (
    BUILD,
    NO_EXTRA,
    NO_LINES,
    UNTOUCHED,
    Edge,
    Lines,
    Node,
    Reader,
    Treatment,
    edge_of,
    names,
)
from solver.families import Ties, find_ties
from solver.itself import self_refusal
from solver.levels import Costs
from solver.overridebook import OverrideBook
from solver.planwords import CHEAP, RiskClass
from solver.question import Question
from solver.risk import RiskBook, shows

Table = list[tuple[Costs, ...]]
"""Costs by the depender's value (row) and the dependency's value (column); equal rows are one object."""


class Ledger:
    """Domains, edges, violated parts and risk classes, each worked out once.

    They depend on the releases, the policy, the targets and on whether the current set has the project, but not on what
    else the current set has; so the solves without an application use the ledger of the solve with it. What is asked
    for says of its own projects alone which candidates they have.

    Args:
        question: the question, or one that differs from it only in its current set, or so that ``serves`` tells.
        known_ties: the ties of these releases, where a ledger of another question has found them.

    Attributes:
        tables: what :mod:`solver.compile` priced, by nodes and their attributes.
        relaxing: what relaxing a pair costs, by the class of its risk.
    """

    def __init__(self, question: Question, known_ties: Ties | None = None) -> None:
        self.question = question
        self.known_ties = known_ties
        self.risks = RiskBook(question.releases, self.final)
        self.overrides = OverrideBook(question.policy)
        self.tables: dict[tuple[object, ...], Table | None] = {}
        self._domains: dict[tuple[ProjectName, str | None], Domain] = {}
        self._readers: dict[tuple[ProjectName, ExtraName, str | None], Reader] = {}
        self._with_absent: dict[tuple[ProjectName, ExtraName, str | None], tuple[Value, ...]] = {}
        self._treatments: dict[str, Treatment] = {}
        self._build_treatments: dict[str, Treatment] = {}
        self._masks: dict[tuple[str, ExtraName], int] = {}
        self._ladders: dict[int, tuple[tuple[Value, ...], Ladder]] = {}
        self._rows: dict[tuple[Costs, ...], tuple[Costs, ...]] = {}
        self._pinned: Mapping[ProjectName, frozenset[Version]] | None = None
        self._everywhere = (1 << len(question.targets)) - 1
        self._usual: Rules | None = None
        self._final: dict[tuple[ProjectName, ExtraName], list[tuple[Value, Lines]]] = {}
        weights = self.question.policy.weights
        prices: dict[RiskClass, int] = {
            "lifted": weights.lifted,
            "precautionary": weights.precautionary,
            "deliberate": weights.deliberate,
            "pin": weights.pin,
        }
        self.relaxing: Mapping[RiskClass, Costs] = {
            risk: (0, 0, 0, 0, price, 0, 0, 0, 0) if risk in CHEAP else (0, 0, price, 0, 0, 0, 0, 0, 0)
            for risk, price in prices.items()
        }

    def serves(self, question: Question) -> bool:
        """Return whether all this holds for a question too that differs in what is asked for, or in its policy."""
        mine = self.question
        differing = {one.project for one in {*mine.asked} ^ {*question.asked}}
        return question.policy == mine.policy and all(_asks(mine, one) == _asks(question, one) for one in differing)

    def domain(self, project: ProjectName, attribute: Attribute | None) -> Domain:
        """Return the values of a project; the attribute is the one that nixpkgs has of it."""
        key = (project, attribute.name if attribute else None)
        if key not in self._domains:
            question = self.question
            releases = question.releases.get(project, ())
            rules = self._rules(project)
            self._domains[key] = (
                member_domain(attribute, releases, rules) if attribute else guest_domain(releases, rules)
            )
        return self._domains[key]

    def _rules(self, project: ProjectName) -> Rules:
        question = self.question
        overrides = question.policy.for_project(project)
        if not (overrides or question.ad_hoc or question.asked):
            self._usual = self._usual or Rules(targets=question.targets, before=question.before)
            return self._usual
        return Rules(
            targets=question.targets,
            before=question.before,
            overrides=overrides,
            last_resorts=question.ad_hoc,
            closed=question.ad_hoc and question.strict,
            pinned=self._pins().get(project, frozenset()) if question.ad_hoc else frozenset(),
            prereleases=_asks(question, project)[0],
            itself=question.ad_hoc,
        )

    def last_resort(self, project: ProjectName, value: Value) -> bool:
        """Return whether a value is to be chosen only where no other will do."""
        return is_last_resort(value, self._rules(project))

    def ties(self) -> Ties:
        """Return the ties between projects that are released together; what is asked ad hoc needs none."""
        if self.known_ties is None:
            question = self.question
            self.known_ties = {} if question.ad_hoc else find_ties(question.releases, question.before)
        return self.known_ties

    def tied(self, depender: ProjectName, dependency: ProjectName) -> bool:
        """Return whether the depender's releases are cut together with the dependency's."""
        return (depender, dependency) in self.ties()

    def _pins(self) -> Mapping[ProjectName, frozenset[Version]]:
        """Return the versions of each project that what is asked for, or some release, pins."""
        if self._pinned is None:
            every = [one.requires or () for releases in self.question.releases.values() for one in releases]
            several = {id(requires): requires for requires in every}.values()  # those that a dataset reads are shared
            texts = {text for requires in several for text in requires if "==" in text}
            parsed = [one for text in sorted(texts) if (one := parse_requirement(text)) is not None]
            found: dict[ProjectName, set[Version]] = {}
            for requirement in (*self.question.asked, *parsed):
                found.setdefault(requirement.project, set()).update(pinned_by(requirement))
            self._pinned = {project: frozenset(versions) for project, versions in found.items()}
        return self._pinned

    def extra_values(self, project: ProjectName, extra: ExtraName, attribute: Attribute | None) -> tuple[Value, ...]:
        """Return the values of an extra of a project: absent, or the version that the project has.

        Ad hoc, an extra is never there at a version that it refuses (see `excluded`).
        """
        excluded = self._refusing(project, extra) if self.question.ad_hoc else {}
        key = (project, extra if excluded else NO_EXTRA, attribute.name if attribute else None)
        if key not in self._with_absent:
            present = (value for value in self.domain(project, attribute).values if value.kind is not Kind.ABSENT)
            self._with_absent[key] = (ABSENT, *(value for value in present if value.text not in excluded))
        return self._with_absent[key]

    def excluded(
        self, project: ProjectName, extras: Iterable[ExtraName], attribute: Attribute | None
    ) -> Iterator[tuple[str, str, str]]:
        """Yield name, version and reason of releases that are no candidates, or that one of these extras refuses."""
        for text, reason in self.domain(project, attribute).excluded:
            yield project, text, reason
        if self.question.ad_hoc:
            for extra in extras:
                for text, reason in self._refusing(project, extra).items():
                    yield f"{project}[{extra}]", text, reason

    def _refusing(self, project: ProjectName, extra: ExtraName) -> dict[str, str]:
        """Return the candidates at which an extra requires another version of its own project, each with the reason."""
        targets = self.question.targets
        found: dict[str, str] = {}
        for value in self.domain(project, None).values:
            if value.release is not None and value.version is not None and value.text is not None:
                reason = self_refusal(value.release, value.version, targets, extra)
                if reason is not None:
                    found[value.text] = reason
        return found

    def lines(self, release: Release | None, extra: ExtraName, attribute: Attribute | None) -> Lines:
        """Return the lines that an extra of a release brings; the extra "" stands for those that none brings."""
        return NO_LINES if release is None else self.reader(release.project, extra, attribute).lines(release)

    def reader(self, project: ProjectName, extra: ExtraName, attribute: Attribute | None) -> Reader:
        """Return what reads the lines that an extra of a project's releases brings."""
        key = (project, extra, attribute.name if attribute else None)
        reader = self._readers.get(key)
        if reader is None:
            treatment = self.build_treatment(attribute) if extra == BUILD else self.treatment(attribute)
            reader = self._readers[key] = Reader((project, extra), treatment, self.overrides, self.reach)
        return reader

    def rows(self, values: Sequence[Value], node: Node, attribute: Attribute | None) -> list[Lines]:
        """Return the lines of each value of a node."""
        return self.reader(*node, attribute).rows([value.release for value in values])

    def edges(self, release: Release | None, extra: ExtraName, attribute: Attribute | None) -> tuple[Edge, ...]:
        """Return the same as edges of the release, sorted by dependency."""
        several = self.lines(release, extra, attribute).values()
        return tuple(edge_of(line, release) for lines in several for line in lines)

    def build_treatment(self, attribute: Attribute | None) -> Treatment:
        """Return what nixpkgs does to the build requirements of an attribute's project."""
        if attribute is None or attribute.project is None:
            return UNTOUCHED
        if attribute.name not in self._build_treatments:
            now = self._current(attribute.project)
            self._build_treatments[attribute.name] = build_treatment(
                now.release if now else None,
                lambda project: None if (one := self._current(project)) is None else one.version,
                self.question.members,
                lambda requirement: self.reach(requirement, NO_EXTRA),
            )
        return self._build_treatments[attribute.name]

    def _current(self, project: ProjectName) -> Value | None:
        attribute = self.question.members.get(project)
        return next((one for one in self.domain(project, attribute).values if one.current), None)

    def treatment(self, attribute: Attribute | None) -> Treatment:
        """Return what nixpkgs does to the requirements of an attribute's project.

        What the current release requires and no attribute of the set provides is left out: nixpkgs builds that release
        without it (``PyQt6-Qt6``, which only carries the libraries that wheels need), and will build the next so too.
        """
        if attribute is None:
            return UNTOUCHED
        if attribute.name not in self._treatments:
            relaxed, removed = names(attribute.relaxed), names(attribute.removed)
            provided = {*attribute.dependencies, *(name for name, _ in attribute.conditional)}
            left_out = frozenset(
                requirement.project
                for requirement in self._required_now(attribute)
                if requirement.project not in self.question.members
                and requirement.project not in provided
                and requirement.project not in removed
                and self.reach(requirement, NO_EXTRA)
            )
            self._treatments[attribute.name] = Treatment(relaxed, removed, left_out)
        return self._treatments[attribute.name]

    def _required_now(self, attribute: Attribute) -> Iterator[Requirement]:
        """Yield what nixpkgs' current release requires, on whichever targets and through whichever extras."""
        assert attribute.project is not None
        value = self.domain(attribute.project, attribute).current
        if value is not None and value.release is not None:
            for text in value.release.requires or ():
                requirement = parse_requirement(text)
                if requirement is not None:
                    yield requirement

    def reach(self, requirement: Requirement, extra: ExtraName) -> int:
        """Return the targets on which a requirement applies when an extra is asked for, as a bit mask."""
        if not requirement.condition:
            return self._everywhere
        key = (requirement.condition, extra)
        if key not in self._masks:
            self._masks[key] = applies(requirement, self.question.targets, extra)
        return self._masks[key]

    def ladder(self, values: tuple[Value, ...]) -> Ladder:
        """Return the versions of some values, to be compared with bounds."""
        found = self._ladders.get(id(values))
        if found is None:  # with the values, so that their id is not another's
            found = self._ladders[id(values)] = (values, Ladder([value.version for value in values]))
        return found[1]

    def shared(self, row: tuple[Costs, ...]) -> tuple[Costs, ...]:
        """Return the row, or the one that is equal and was made before."""
        return self._rows.setdefault(row, row)

    def final(self, project: ProjectName, extra: ExtraName) -> Sequence[tuple[Value, Lines]]:
        """Return the final releases of a project, by version, each with what it or an extra of it requires.

        Whether a release is a candidate here does not matter: policy, interpreters and series say nothing about what a
        bound is there for (docs/model.md).
        """
        key = (project, extra)
        if key not in self._final:
            attribute = self.question.members.get(project)
            releases = self.question.releases.get(project, ())
            before = self.question.before
            values = [value for value in self.domain(project, attribute).values if value.release is not None]
            known = {id(value.release) for value in values}
            others = [one for one in releases if one.unknown != LISTED and id(one) not in known and shows(one, before)]
            if others:
                values += [
                    Value(kind=Kind.RELEASE, version=version, text=one.version, release=one)
                    for one in others
                    if (version := parse_version(one.version)) is not None
                ]
            found = [
                (value.version, value, lines)
                for value, lines in zip(values, self.rows(values, key, attribute), strict=True)
                if value.version is not None
                and value.release is not None
                and not is_prerelease(value.version)
                and shows(value.release, before)
            ]
            if others or self.question.ad_hoc:  # last resorts precede what is older
                found.sort(key=lambda one: one[0])
            self._final[key] = [(value, lines) for _, value, lines in found]
        return self._final[key]


def _asks(question: Question, project: ProjectName) -> tuple[bool, set[Version]]:
    """Return whether a pre-release of a project is asked for, and which versions of it are pinned by what is asked."""
    mine = [one for one in question.asked if one.project == project]
    return any(one.specifier.prereleases for one in mine), {version for one in mine for version in pinned_by(one)}


def pinned_by(requirement: Requirement) -> Iterator[Version]:
    """Yield the versions that a requirement pins."""
    for clause in requirement.specifier:
        version = parse_version(clause.version) if clause.operator in ("==", "===") else None
        if version is not None:
            yield version
