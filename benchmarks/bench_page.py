"""How long does a plan of all nixpkgs take to become a page, and how long does its reader wait for the page?"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from measure import table, unit
from selenium.webdriver import Chrome
from universe import Shape, make_question

from dataset.currentset import CurrentSet, Recipe
from report.markdown import plan_markdown
from report.nearby import nearby
from report.page import plan_page
from solver.curate import curate
from solver.plan import Plan
from solver.question import Question

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from realbrowser import real_browser

MODES = ("fresh", "stable")
TURNS = 5
SEARCHES = ("project-1", "9", "p77", "nothing at all")

TYPED = """
const [text, done] = arguments;
const field = document.getElementById("search");
performance.clearMeasures("search");
field.value = text;
const start = performance.now();
field.dispatchEvent(new Event("input"));
document.body.offsetHeight;
const shown = performance.now() - start;
requestAnimationFrame(() => setTimeout(() => done([shown, performance.now() - start])));
"""
PAINTED = """
const [done] = arguments;
const told = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
const look = () => { if (told() === undefined) setTimeout(look, 5); else done(told()); };
look();
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A plan as a page: processor seconds for Markdown and HTML, and the page."""

    plan: Plan
    markdown: float
    html: float
    page: str


def main() -> None:
    """Print the section of the results."""
    gc.disable()  # as the commands do
    question = _question()
    rows = []
    with tempfile.TemporaryDirectory() as folder, real_browser(Path(folder) / "profile") as browser:
        browser.set_script_timeout(120)
        for mode in MODES:
            made = _make(curate(question, mode=mode), question.current)
            path = Path(folder) / f"{mode}.html"
            path.write_text(made.page, encoding="utf-8")
            found = list(_read(browser, path.as_uri()))
            one = median(run.processor for run in unit(5))
            rows.append(_row(mode, made, found, one))
    head = ["plan", "projects", "holds", "relaxations", "Markdown s", "HTML s", "units", "MB"]
    head += ["first paint s", "table ms", "search ms: to the rows", "to the frame", "longest"]
    print("## The page of a plan of 10,000 projects\n")
    print(table(head, rows))
    print(
        "\nSeconds of the processor for making, on the wall for reading, in a headless Chromium. To be under: Markdown"
        "\n2 s, HTML 5 s and 15 MB, first paint 2 s, first result of a search 100 ms after typing."
    )


def _question() -> Question:
    """Return the generated question, its attributes with maintainers as nixpkgs has them: few, of 400 people."""
    question = make_question(Shape(projects=10_000))
    attributes = tuple(
        replace(one, recipe=Recipe(maintainers=tuple({f"maintainer-{i * i % 400}", f"maintainer-{i % 37}"})))
        for i, one in enumerate(question.current.attributes)
    )
    return replace(question, current=replace(question.current, attributes=attributes))


def _make(plan: Plan, current: CurrentSet) -> Made:
    page, html = _timed(lambda: plan_page(plan, nearby(current)))
    _, markdown = _timed(lambda: plan_markdown(plan))
    return Made(plan, markdown, html, page)


def _timed(make: Callable[[], str]) -> tuple[str, float]:
    start = time.process_time()
    made = make()
    return made, time.process_time() - start


def _read(browser: Chrome, address: str) -> Iterator[tuple[float, float, list[tuple[float, float]]]]:
    """Yield for each turn: seconds to the first paint, milliseconds for the table, and those of each search."""
    for _ in range(TURNS):
        browser.get("about:blank")
        browser.get(f"{address}#view=summary")
        painted = browser.execute_async_script(PAINTED) / 1000
        shown, _ = browser.execute_async_script(TYPED, "project")
        searches = [tuple(browser.execute_async_script(TYPED, text)) for text in SEARCHES]
        yield painted, shown, searches


def _row(mode: str, made: Made, found: list[tuple[float, float, list[tuple[float, float]]]], one: float) -> list[str]:
    plan = made.plan
    rows = [search[0] for _, _, searches in found for search in searches]
    frames = [search[1] for _, _, searches in found for search in searches]
    return [
        f"mode {mode}",
        f"{len(plan.packages):,}",
        f"{len(plan.held):,}",
        f"{len(plan.relaxed):,}",
        f"{made.markdown:.2f}",
        f"{made.html:.2f}",
        f"{made.html / one:.1f}",
        f"{len(made.page.encode()) / 1e6:.1f}",
        f"{median(painted for painted, _, _ in found):.2f}",
        f"{median(shown for _, shown, _ in found):.0f}",
        f"{median(rows):.0f}",
        f"{median(frames):.0f}",
        f"{max(frames):.0f}",
    ]


if __name__ == "__main__":
    main()
