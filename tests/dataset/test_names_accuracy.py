"""How often names are mapped right on real lists of them: no answer is wrong, and few are ambiguous."""

from collections import Counter

import bench_names
import pytest

pytestmark = pytest.mark.skipif(
    not bench_names.SHARED.is_dir(), reason="the real names to compare with do not lie beside the repository"
)


@pytest.fixture(scope="module")
def names():
    return bench_names.known()


def verdicts(found):
    found = list(found)
    assert [name for name, verdict in found if verdict == "wrong"] == []
    return Counter(verdict for _, verdict in found)


def test_attributes_lead_to_their_projects():
    found = verdicts(bench_names.attributes())
    assert found.total() == 298
    assert found["right"] >= 0.99 * 298


def test_all_renames_lead_to_their_target():
    found = verdicts(bench_names.aliases())
    assert found == {"right": found.total()}
    assert found.total() > 420


def test_projects_have_the_import_names_of_a_smoke_test(names):
    assert verdicts(bench_names.imports_of(bench_names.smoke_test(), names, evident=True))["right"] > 350


def test_projects_have_the_import_names_of_conda(names):
    assert verdicts(bench_names.imports_of(bench_names.conda(), names, evident=True))["right"] > 90


def test_import_names_lead_to_their_projects(names):
    found = verdicts(bench_names.projects_of(bench_names.smoke_test(), names))
    assert found["right"] > 0.95 * found.total()
