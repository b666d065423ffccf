"""Plans whose reports are known word by word: one that holds nothing, one of everything, and a conflict."""

from dataclasses import replace

from madeplans import blocker

from normalize.projects import ProjectName
from solver.plan import (
    Addition,
    Difference,
    Exclusion,
    Hold,
    LeftOut,
    Level,
    Package,
    Plan,
    Relaxation,
    StaleRelaxation,
    Unknown,
    UpdateFirst,
    Vendoring,
)
from solver.planconflict import Conflict
from solver.planlayers import PolicyHold


def name(text: str) -> ProjectName:
    return ProjectName(text)


def package(project, version, current, newest, state, attribute=None):  # noqa: PLR0917
    return Package(
        project=name(project),
        attribute=attribute or project,
        version=version,
        current=current,
        newest=newest,
        state=state,
    )


def relaxation(project, version, dependency, specifier, chosen, risk, evidence, **further):  # noqa: PLR0917
    further.setdefault("spelling", dependency)
    further.setdefault("attribute", project)
    return Relaxation(
        project=name(project),
        version=version,
        dependency=name(dependency),
        specifier=specifier,
        chosen=chosen,
        risk=risk,
        evidence=evidence,
        **further,
    )


def left_out(project, version, requires, dependency):
    return LeftOut(
        project=name(project), version=version, attribute=project, dependency=name(dependency), requires=requires
    )


EMPTY = Plan(
    status="optimal", mode="fresh", targets=("3.13 x86_64-linux",), dataset=(), levels=(), packages=()
)  # fmt: skip

H5PY = relaxation(
    "tensorflow",
    "2.21.0",
    "h5py",
    "<3.15.0,>=3.11.0",
    "3.16.0",
    "precautionary",
    "h5py 3.15.0 of 2025-10-16 came after 2.21.0 of 2025-08-13",
    already=True,
)
LEAVES_PROTOBUF = Hold(
    project=name("protobuf"),
    attribute="protobuf",
    chosen="6.33.1",
    newest="7.34.0",
    because=(
        blocker("tensorflow", "2.21.0", "protobuf<8.0.0,>=6.31.1", "protobuf", "8.0.0", "deliberate"),
        blocker("grpcio-tools", "1.75.0", "protobuf<7,>=6.30", "protobuf", "7.34.0", "precautionary"),
        blocker("grpcio-status", "1.75.0", "protobuf>=6.30,<7", "protobuf", "7.34.0", "precautionary"),
        blocker("opentelemetry-proto", "1.37.0", "protobuf <7, >=6.30", "protobuf", "7.34.0", "precautionary"),
        blocker("protobuf", "7.34.0", "upb>=2", "upb", "1.9", "update-first"),
        blocker("protobuf", "7.34.0", "utf8-range", "utf8-range", "", "missing"),
    ),
)

FULL = Plan(
    status="feasible",
    mode="fresh",
    targets=("3.13 x86_64-linux", "3.14 aarch64-darwin"),
    dataset=(
        ("dataset", "sha256:0123abcd"),
        ("crawled", "2026-08-01T10:00:00Z to 2026-08-01T12:30:00Z"),
        ("nixpkgs", f"{'deadbeef' * 5} (a snapshot)"),
    ),
    levels=(
        Level(name="broken", value=0, bound=0),
        Level(name="risky", value=3, bound=2),
        Level(name="rank", value=12345678, bound=12345678),
    ),
    packages=(
        package("h5py", "3.16.0", "3.14.0", "3.16.0", "updated"),
        package("keras", "3.11.0", "3.12.0", "3.12.0", "downgraded"),
        package("new-one", "1.0", None, "1.0", "added"),
        package("numpy", "2.3.4", "2.3.4", "2.4.1", "held"),
        package("protobuf", "6.33.1", "6.32.0", "7.34.0", "updated"),
        package("python-dateutil", "2.9.0", "2.9.0", "2.9.0", "unchanged"),
        package("tzdata", "2026.4.22", "2026.04.22", "2026.5", "held"),
        package("unread", None, "unresolved", None, "unchanged"),
    ),
    relaxed=(
        relaxation(
            *("aiohttp", "3.13.0", "brotli", "<1.2", "1.2.0", "lifted", "aiohttp 3.14.0 accepts brotli 1.2.0"),
            spelling="Brotli",
            extra="speedups",
            marker="platform_python_implementation == 'CPython'",
        ),
        relaxation(
            *("octopus", "1.0", "python", "<3", "3.1", "pin", "==2.9 names one version"),
            attribute="octo_pus",
            hits=("python-dateutil",),
        ),
        relaxation("octopus", "1.0", "zlib-ng", "<1", "1.1", "deliberate", "why not?", attribute="octo_pus"),
        H5PY,
    ),
    held=(
        Hold(project=name("keras"), attribute="keras", chosen="3.11.0", newest="3.12.0", because=()),
        Hold(
            project=name("numpy"),
            attribute="numpy",
            chosen="2.3.4",
            newest="2.4.1",
            because=(
                blocker("tensorflow", "2.21.0", "numpy<2.4,>=1.26", "numpy", "2.4.1", "deliberate", policy="its ABI"),
            ),
        ),
        LEAVES_PROTOBUF,
        Hold(
            project=name("tzdata"),
            attribute="tzdata",
            chosen="2026.4.22",
            newest="2026.5",
            because=tuple(
                blocker(f"user-{i:02}", "1.0", "tzdata<2026.5", "tzdata", "2026.5", "deliberate") for i in range(12)
            ),
        ),
    ),
    update_first=(
        UpdateFirst(
            *(),
            project=name("octopus"),
            version="1.0",
            attribute="octo_pus",
            dependency=name("python-dateutil"),
            specifier=">=2.10",
            chosen="2.9.0",
        ),
    ),
    added=(
        Addition(
            project=name("attrs"),
            attribute="attrs",
            version="26.1.0",
            because=(
                (name("h5py"), "3.16.0", "attrs>=17.3.0,<27"),
                (name("numpy"), "2.3.4", "attrs (~=22.1)"),
                (name("octopus"), "1.0", "attrs"),
            ),
            elsewhere=True,
        ),
        Addition(
            project=name("cloudpickle"),
            attribute="cloudpickle",
            version=None,
            because=((name("keras"), "3.11.0", "cloudpickle<9"),),
            elsewhere=True,
        ),
        Addition(
            project=name("new-one"),
            attribute="new-one",
            version="1.0",
            because=((name("h5py"), "3.16.0", "new_one>=1"),),
        ),
        Addition(
            project=name("nowhere"),
            attribute="nowhere",
            version=None,
            because=tuple((name(f"user-{i:02}"), "1.0", "nowhere") for i in range(9)),
        ),
    ),
    dropped=(name("backports-zstd"),),
    left_out=(
        left_out("astunparse", "1.6.3", "wheel (<1.0,>=0.23.0)", "wheel"),
        left_out("keras", "3.11.0", "wheel~=0.32", "wheel"),
        left_out("octopus", "1.0", 'libclang>=13; sys_platform == "linux"', "libclang"),
        left_out("octopus", "1.0", "wheel", "wheel"),
    ),
    unknown=(
        Unknown(project=name("cython_0"), version="0.29.37", reason="an attribute without a project on the index"),
        Unknown(project=name("h5py"), version="3.16.0", reason="not a PEP 508 requirement", requirement="numpy >= x"),
        Unknown(project=name("keras"), version="3.11.0", reason="sdist-dynamic"),
        Unknown(project=name("unread"), version=None, reason="sdist-dynamic"),
    ),
    cycles=((name("sphinx"), name("sphinxcontrib-qthelp")),),
    stale_relaxations=(
        StaleRelaxation(attribute="bleach", name="html5lib", reason="METADATA of 6.3.0 does not require it"),
        StaleRelaxation(attribute="h5py", name="numpy", reason="the plan's 2.3.4 meets numpy<3,>=1.19.3"),
    ),
    held_by_policy=(
        PolicyHold(
            project=name("python-dateutil"),
            attribute="python-dateutil",
            action="hold",
            chosen="2.9.0",
            newest="3.11",
            reason="octopus counts days as 2.9 does; ask @octocat",
        ),
    ),
    excluded=(
        Exclusion(project=name("h5py"), version="3.15.0", reason="yanked: older than the chosen one"),
        Exclusion(project=name("numpy"), version="2.5.0rc1", reason="a pre-release"),
        Exclusion(project=name("numpy"), version="2.5.0rc2", reason="a pre-release"),
        *(
            Exclusion(project=name("python-dateutil"), version=f"3.{i}", reason="attribute x stays in the 2 series")
            for i in range(12)
        ),
        Exclusion(project=name("numpy"), version="2.4.2", reason="yanked: broken wheels, see #30"),
    ),
    vendoring=(
        Vendoring(
            application="calibre",
            version="9.10.0",
            python=None,
            uses=1,
            exclusive=("apsw",),
            violated=(),
            obeyed=(),
            newer=(),
            coherent=(),
            unsupported=(),
            recommendation="keep",
            reason="it costs the shared set nothing",
        ),
        Vendoring(
            application="tensorflow",
            version="2.21.0",
            python="3.12",
            uses=35,
            exclusive=tuple(f"only-{i}" for i in range(9)),
            violated=(H5PY,),
            obeyed=(LEAVES_PROTOBUF,),
            newer=(Difference(project=name("numpy"), together="2.3.4", without="2.4.1"),),
            coherent=(relaxation("onnx", "1.19", "protobuf", "<6", "6.33.1", "deliberate", "why"),),
            unsupported=((name("scipy"), "1.17.0", ">=3.13"),),
            recommendation="vendor",
            reason="without it the shared set gains numpy 2.4.1; every private version is one more to patch",
        ),
    ),
)

CONFLICT = replace(
    EMPTY,
    status="conflict",
    conflict=Conflict(
        core=("cosmos 1.1 and 1.2 require void<2", "aether 3.0 requires void>=2", "aether>=3 is asked for"),
        correction=("cosmos 1.2: void<2",),
    ),
)
