"""How is a conflict read from its JSON form? Errors hold the path to the bad value."""

from typing import get_args

from dataset.decode import Decoder
from normalize.errors import UsageError
from normalize.projects import ProjectName, project_name
from solver.planconflict import Conflict, Core, Fix, Reason, Remedy, RemedyKind, Step
from solver.planwords import RiskClass

_KINDS: tuple[RemedyKind, ...] = get_args(RemedyKind)
_RISKS: tuple[RiskClass, ...] = get_args(RiskClass)


def conflict_from_json(one: Decoder) -> Conflict:
    """Read a conflict.

    Raises:
        UsageError: it does not have the shape.
    """
    one.only("core", "correction", "cores", "fixes")
    return Conflict(
        core=one.texts("core"),
        correction=one.texts("correction"),
        cores=tuple(_core(core) for core in one.tables("cores")),
        fixes=tuple(_fix(fix) for fix in one.tables("fixes")),
    )


def _core(one: Decoder) -> Core:
    one.only("reasons", "steps", "excluded", "minimal")
    return Core(
        reasons=tuple(_reason(reason) for reason in one.tables("reasons")),
        steps=tuple(_step(step) for step in one.tables("steps")),
        excluded=one.texts("excluded"),
        minimal=one.flag("minimal", default=True),
    )


def _reason(one: Decoder) -> Reason:
    one.only("id", "sentence", "siblings", "policy")
    siblings = tuple(project_name(text) for text in one.texts("siblings"))
    policy = one.optional_text("policy") or ""
    return Reason(id=one.text("id"), sentence=one.text("sentence"), siblings=siblings, policy=policy)


def _step(one: Decoder) -> Step:
    one.only("number", "reason", "after", "so")
    after = one.raw("after") or []
    if not isinstance(after, list) or not all(type(number) is int for number in after):
        raise UsageError(f"{one.where}.after: expected a list of numbers")
    return Step(number=one.number("number") or 0, reason=one.text("reason"), after=tuple(after), so=one.text("so"))


def _fix(one: Decoder) -> Fix:
    one.only("remedies", "versions")
    remedies = []
    for remedy in one.tables("remedies"):
        remedy.only("kind", "reason", "sentence", "class")
        remedies.append(
            Remedy(
                kind=remedy.choice("kind", _KINDS, "drop"),
                reason=remedy.text("reason"),
                sentence=remedy.text("sentence"),
                risk=remedy.choice("class", _RISKS, "pin") if remedy.has("class") else None,
            )
        )
    return Fix(remedies=tuple(remedies), versions=_versions(one))


def _versions(one: Decoder) -> tuple[tuple[ProjectName, str], ...]:
    if one.raw("versions") is None:
        return ()
    table = Decoder(one.raw("versions"), f"{one.where}.versions")
    return tuple((project_name(key), table.text(key)) for key in table.keys())  # noqa: SIM118 - a Decoder is no mapping
