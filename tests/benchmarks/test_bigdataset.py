"""Is the generated dataset what its benchmark says, and does every step of the benchmark run?"""

import shutil

import bench_dataset
import pytest
from bigdataset import Shape, generated, project_names

TINY = Shape(projects=40)


def test_the_same_shape_gives_the_same_releases():
    assert list(generated(TINY)) == list(generated(TINY))
    assert list(generated(TINY)) != list(generated(Shape(projects=40, seed=2)))
    assert len({one.project for one in generated(TINY)}) == len(project_names(TINY)) == 40


def test_releases_are_known_with_files_or_only_listed():
    releases = list(generated(TINY))
    assert all(one.requires is not None and one.files and one.files[0].path for one in releases)
    assert 2 < sum(len(one.requires) for one in releases) / len(releases) < 9
    assert len({one.requires for one in releases}) < len(releases) / 2
    assert all(one.unknown == "listed" for one in generated(Shape(projects=40, listed=1.0)))


def test_later_is_one_more_release_of_some_projects_and_nothing_else():
    before, after = ({(one.project, one.version): one for one in generated(TINY, later=n)} for n in (0, 2))
    assert before.items() < after.items()
    assert {project for project, _ in after.keys() - before.keys()} == set(project_names(TINY)[:2])
    one = project_names(TINY)[1]
    assert list(generated(TINY, later=2, only={one})) == [told for key, told in after.items() if key[0] == one]


@pytest.mark.skipif(shutil.which("git") is None, reason="measures how a git repository grows")
def test_every_step_of_the_benchmark_runs(tmp_path):
    for name, step in bench_dataset.STEPS.items():
        found = bench_dataset._measured(step, tmp_path, TINY)
        assert found["told"], name
        assert found["memory"] > 0
    assert "bytes packed per new release (5)" in found["told"]
    assert set(bench_dataset.GOALS) < set(bench_dataset.STEPS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["db.sqlite", "shards", "tables"]
