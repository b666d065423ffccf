"""Are applications read as their format says, and is what is wrong with them said?"""

import pytest
from toys import application, current

from dataset.applications import chosen_demands, demands
from normalize.errors import UsageError

SET = current("numpy 2.0", "h5py 3.0", applications=(application("app", "numpy"), application("ceph", "h5py")))


def read(**applications):
    """Return the applications of the toy set and of these tables."""
    return demands(SET, {"schema": 1, "application": applications})


def refused(**table):
    """Return the sentence about an application of this table."""
    with pytest.raises(UsageError) as error:
        read(app=table)
    return str(error.value)


def test_what_the_file_says_takes_the_place_of_what_the_set_says():
    pins = [{"requirement": "numpy<2", "reason": "its plugin crashes"}]
    app, ceph, new = read(app={"pins": pins, "python": "3.12"}, new={"version": "2", "requirements": ["h5py>=3"]})
    assert app.application.dependencies == ("numpy",)
    assert (app.application.python, app.application.version) == ("3.12", "1")
    assert [(one.requirement.text, one.reason) for one in app.pins] == [("numpy<2", "its plugin crashes")]
    assert ceph.application == SET.applications[1]
    assert (new.application.name, new.projects) == ("new", ("h5py",))


def test_a_set_alone_has_its_applications():
    assert [one.application.name for one in demands(SET)] == ["app", "ceph"]


def test_all_are_chosen_where_none_is_named():
    known = read()
    assert chosen_demands(known, ()) == known
    assert [one.application.name for one in chosen_demands(known, ("ceph", "app", "ceph"))] == ["ceph", "app"]


def test_capitals_and_separators_do_not_matter_where_one_application_is_meant():
    table = {"version": "1", "dependencies": ["h5py"]}
    several = read(a_b=table, **{"a-b": table})
    assert [one.application.name for one in chosen_demands(several, ("Ceph", "ceph", "a_b"))] == ["ceph", "a_b"]
    with pytest.raises(UsageError, match=r"there is no application 'A\.B'"):
        chosen_demands(several, ("A.B",))


def test_an_unknown_application_has_near_names():
    with pytest.raises(UsageError) as error:
        chosen_demands(read(), ("Cep",))
    assert str(error.value) == "there is no application 'Cep'"
    assert error.value.hint == "near names: ceph"


def test_attributes_that_do_not_exist_are_all_named():
    with pytest.raises(UsageError) as error:
        read(app={"dependencies": ["nunpy", "h5py", "zzz"]})
    wanted = "applications.toml: application.app uses attributes that the current set does not have: nunpy, zzz"
    assert str(error.value) == wanted
    assert error.value.hint == "near names: numpy"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"requirements": ["numpy>="]}, "requirements: 'numpy>=' is not a requirement"),
        ({"requirements": ["numpy @ https://host.example/x.whl"]}, "names an address, which has no version"),
        ({"requirements": "numpy"}, "requirements: expected a list, found text"),
        ({"pins": [{"requirement": "numpy<2"}]}, "pins[0].reason: missing"),
        ({"python": "three"}, "python: 'three' is not an interpreter"),
        ({"project": "x", "attribute": "numpy"}, "an attribute and a project"),
        ({"verson": "2"}, "verson: unknown key"),
        ({"project": "-"}, "'-' cannot be a project name"),
        ({"dependencies": []}, "nothing says what it uses"),
    ],
    ids=str,
)
def test_what_is_wrong_is_one_sentence(table, said):
    found = refused(**table)
    assert said in found
    assert "\n" not in found


def test_a_new_application_needs_a_version():
    with pytest.raises(UsageError, match=r"application\.other\.version: missing"):
        read(other={"requirements": ["numpy"]})


def test_another_schema_is_refused():
    with pytest.raises(UsageError, match="expected 1, found 2"):
        demands(SET, {"schema": 2})
