"""Which interpreter is chosen, and why are others refused?"""

from toys import release

from dataset.records import File
from nixpkgs.interpreters import interpreter

LINUX = ("x86_64-linux",)


def filed(*names, **facts):
    """Return a release with these files."""
    return release("flow 2.0", files=tuple(File(name=name) for name in sorted(names)), **facts)


WHEELS = [f"flow-2.0-cp3{minor}-cp3{minor}-manylinux_2_27_x86_64.whl" for minor in (10, 11, 12)]
NO_WHEEL = "flow 2.0 has no wheel for it, and no sdist"


def test_the_first_that_runs_everything_is_chosen():
    assert interpreter(("3.13", "3.14"), LINUX, [(filed(), False)]) == ("3.13", ())


def test_wheels_that_end_before_the_newest_interpreter():
    python, refused = interpreter(("3.13", "3.12"), LINUX, [(filed(*WHEELS), True)])
    assert (python, refused) == ("3.12", (("3.13", NO_WHEEL),))


def test_an_older_interpreter_is_proposed_where_none_of_the_set_will_do():
    python, refused = interpreter(("3.14", "3.13"), LINUX, [(filed(*WHEELS), True)])
    assert python == "3.12"
    assert [one for one, _ in refused] == ["3.14", "3.13"]


def test_an_sdist_will_do_unless_nixpkgs_installs_the_wheel():
    files = [*WHEELS, "flow-2.0.tar.gz"]
    assert interpreter(("3.14",), LINUX, [(filed(*files), False)]) == ("3.14", ())
    assert interpreter(("3.14",), LINUX, [(filed(*files), True)])[0] == "3.12"


def test_requires_python_is_obeyed():
    python, refused = interpreter(("3.14", "3.13"), LINUX, [(filed(requires_python=">=3.7,<3.14"), False)])
    assert (python, refused) == ("3.13", (("3.14", "flow 2.0 requires Python >=3.7,<3.14"),))


def test_where_no_interpreter_will_do_the_first_one_stays_and_the_reason_is_told():
    python, refused = interpreter(("3.13",), LINUX, [(filed(requires_python="<3"), False)])
    assert (python, [one for one, _ in refused]) == ("3.13", ["3.13"])


def test_wheels_of_another_system_do_not_count():
    assert interpreter(("3.12",), ("aarch64-darwin",), [(filed(*WHEELS), True)])[1] == (("3.12", NO_WHEEL),)
