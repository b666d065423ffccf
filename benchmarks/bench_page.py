"""How long does a plan of all nixpkgs take to become a page, and how long does its reader wait for the page?"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from operator import attrgetter
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
SEARCHES = ("project-01", "9", "077", "nothing at all")

TYPED = """
const [text, done] = arguments;
const field = document.getElementById("search");
field.value = text;
const start = performance.now();
field.dispatchEvent(new Event("input"));
requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
"""
PAINTED = """
const [done] = arguments;
const told = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
const look = () => { if (told() === undefined) setTimeout(look, 5); else done(told()); };
look();
"""
READY = """
const [done] = arguments;
const look = () => { if (document.querySelector("#view tbody tr")) done(); else setTimeout(look, 20); };
look();
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A plan as a page: processor seconds for Markdown and HTML, and the page."""

    plan: Plan
    markdown: float
    html: float
    page: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Milliseconds that a reader waits, such as from a key to the frame with what it found; those of the processor."""

    wall: float
    processor: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One turn of a reader.

    Attributes:
        paint: from the address to the first paint.
        hasty: a search as soon as the file has been read.
        first: a search that opens the table, when the page has come to rest.
        others: those that follow.
    """

    paint: Wait
    hasty: Wait
    first: Wait
    others: tuple[Wait, ...]


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
    for what in ("first paint", "search at once", "first search", "search"):
        head += [f"{what} ms", "of the processor"]
    head.append("longest")
    print("## The page of a plan of 10,000 projects\n")
    print(table(head, rows))
    print(
        "\nMaking is told in seconds of the processor, reading in milliseconds: on the wall, and of the page's"
        f"\nprocessor; medians of {TURNS} readers in a headless Chromium. A first search leads from the summary to the"
        "\ntable; at once is when the file has just been read, else the page is at rest. To be under: Markdown 2 s,"
        "\nHTML 5 s and 15 MB, first paint 2 s, first result of a search 100 ms after typing."
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


def _read(browser: Chrome, address: str) -> Iterator[Reading]:
    """Yield what each of several readers of a page waits for."""
    browser.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    for _ in range(TURNS):
        paint = _open(browser, address)
        hasty = _search(browser, "project")
        _open(browser, address)
        browser.execute_async_script(READY)
        first = _search(browser, "project")
        yield Reading(paint, hasty, first, tuple(_search(browser, text) for text in SEARCHES))


def _open(browser: Chrome, address: str) -> Wait:
    browser.get("about:blank")
    before = _processor(browser)
    browser.get(f"{address}#view=summary")
    return Wait(browser.execute_async_script(PAINTED), _processor(browser) - before)


def _search(browser: Chrome, text: str) -> Wait:
    before = _processor(browser)
    wall = browser.execute_async_script(TYPED, text)
    return Wait(wall, _processor(browser) - before)


def _processor(browser: Chrome) -> float:
    """Return the milliseconds that the page has had the processor for."""
    metrics = browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return 1000 * next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


_WALL = attrgetter("wall")
_PROCESSOR = attrgetter("processor")


def _row(mode: str, made: Made, found: list[Reading], one: float) -> list[str]:
    plan = made.plan
    searches = [search for reading in found for search in reading.others]
    waits = [
        [reading.paint for reading in found],
        [reading.hasty for reading in found],
        [reading.first for reading in found],
        searches,
    ]
    return [
        f"mode {mode}",
        f"{len(plan.packages):,}",
        f"{len(plan.held):,}",
        f"{len(plan.relaxed):,}",
        f"{made.markdown:.2f}",
        f"{made.html:.2f}",
        f"{made.html / one:.1f}",
        f"{len(made.page.encode()) / 1e6:.1f}",
        *(f"{median(get(one) for one in some):.0f}" for some in waits for get in (_WALL, _PROCESSOR)),
        f"{max(search.processor for search in searches):.0f}",
    ]


if __name__ == "__main__":
    main()
