"""How does a check get what it looks at? Inputs read, the policy as its file has it, progress shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coset import terminal
from coset.garbage import uncollected
from coset.inputs import Places, read_inputs, read_policy
from coset.interruption import Interruption
from coset.places import open_dataset
from solver.effort import Effort
from solver.engines import engine_name
from solver.levels import order_of
from solver.policylint import Finding, lint
from solver.sat import make_engine


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCheck:
    """What the check of a policy found.

    Attributes:
        file: the policy's path as it was given, which an annotation needs.
        day: as of which entries have expired or not.
    """

    file: Path
    entries: int
    day: str
    findings: tuple[Finding, ...]


def checked_policy(
    places: Places, *, mode: str, targets: Sequence[str] = (), engine: str = "auto", quiet: bool = False
) -> PolicyCheck:
    """Read the inputs and lint the policy; Ctrl-C leaves out what would take longer.

    Raises:
        UsageError: an input, the mode, a target or the engine is not what it should be.
        OutsideError: an input cannot be read.
    """
    order_of(mode)
    make_engine(engine_name(engine))
    policy = read_policy(places.policy)
    with terminal.progress(quiet=quiet) as show, uncollected(), Interruption(quiet=quiet) as stop:
        inputs = read_inputs(places, targets=targets, show=show)
        with open_dataset(places.db, show) as store:
            known = frozenset(store.projects())
        question = inputs.question()
        effort = Effort(engine=engine_name(engine), stop=stop.asked, tell=stop.heard)
        findings = lint(
            policy,
            question,
            known=known,
            day=inputs.day,
            mode=mode,
            effort=effort,
            show=show,
            tell=lambda sentence: terminal.note(f"note: {sentence}", quiet=quiet),
        )
    if stop.asked():
        terminal.note("note: interrupted, so not every entry was tried", quiet=quiet)
    return PolicyCheck(
        file=places.policy or Path("policy.toml"),
        entries=len(policy.edges) + len(policy.projects),
        day=inputs.day,
        findings=findings,
    )
