"""What is asked for? The text of a request becomes a requirement, and a project's name the newest candidate of it."""

from normalize.errors import UsageError
from normalize.requirements import Requirement, applies, parse_requirement
from solver.candidates import Domain, Kind
from solver.scope import ANYWHERE, Scope
from solver.statusquo import StatusQuo


def meant(quo: StatusQuo, text: str, scope: Scope = ANYWHERE) -> Requirement:
    """Return the requirement that a text stands for; whether a candidate meets it is not asked here.

    Raises:
        UsageError: it is no requirement, or nothing is known of its project.
    """
    parsed = parse_requirement(text)
    if parsed is None:
        raise UsageError(f"{text!r} is not a requirement", hint="write it by PEP 508, for example 'numpy>=2,<3'")
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
