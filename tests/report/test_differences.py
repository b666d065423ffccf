"""What only some plans have is told in the report and in the story of a project, and only there."""

from toys import DARWIN, LINUX, current, question, registry, release

from report.markdown import plan_markdown
from report.story import story
from solver.curate import curate

ASKED = question(
    registry(
        *(f"core 2.{i} @{i}" for i in range(1, 6)),
        *(f"status 2.{i} @{i}: core>=2.{i}" for i in range(1, 6)),
        release("app 1.0 @2", builds=("maker<2",)),
        release("app 2.0 @2: core[fast], paint; sys_platform == 'darwin', win; os_name == 'nt'", builds=("maker<2",)),
        "maker 1.0 @1",
        "maker 2.0 @3",
        "paint 1.0",
        "win 1.0",
    ),
    current("core 2.3", "status 2.3", "app 1.0", "maker 1.0"),
    targets=(LINUX, DARWIN),
    build_requirements=True,
)
PLAN = curate(ASKED, mode="fresh")
TEXT = plan_markdown(PLAN)


def test_each_section_is_there_where_it_has_something_to_say():
    for title in ("Families", "Where targets differ", "Missing extras", "Build requirements"):
        assert f"## {title}\n" in TEXT
    plain = plan_markdown(curate(question(registry("a 1.0"), current("a 1.0")), mode="fresh"))
    for title in ("Families", "Where targets differ", "Missing extras", "Build requirements"):
        assert f"## {title}\n" not in plain


def test_the_sections_say_what_the_plan_says():
    assert "`status 2.5` is in step with `core` `2.5`" in TEXT
    assert "- `paint 1.0` is needed on `3.14 aarch64-darwin` only" in TEXT
    assert "- `win` is needed on no target; 1 project names it" in TEXT
    assert "- `app 2.0` asks for `core[fast]`, which `2.5` does not have" in TEXT
    assert "It is known of 1 chosen release, and not known of 4." in TEXT
    assert "needs `maker<2` to build and meets `2.0`: precautionary, cheap" in TEXT


def test_no_nix_line_relaxes_what_only_building_requires():
    assert "pythonRelaxDeps = [" not in TEXT


def test_stories_tell_the_same():
    assert "it is needed on 3.14 aarch64-darwin only" in story(PLAN, "paint")
    assert "it names win, which no target needs" in story(PLAN, "app")
    assert "app 2.0 asks for core[fast], an extra that 2.5 does not have" in story(PLAN, "core")
    assert "status 2.5 is released together with core; with 2.5 in step" in story(PLAN, "status")
    assert any("needs to build maker<2" in line for line in story(PLAN, "maker"))
