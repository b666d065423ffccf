"""A typical package file, what a plan may want of it, and the edit that is read back, or refused."""

from toys import LINUX

from dataset.records import File
from nixpkgs.editfile import edited
from nixpkgs.fitting import fitted
from nixpkgs.packagefile import read_packages
from nixpkgs.readback import misread
from nixpkgs.requirementchange import RequirementChange
from nixpkgs.splice import LeftAlone
from nixpkgs.wanted import Wanted
from normalize.projects import project_name

TARGETS = (LINUX,)
SHA = "ab" * 32
SRI = "sha256-q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s="
DECLARED = frozenset({"numpy", "six", "attrs", "zstd", "2to3"})

TYPICAL = """{
  lib,
  buildPythonPackage,
  fetchPypi,

  # build-system
  setuptools,

  # dependencies
  numpy,
  six,
}:

buildPythonPackage (finalAttrs: {
  pname = "foo";
  version = "1.0";
  pyproject = true;

  src = fetchPypi {
    inherit (finalAttrs) pname version;
    hash = "sha256-AAAA";
  };

  build-system = [ setuptools ];

  # numpy works, says upstream
  pythonRelaxDeps = [ "numpy" ];

  dependencies = [
    numpy
    six
  ];

  meta = {
    description = ''
      version = "1.0"; ''${no} code
    '';
    maintainers = with lib.maintainers; [ alice ];
  };
})
"""


def want(**facts):
    return Wanted(**{"attribute": "foo", "project": project_name("foo"), "current": "1.0", **facts})


def files(*names):
    return tuple(File(name=name, sha256=SHA) for name in names)


def gains(*names):
    return RequirementChange(gained=tuple((project_name(name), name) for name in names))


def loses(*names):
    return RequirementChange(lost=tuple((project_name(name), name) for name in names))


def facts_of(text):
    return read_packages(text.encode(), [({}, ())], TARGETS)[0]


def apply(text, wanted):
    """Return the edited text, which reads back as what was wanted."""
    facts = facts_of(text)
    changes = fitted(facts, wanted, DECLARED)
    if not changes:
        return text
    made = edited(text.encode(), facts, wanted, changes)
    after = made.data.decode()
    assert misread(facts, facts_of(after), changes, made.source) == ""
    assert not fitted(facts_of(after), wanted, DECLARED)
    return after


def changed(text, wanted):
    """Return the lines that go and those that come."""
    before, after = text.splitlines(), apply(text, wanted).splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


def refusal(text, wanted):
    """Return why a file is left alone."""
    facts = facts_of(text)
    try:
        changes = fitted(facts, wanted, DECLARED)
        made = edited(text.encode(), facts, wanted, changes)
    except LeftAlone as answer:
        return answer.why
    return misread(facts, facts_of(made.data.decode()), changes, made.source)
