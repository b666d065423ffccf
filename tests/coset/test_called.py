"""Which projects does the user mean by names? One each, or the name is refused."""

import pytest

from coset.called import members_called
from dataset.currentset import Attribute
from normalize.errors import UsageError

MEMBERS = {
    "attr": Attribute(name="python-attr", project="attr", version="0.3"),
    "attrs": Attribute(name="attr", project="attrs", version="25.1"),
    "numpy": Attribute(name="numpy", project="numpy", version="2.1"),
}


def test_a_project_or_an_attribute_is_meant():
    assert members_called(["python-attr", "numpy"], MEMBERS, None, quiet=True) == {"attr", "numpy"}
    assert members_called(["attrs"], MEMBERS, None, quiet=True) == {"attrs"}


def test_the_name_of_a_project_and_of_another_ones_attribute_is_refused():
    with pytest.raises(UsageError) as error:
        members_called(["numpy", "attr"], MEMBERS, None, quiet=True)
    assert error.value.sentence == "'attr' is a project of the set and the attribute of another one, 'attrs'"
    assert error.value.hint == "say python-attr for the project attr, or attrs for the other one"
