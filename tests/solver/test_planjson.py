"""plan.json says everything that a plan says, in one way only, and refuses what is not a plan."""

import copy
import json
from pathlib import Path

import drawn
import jsonschema
import plans
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from normalize.errors import UsageError
from solver.curate import curate
from solver.planjson import plan_from_text, plan_to_json, plan_to_text
from solver.planread import plan_from_json

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "plan.schema.json").read_text(encoding="utf-8"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(plans.plans())
def test_reading_what_was_written_gives_the_same_plan(plan):
    text = plan_to_text(plan)
    assert plan_from_text(text) == plan
    assert plan_to_text(plan_from_text(text)) == text
    assert text.isascii()
    assert text.endswith("}\n")
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(text))


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


FULL = {
    "schema": 1,
    "status": "optimal",
    "mode": "fresh",
    "targets": ["3.13 x86_64-linux"],
    "dataset": {"digest": "abc"},
    "levels": [{"name": "risky", "value": 3, "bound": 3}],
    "packages": {
        "h5py": {
            "attribute": "h5py",
            "version": "3.16.0",
            "current": "3.14.0",
            "newest": "3.16.0",
            "state": "updated",
        }
    },
    "relaxed": [
        {
            "id": "1352ba2bb901",
            "project": "tensorflow",
            "version": "2.21.0",
            "attribute": "tensorflow",
            "dependency": "h5py",
            "spelling": "h5py",
            "specifier": ">=3.11.0,<3.15.0",
            "chosen": "3.16.0",
            "class": "precautionary",
            "evidence": "3.15.0 was uploaded later",
            "already": True,
            "extra": "io",
            "marker": "python_version >= '3.9'",
            "gain": {
                "project": "h5py",
                "version": "3.14.0",
                "chosen": "3.16.0",
                "changes": [{"level": "staleness", "by": 4}, {"level": "cheap", "by": -2}],
            },
            "hits": ["h5py-stubs"],
        }
    ],
    "held": [
        {
            "project": "protobuf",
            "attribute": "protobuf",
            "chosen": "6.33.1",
            "newest": "7.34.0",
            "because": [
                {
                    "id": "06a875a9ff0b",
                    "project": "tensorflow",
                    "version": "2.21.0",
                    "requires": "protobuf<8.0.0,>=6.31.1",
                    "dependency": "protobuf",
                    "chosen": "7.34.0",
                    "class": "deliberate",
                    "level": "risky",
                    "price": 2,
                }
            ],
            "moving": [{"level": "risky", "by": 2}, {"level": "staleness", "by": -5}],
        }
    ],
    "update_first": [],
    "added": [
        {
            "project": "new-one",
            "attribute": "new-one",
            "version": None,
            "because": [{"project": "h5py", "version": "3.16.0", "requires": "new_one>=1"}],
            "elsewhere": True,
        }
    ],
    "left_out": [
        {
            "project": "scipy",
            "version": "1.17.0",
            "attribute": "scipy",
            "dependency": "openblas-libs",
            "requires": "openblas-libs",
        }
    ],
    "dropped": [],
    "unknown": [],
    "cycles": [["a", "b"]],
    "stale_relaxations": [],
    "vendoring": {
        "tensorflow": {
            "version": "2.21.0",
            "python": None,
            "uses": 35,
            "exclusive": ["tensorboard"],
            "violated": [],
            "obeyed": [],
            "newer": [{"project": "protobuf", "together": "6.33.1", "without": "7.34.0"}],
            "coherent": [],
            "unsupported": [{"project": "h5py", "version": "3.16.0", "requires_python": ">=3.13"}],
            "recommendation": "keep",
            "reason": "nothing changes without it",
        }
    },
}


def test_the_shape_is_that_of_the_contract():
    plan = plan_from_json(FULL)
    assert plan_to_json(plan) == FULL
    assert plan.relaxed[0].risk == "precautionary"
    assert plan.added[0].elsewhere
    assert [one.dependency for one in plan.left_out] == ["openblas-libs"]
    assert plan.added[0].because == (("h5py", "3.16.0", "new_one>=1"),)
    assert plan.vendoring[0].unsupported == (("h5py", "3.16.0", ">=3.13"),)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("schema",), 2, "plan.json: schema: expected 1, found 2"),
        (("schema",), None, "plan.json: schema: expected 1, found None"),
        (("status",), "good", "plan.json: status: 'good' is not one of optimal, feasible, conflict"),
        (("status",), ..., "plan.json: status: missing"),
        (("status",), "conflict", "plan.json: conflict: there is one exactly where the status is 'conflict'"),
        (("packages",), ..., "plan.json: packages: missing"),
        (("packages", "h5py"), [], "plan.json: packages.h5py: expected a table, found a list"),
        (("packages", "h5py", "state"), "new", "plan.json: packages.h5py.state: 'new' is not one of unchanged"),
        (("packages", "h5py", "version"), 3, "plan.json: packages.h5py.version: expected text, found a number"),
        (("packages", "H5PY"), FULL["packages"]["h5py"], "plan.json: packages.H5PY: project 'h5py' is there twice"),
        (("packages", "-x"), FULL["packages"]["h5py"], "plan.json: packages.-x: '-x' cannot be a project name"),
        (("levels", 0, "bound"), ..., "plan.json: levels[0].bound: missing"),
        (("levels", 0, "value"), -1, "plan.json: levels[0].value: expected a whole number"),
        (("relaxed", 0, "class"), "safe", "plan.json: relaxed[0].class: 'safe' is not one of lifted"),
        (("relaxed", 0, "already"), "yes", "plan.json: relaxed[0].already: expected true or false, found text"),
        (("relaxed", 0, "project"), "a b", "plan.json: relaxed[0].project: 'a b' cannot be a project name"),
        (("relaxed", 0, "clas"), "pin", "plan.json: relaxed[0].clas: unknown key"),
        (("relaxd",), [], "plan.json: relaxd: unknown key"),
        (("held", 0, "because", 0, "requires"), ..., "plan.json: held[0].because[0].requires: missing"),
        (("added", 0, "elsewhere"), "no", "plan.json: added[0].elsewhere: expected true or false, found text"),
        (("left_out", 0, "requires"), ..., "plan.json: left_out[0].requires: missing"),
        (("left_out", 0, "dependency"), "a b", "plan.json: left_out[0].dependency: 'a b' cannot be a project name"),
        (("left_out", 0, "why"), "x", "plan.json: left_out[0].why: unknown key"),
        (("cycles",), "a", "plan.json: cycles: expected a list of lists of projects"),
        (("cycles", 0), "a", "plan.json: cycles[0]: expected a list, found text"),
        (("cycles", 0, 1), "", "plan.json: cycles[0][1]: '' cannot be a project name"),
        (("dropped",), ["?"], "plan.json: dropped[0]: '?' cannot be a project name"),
        (("dataset",), ["x"], "plan.json: dataset: expected a table, found a list"),
        (("vendoring", "tensorflow", "uses"), None, "plan.json: vendoring.tensorflow.uses: missing"),
        (("conflict",), {"core": [], "correction": []}, "plan.json: conflict: there is one exactly where"),
    ],
)
def test_a_bad_value_is_refused_with_its_path(path, value, sentence):
    data = copy.deepcopy(FULL)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    with pytest.raises(UsageError) as caught:
        plan_from_json(data)
    assert caught.value.sentence.startswith(sentence)
    assert "\n" not in caught.value.sentence


@pytest.mark.parametrize("text", ["", "{", "nonsense", '{"schema": 1', "[" * 100_000, '{"a": ' + "9" * 5000 + "}"])
def test_text_that_is_not_json_is_refused_in_one_sentence(text):
    with pytest.raises(UsageError, match=r"^out/plan\.json: not JSON \(") as caught:
        plan_from_text(text, "out/plan.json")
    assert caught.value.hint


@pytest.mark.parametrize("text", ["[]", "3", "null", '"plan"'])
def test_json_that_is_not_a_table_is_refused(text):
    with pytest.raises(UsageError, match=r"^plan\.json: expected a table"):
        plan_from_text(text)


@settings(max_examples=25)
@given(drawn.universes(), st.sampled_from(("fresh", "stable", "repair")))
def test_what_the_solver_plans_survives_its_file(universe, mode):
    plan = curate(universe, mode=mode, provenance=(("dataset", "toy"),))
    assert plan_from_text(plan_to_text(plan)) == plan
    jsonschema.Draft202012Validator(SCHEMA).validate(plan_to_json(plan))
