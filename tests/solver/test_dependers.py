"""Who requires whom in a plan: asked of all projects at once, and of one."""

from toys import current, question, registry, release

from solver.curate import curate
from solver.dependers import dependence, required

RELEASES = registry(
    *("lib 1.0 @1", "lib 2.0 @2: fresh", "fresh 1.0 @1"),
    *("old 1.0 @1: lib, gone", "old 2.0 @2: gone"),
    release("parts 1.0: fresh; extra == 'more', lib", extras=("more",)),
    *("user 1.0: parts[more]", "selfish 1.0: selfish", "gone 1.0", "elsewhere 1.0: lib; sys_platform == 'win32'"),
)
NOW = current("lib 1.0", "old 1.0", "parts 1.0", "user 1.0", "selfish 1.0", "gone 1.0", "elsewhere 1.0")


def test_the_chosen_releases_say_who_requires_whom():
    asked = question(RELEASES, NOW)
    plan = curate(asked, mode="fresh")
    found = required(asked, plan)
    assert found == {
        "elsewhere": (),
        "fresh": (),
        "gone": (),
        "lib": ("fresh",),
        "old": ("gone",),
        "parts": ("fresh", "lib"),
        "selfish": (),
        "user": ("parts",),
    }
    for project in found:
        told = {one.project for one in dependence(asked, plan, project).dependers}
        assert told == {one for one, those in found.items() if project in those}
    assert required(asked, curate(asked, mode="repair"))["old"] == ("gone", "lib")


def test_a_plan_of_another_policy_keeps_its_edges():
    held = {"project": [{"name": "lib", "action": "hold", "reason": "not yet"}]}
    plan = curate(question(RELEASES, NOW), mode="fresh")
    assert required(question(RELEASES, NOW, policy=held), plan)["lib"] == ("fresh",)
