"""What the file of results keeps: one section is written anew, the others stay, whatever came while it was measured."""

import subprocess

import results


def test_a_section_takes_its_own_place_and_leaves_the_others_alone(tmp_path):
    path = tmp_path / "RESULTS.md"
    results.keep(path, "bench_b", "## b\n\nold", ["bench_b"])
    results.keep(path, "bench_a", "## a", ["bench_a", "bench_b"])
    results.keep(path, "bench_b", "## b\n\nnew", ["bench_a", "bench_b"])
    sections = "<!-- bench_a -->\n## a\n\n<!-- bench_b -->\n## b\n\nnew\n"
    assert path.read_text(encoding="utf-8") == f"{results.HEAD}\n{sections}"
    results.keep(path, "bench_b", "## b", ["bench_b"])
    assert "bench_a" not in path.read_text(encoding="utf-8")


def test_a_benchmark_that_comes_while_another_is_measured_keeps_its_section(tmp_path, monkeypatch):
    (tmp_path / "bench_a.py").touch()
    monkeypatch.setattr(results, "HERE", tmp_path)
    monkeypatch.setattr(results, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr("sys.argv", ["results.py"])

    def measured(command, **_options):
        (tmp_path / "bench_late.py").touch()
        results.keep(results.RESULTS, "bench_late", "## late", results.benchmarks())
        return subprocess.CompletedProcess(command, 0, stdout="## a\n")

    monkeypatch.setattr(subprocess, "run", measured)
    results.main()
    text = results.RESULTS.read_text(encoding="utf-8")
    assert text.index("<!-- bench_a -->\n## a\n") < text.index("<!-- bench_late -->\n## late\n")


def test_a_section_says_how_it_is_measured_again(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setattr("sys.argv", ["results.py", "--full", "crawl", "page"])
    started = []

    def measured(command, **_options):
        started.append(command[1:])
        return subprocess.CompletedProcess(command, 0, stdout="## a\n")

    monkeypatch.setattr(subprocess, "run", measured)
    results.main()
    assert started == [[results.HERE / "bench_crawl.py", "--full"], [results.HERE / "bench_page.py"]]
    text = results.RESULTS.read_text()
    assert "\nMeasured by `python benchmarks/results.py --full crawl` on: " in text
    assert "\nMeasured by `python benchmarks/results.py page` on: " in text
