"""A real Chromium for tests, driven over WebDriver; it asks no network for anything."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService

_FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"),
    *("--disable-extensions", "--disable-default-apps", "--hide-scrollbars", "--force-color-profile=srgb"),
)


def browser_programs() -> tuple[str, str] | None:
    """Return where Chromium and its driver are, or None where one of them is missing."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


@contextmanager
def real_browser(profile: Path) -> Iterator[Chrome]:
    """Start Chromium with a fresh profile, skip the test where it is missing, and fail where that is CI's fault."""
    found = browser_programs()
    if found is None:
        missing = "chromium or chromedriver is missing; ./system-packages.sh installs them"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    options = ChromeOptions()
    options.binary_location = found[0]
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = Chrome(options=options, service=ChromeService(found[1], env={**os.environ, "HOME": str(profile)}))
    try:
        yield browser
    finally:
        browser.quit()
