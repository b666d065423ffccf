"""What is asked for? The text of a request becomes a requirement that some candidate meets."""

from packaging.version import Version

from normalize.errors import UsageError
from normalize.requirements import Requirement, applies, parse_requirement
from normalize.versions import parse_version
from solver.candidates import Domain, Kind
from solver.neighbourhood import meets
from solver.scope import ANYWHERE, Scope
from solver.sentences import latest, listed
from solver.statusquo import StatusQuo


def meant(quo: StatusQuo, text: str, scope: Scope = ANYWHERE) -> Requirement:
    """Return the requirement that a text stands for.

    Raises:
        UsageError: it is no requirement, nothing is known of its project, or no candidate meets it.
    """
    parsed = parse_requirement(text)
    if parsed is None:
        raise UsageError(f"{text!r} is not a requirement", hint="write it by PEP 508, for example 'numpy==2.4.1'")
    if parsed.url is not None:
        raise UsageError(f"{text!r} names an address; only the dataset is asked", hint="name a version instead")
    if not applies(parsed, quo.question.targets):
        hint = f"targets: {', '.join(map(str, quo.question.targets))}"
        raise UsageError(f"{text!r} applies on none of the targets", hint=hint)
    if parsed.project not in quo.question.members and not quo.question.releases.get(parsed.project):
        crawl = "crawl it with 'coset crawl', and name the dataset with --db"
        raise UsageError(f"the dataset knows nothing of {str(parsed.project)!r}, asked for by you", hint=crawl)
    domain = quo.ledger.domain(parsed.project, quo.question.members.get(parsed.project))
    if not len(parsed.specifier):
        parsed = _newest(domain, parsed, scope)
    if not any(meets(value, parsed) for value in domain.values):
        raise _no_candidate(domain, parsed)
    return parsed


def _newest(domain: Domain, bare: Requirement, scope: Scope) -> Requirement:
    now = domain.current
    reached = [
        one
        for one in domain.values
        if one.kind is not Kind.ABSENT and (now is None or one is now or scope.reaches(now, one))
    ]
    newest = reached[-1] if reached else None
    if newest is None or newest.version is None or newest.text is None:
        return bare
    extras = f"[{','.join(bare.extras)}]" if bare.extras else ""
    return parse_requirement(f"{bare.project}{extras}=={newest.version}") or bare


def _no_candidate(domain: Domain, asked: Requirement) -> UsageError:
    """Say why no candidate meets a requirement: the releases that would, and why they are none."""
    by_reason: dict[str, list[str]] = {}
    for text, reason in domain.excluded:
        version = parse_version(text)
        if version is not None and not asked.bounds.violated(version):
            by_reason.setdefault(reason, []).append(text)
    sentences = [
        f"{asked.project} {latest(texts)}: {reason}"
        for reason, texts in sorted(by_reason.items(), key=lambda one: _order(one[1][-1]), reverse=True)
    ]
    texts = [value.text for value in domain.values if value.text is not None]
    hint = f"candidates: {listed(texts[-8:])}" if texts else "the dataset holds no candidate of it at all"
    first = f"no candidate meets {asked.text}"
    if len(sentences) == 1:
        return UsageError(f"{first}; {sentences[0]}", hint=hint)
    return UsageError("\n".join([first, *sentences]), hint=hint)


def _order(text: str) -> Version:
    version = parse_version(text)
    assert version is not None, "only versions that can be compared were taken"
    return version
