"""What does a decision rest on that nobody could read?"""

from normalize.projects import ProjectName
from normalize.requirements import applies, parse_requirement
from normalize.versions import parse_nix_version
from solver.answervalues import Unknown
from solver.candidates import Kind, Value
from solver.decide import Decision


def unknowns(decision: Decision) -> tuple[Unknown, ...]:
    """Return everything that the plan rests on and nobody could read."""
    found = []
    targets = decision.problem.question.targets
    for node, value in decision.present():
        project = node[0]
        release = value.release
        if value.kind is Kind.OUTSIDE:
            found.append(Unknown(project=project, version=None, reason="the dataset does not hold it"))
        elif release is None:
            found.append(Unknown(project=project, version=value.text, reason=_expression(value)))
        else:
            if release.unknown is not None:
                found.append(Unknown(project=project, version=value.text, reason=release.unknown))
            found += [
                Unknown(project=project, version=value.text, reason="not a PEP 508 requirement", requirement=text)
                for text in release.unusable
            ]
            found += [
                Unknown(
                    project=project,
                    version=release.version,
                    reason="a direct URL, which no version can meet or violate",
                    requirement=text,
                )
                for text in release.requires or ()
                if (one := parse_requirement(text)) is not None and one.url and applies(one, targets)
            ]
    for attribute in decision.problem.question.current.attributes:
        if attribute.project is None:
            reason = "an attribute without a project on the index"
            found.append(Unknown(project=ProjectName(attribute.name), version=attribute.version, reason=reason))
    for attribute in decision.problem.question.others:
        reason = f"attribute {attribute.name} is a second one of its project and stays as it is"
        assert attribute.project is not None
        found.append(Unknown(project=attribute.project, version=attribute.version, reason=reason))
    return tuple(sorted(found, key=lambda one: (one.project, one.version or "", one.reason, one.requirement or "")))


def _expression(value: Value) -> str:
    if value.text is None:
        return "nixpkgs' version could not be read"
    nix = parse_nix_version(value.text)
    if nix.snapshot is not None:
        after = f" after {nix.release}" if nix.release else ""
        return f"a snapshot of {nix.snapshot}{after}, which is not on the index"
    return "nixpkgs' version is not on the index"
