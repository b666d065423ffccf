"""How are the summary and the forecast of a crawl told?"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from coset import terminal


def print_summary(summary: Mapping[str, Any]) -> None:
    """Print what a crawl did; the parts of each number stand below it and add up to it."""
    rows: list[tuple[str, int]] = [("projects", sum(summary["pages"].values()))]
    rows += [(f"  {how}", number) for how, number in summary["pages"].items()]
    rows += [("projects added by the closure", len(summary["added"]))]
    rows += [("  left out by --closure-limit", len(summary["left_out"]))] if summary["left_out"] else []
    rows += [("releases on their pages", summary["listed"])]
    rows += [(f"  not wanted: {reason}", number) for reason, number in summary["skipped"].items()]
    rows += [("releases whose metadata was wanted", summary["planned"])]
    rows += [(f"  known from {rung}", number) for rung, number in summary["known"].items()]
    rows += [(f"  unknown: {reason}", number) for reason, number in summary["unknown"].items()]
    rows += [("  left for another day", summary["left"])] if summary["left"] else []
    rows += [("requirements that no release meets", len(summary["unmet"]))] if summary["unmet"] else []
    rows += _counted("problems recorded", summary["problems"]) + _counted("changes seen", summary["changes"])
    rows += [("requests", summary["requests"]), ("bytes received", summary["bytes"])]
    held = summary["dataset"]
    rows += [("the dataset now holds projects", held["projects"]), ("  releases", held["releases"])]
    rows += [("  of these only listed", held["listed"])]
    for label, number in rows:
        terminal.print_line(f"{label:<44}{number:>14,}")
    if summary["stopped"] is not None:
        how = " with --contact" if summary["needs_contact"] else ""
        terminal.print_line(f"stopped: {summary['stopped']}; run the same command again{how} to go on")


def _counted(label: str, numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(label, sum(numbers.values())), *((f"  {code}", number) for code, number in numbers.items())]


def print_forecast(forecast: Mapping[str, Any]) -> None:
    """Print what a crawl would ask for."""
    about = "at least about" if forecast["unknown"] else "about"
    rows = [
        ("projects", forecast["projects"]),
        ("  up to date, with nothing to ask for", forecast["settled"]),
        ("  pages to ask for", forecast["pages"]),
        ("  never read so far", forecast["unread"]),
        ("projects that the closure is known to add", forecast["further"]),
        ("releases whose metadata is to be read", forecast["releases"]),
        ("  and on pages that were never read, about", forecast["guessed"]),
        (f"requests, {about}", forecast["requests"]),
    ]
    for label, number in rows:
        terminal.print_line(f"{label:<44}{number:>14,}")
    seconds = round(forecast["seconds"])
    terminal.print_line(f"{f'time at these rates, {about}':<44}{dt.timedelta(seconds=seconds)!s:>14}")
    for text in forecast["unknown"]:
        terminal.print_line(f"not known: {text}")
    for text in forecast["notes"]:
        terminal.print_line(f"note: {text}")
    terminal.print_line(f"the index was asked for {'its list of projects' if forecast['asked'] else 'nothing'} so far")
