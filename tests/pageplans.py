"""Plans for tests of their page: holds that rest on each other, many projects, text that wants to be more than text."""

from dataclasses import replace

from madeplans import blocker

from dataset.currentset import Application, Attribute, CurrentSet, Recipe
from normalize.projects import project_name
from solver.links import Links
from solver.plan import (
    Change,
    Exclusion,
    Hold,
    Level,
    Package,
    Plan,
    Relaxation,
    StaleRelaxation,
    Unknown,
    Vendoring,
)
from solver.planconflict import Conflict, Core, Fix, Reason, Remedy, Step

MARKUP = "<script>document.title='owned'</script>"
CLOSER = "</script><script>document.title='owned'</script><!--"
IMAGE = '"><img src=x onerror="document.title=\'owned\'">'
RIGHT_TO_LEFT = "numpy\u202egnp.txt\u2066"
CONTROLS = "a\x1b[2J\x00b\u2028c\r\nd\ud800"
LONG = "x" * 100_000
LINKS = Links(changelog="https://a.example/?a='b'&c")
HOSTILE = (MARKUP, CLOSER, IMAGE, RIGHT_TO_LEFT, CONTROLS, LONG, "{{ 7 * 7 }}", "javascript:alert(1)", "&lt;b&gt;")


def package(name, version, newest=None, *, current=None, state="unchanged", attribute=None):
    return Package(
        project=project_name(name),
        attribute=attribute or name,
        version=version,
        current=version if current is None else current,
        newest=newest or version,
        state=state,
    )


def page_plan(fillers=0):
    """Return a plan in which scipy is held by numpy, which pandas holds, with so many unimportant projects besides."""
    evil = {
        "attribute": MARKUP,
        "version": CLOSER,
        "current": IMAGE,
        "newest": RIGHT_TO_LEFT,
    }
    packages = [
        package("evil", **{key: evil[key] for key in ("version", "newest")}, current=IMAGE, attribute=MARKUP),
        replace(package("h5py", "3.16.0", current="3.14.0", state="updated"), links=LINKS),
        package("numpy", "1.9", "2.1", state="held"),
        package("pandas", "2.0"),
        package("scipy", "1.0", "2.0", state="held", attribute="scipy_1"),
        package("tensorflow", "2.21.0"),
        *(package(f"filler-{i:05}", f"1.{i}", f"1.{i + i % 2}") for i in range(fillers)),
    ]
    numpy_in_the_way = blocker("scipy", "2.0", "numpy>=2", "numpy", "1.9", "update-first")
    pandas_needs = blocker("pandas", "2.0", "numpy<2", "numpy", "2.1", "deliberate")
    tensorflow = project_name("tensorflow")
    return Plan(
        status="optimal",
        mode="fresh",
        targets=("3.13 x86_64-linux",),
        dataset=(("dataset", "abc"), ("nixpkgs", "rev"), ("note", MARKUP), (CLOSER, CONTROLS)),
        levels=(Level(name="risky", value=3, bound=3), Level(name="staleness", value=12, bound=11)),
        packages=tuple(sorted(packages, key=lambda one: one.project)),
        relaxed=(
            Relaxation(
                project=tensorflow,
                version="2.21.0",
                attribute="tensorflow",
                dependency=project_name("h5py"),
                spelling="H5Py",
                specifier="<3.15.0,>=3.11.0",
                chosen="3.16.0",
                risk="precautionary",
                evidence="h5py 3.15.0 was uploaded later",
                already=True,
            ),
            Relaxation(
                project=project_name("evil"),
                version=CLOSER,
                attribute=MARKUP,
                dependency=project_name("numpy"),
                spelling=IMAGE,
                specifier=LONG,
                chosen=RIGHT_TO_LEFT,
                risk="pin",
                evidence=CONTROLS,
                marker=CLOSER,
            ),
        ),
        held=(
            Hold(
                project=project_name("numpy"),
                attribute="numpy",
                chosen="1.9",
                newest="2.1",
                because=(pandas_needs,),
                moving=(Change(level="risky", by=2),),
            ),
            Hold(
                project=project_name("scipy"),
                attribute="scipy_1",
                chosen="1.0",
                newest="2.0",
                because=(numpy_in_the_way,),
            ),
        ),
        unknown=tuple(Unknown(project=project_name("evil"), version=None, reason=text) for text in HOSTILE),
        stale_relaxations=tuple(StaleRelaxation(attribute=MARKUP, name=text, reason=text) for text in HOSTILE),
        excluded=(Exclusion(project=project_name("pandas"), version="3.0", reason=IMAGE),),
        vendoring=(
            Vendoring(
                application=IMAGE,
                version=MARKUP,
                python=None,
                uses=3,
                exclusive=("tensorflow", MARKUP),
                violated=(),
                obeyed=(),
                newer=(),
                coherent=(),
                unsupported=(),
                recommendation="keep",
                reason=CLOSER,
            ),
        ),
    )


def page_set():
    """Return the current set that the plan rests on."""

    def attribute(name, *dependencies, maintainers=()):
        return Attribute(
            name=name, project=None, dependencies=dependencies, recipe=Recipe(maintainers=tuple(maintainers))
        )

    return CurrentSet(
        revision="rev",
        date="2026-07-15",
        attributes=(
            attribute(MARKUP, "numpy", maintainers=(CLOSER,)),
            attribute("h5py", "numpy", maintainers=("ada",)),
            attribute("numpy", maintainers=("ada", "grace")),
            attribute("pandas", "numpy", maintainers=("grace",)),
            attribute("scipy_1", "numpy"),
            attribute("tensorflow", "h5py", "numpy"),
        ),
        applications=(
            Application(name=IMAGE, version="1", attribute="tensorflow"),
            Application(name="notebook", version="1", dependencies=("pandas",)),
        ),
    )


def conflict_plan():
    """Return a plan that says why there is none."""
    reasons = (
        Reason(id="a" * 12, sentence="scipy 1.0 requires numpy<2"),
        Reason(id="b" * 12, sentence=f"policy pins numpy==2.0: {CLOSER}"),
        Reason(id="c" * 12, sentence="scipy is asked for"),
    )
    steps = (
        Step(number=1, reason="b" * 12, after=(), so="numpy is 2.0"),
        Step(number=2, reason="a" * 12, after=(1,), so="no version of scipy is left"),
    )
    fix = Fix(
        remedies=(Remedy(kind="relax", reason="a" * 12, sentence=f"relax {IMAGE}", risk="pin"),),
        versions=((project_name("numpy"), "2.0"),),
    )
    return Plan(
        status="conflict",
        mode="fresh",
        targets=(),
        dataset=(),
        levels=(),
        packages=(package("numpy", "2.0"), package("scipy", "1.0")),
        conflict=Conflict(
            core=tuple(one.sentence for one in reasons),
            correction=(),
            cores=(Core(reasons=reasons, steps=steps, excluded=(MARKUP,)),),
            fixes=(fix,),
        ),
    )
