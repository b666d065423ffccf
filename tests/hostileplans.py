"""Plans of which every text is hostile: what reports must quote wherever it stands."""

from dataclasses import replace

from madeplans import blocker
from toldplans import left_out, name, package, relaxation

from solver.plan import (
    Addition,
    Difference,
    Exclusion,
    Hold,
    Level,
    Plan,
    StaleRelaxation,
    Unknown,
    UpdateFirst,
    Vendoring,
)
from solver.planconflict import Conflict
from solver.planlayers import PolicyHold

NASTY = "@octocat #1 `x` | <b>\n\n# h\n- [ ] a\x1b[2J\u202e https://h.example GH-2 *_~$x$ deadbeef"
HOSTILE = Plan(
    status="optimal",
    mode=NASTY,
    targets=(NASTY,),
    dataset=((NASTY, NASTY),),
    levels=(Level(name=NASTY, value=1, bound=1),),
    packages=(package("a", NASTY, "1.0", NASTY + "2", "updated", NASTY),),
    relaxed=(
        relaxation(
            *("a", NASTY, "b", NASTY, NASTY, "pin", NASTY),
            attribute=NASTY,
            spelling='"; ${builtins.abort "x"} ' + NASTY + "```\n```",
            extra=NASTY,
            marker=NASTY,
        ),
    ),
    held=(
        Hold(
            project=name("a"),
            attribute=NASTY,
            chosen=NASTY,
            newest=NASTY,
            because=(
                blocker(NASTY, NASTY, NASTY, NASTY, NASTY, "pin"),
                blocker("a", NASTY, NASTY, NASTY, NASTY, "update-first"),
                blocker("c", "1", "b<1", "b", "2", "pin"),
                blocker("d", "1", "b<1", "b", "2", "pin"),
                blocker("e", "1", "b<1", "b", "2", "pin", policy=NASTY),
            ),
        ),
    ),
    update_first=(
        UpdateFirst(
            project=name("a"), version=NASTY, attribute=NASTY, dependency=name("b"), specifier=NASTY, chosen=NASTY
        ),
    ),
    added=tuple(
        Addition(
            project=name("n"),
            attribute=NASTY,
            version=NASTY,
            because=((name("a"), NASTY, NASTY),),
            elsewhere=elsewhere,
        )
        for elsewhere in (False, True)
    ),
    dropped=(name(NASTY),),
    left_out=(left_out(NASTY, NASTY, NASTY, NASTY),),
    unknown=tuple(Unknown(project=name(NASTY), version=NASTY, reason=NASTY, requirement=NASTY) for _ in range(26)),
    cycles=((name(NASTY), name("b")),),
    stale_relaxations=(
        StaleRelaxation(attribute=NASTY, name=NASTY, reason=NASTY),
        StaleRelaxation(attribute="b", name="b", reason=f"{NASTY} meets a<1 {NASTY}"),
    ),
    held_by_policy=(
        PolicyHold(project=name("a"), attribute=NASTY, action="pin", chosen=NASTY, newest=NASTY, reason=NASTY),
    ),
    excluded=(Exclusion(project=name("a"), version=NASTY, reason=NASTY),),
    vendoring=(
        Vendoring(
            application=NASTY,
            version=NASTY,
            python=NASTY,
            uses=1,
            exclusive=(NASTY,) * 9,
            violated=(),
            obeyed=(),
            newer=(Difference(project=name("a"), together=NASTY, without=NASTY),),
            coherent=(),
            unsupported=((name("a"), NASTY, NASTY),),
            recommendation="vendor",
            reason=NASTY,
        ),
    ),
)
HOSTILE_CONFLICT = replace(
    HOSTILE, status="conflict", packages=(), conflict=Conflict(core=(NASTY, "- x"), correction=(NASTY,))
)
