"""``coset explain --force`` and ``--gains`` on the embedded dataset."""

import json

from coset.__main__ import main


def test_what_a_version_would_take_is_said_and_is_json(capsys):
    assert main(["explain", "h5py", "--force", "newest", "--quiet"]) == 0
    assert capsys.readouterr().out.endswith("that changes nothing\n")
    assert main(["explain", "h5py", "--gains", "--json", "--quiet"]) == 0
    (answer,) = json.loads(capsys.readouterr().out)
    assert answer["project"] == "h5py"
    (gain,) = answer["otherwise"]
    assert gain["condition"] == "tensorflow without relaxing h5py"
    assert gain["possible"] is gain["proven"] is True
    assert {one["project"] for one in gain["moves"]} & {"h5py", "tensorflow"}
    assert [(one["project"], one["dependency"], len(one["id"])) for one in gain["vanish"]] == [
        ("tensorflow", "h5py", 12)
    ]


def test_what_is_no_candidate_and_what_needs_no_plan_is_refused(capsys):
    assert main(["explain", "h5py", "--force", "99", "--quiet"]) == 2
    assert "the dataset knows no h5py 99" in capsys.readouterr().err
    assert main(["explain", "h5py", "--force", "newest", "--plan", "plan.json"]) == 2
    assert "--force and --gains solve again, so they take no --plan" in capsys.readouterr().err
