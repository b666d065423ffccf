"""The page in a real Chromium: what a reader clicks and types, and what text from outside may never do."""

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from pageplans import CLOSER, IMAGE, LINKS, MARKUP, conflict_plan, page_plan, page_set
from realbrowser import real_browser
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from report.nearby import nearby
from report.page import plan_page

pytestmark = pytest.mark.system

FILLERS = 200
RATIOS = """
const channels = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
const light = (one) => { const c = one / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
const behind = (element) => {
  if (element.tagName === "text") {
    const box = element.parentElement.querySelector("rect");
    return channels(getComputedStyle(box).fill);
  }
  for (let at = element; at; at = at.parentElement) {
    const found = channels(getComputedStyle(at).backgroundColor);
    if (found.length === 3 || found[3] > 0) return found;
  }
  return [255, 255, 255];
};
const found = new Map();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || ["SCRIPT", "NOSCRIPT", "title"].includes(element.tagName)) continue;
  if (!element.checkVisibility()) continue;
  const style = getComputedStyle(element);
  const front = channels(element.tagName === "text" ? style.fill : style.color);
  const pair = [luminance(front), luminance(behind(element))].sort((one, other) => other - one);
  const key = `${element.tagName}.${element.getAttribute("class")}`;
  found.set(key, Math.min(found.get(key) ?? 99, (pair[0] + 0.05) / (pair[1] + 0.05)));
}
return Object.fromEntries(found);
"""


class Page:
    """The page in the browser, as its reader has it."""

    def __init__(self, browser, folder):
        self.browser, self.folder = browser, folder

    def open(self, address="#view=summary", name="plan.html", *, fresh=False):
        """Go to an address of the page, as a link does; a fresh page is read from the disk again."""
        file = f"file://{self.folder / name}"
        if fresh or self.browser.current_url.partition("#")[0] != file:
            self.browser.get("about:blank")
            self.browser.get(file + address)
        else:
            self.browser.execute_async_script(
                "const [address, done] = arguments; const before = location.href;"
                "addEventListener('hashchange', () => done(), { once: true });"
                "location.hash = address; if (location.href === before) done();",
                address,
            )
        return self

    def all(self, css):
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def one(self, css):
        return self.browser.find_element(By.CSS_SELECTOR, css)

    def texts(self, css):
        return self.browser.execute_script(
            "return [...document.querySelectorAll(arguments[0])].filter((one) => one.checkVisibility())"
            ".map((one) => one.textContent)",
            css,
        )

    def wait(self, test):
        WebDriverWait(self.browser, 20, 0.02).until(lambda _: test())

    def heading(self):
        return self.texts("main h2")[0]

    def projects(self):
        return self.texts("tbody tr:not(.space) td:first-child a")

    def press(self, *keys):
        ActionChains(self.browser, duration=0).send_keys(*keys).perform()

    def focused(self):
        return self.browser.switch_to.active_element

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def emulate(self, width=1400, height=900, scheme="light"):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        return self


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    (folder / "plan.html").write_text(plan_page(page_plan(FILLERS), nearby(page_set())), encoding="utf-8")
    (folder / "conflict.html").write_text(plan_page(conflict_plan()), encoding="utf-8")
    plan = page_plan(FILLERS)
    many = replace(plan.vendoring[0], exclusive=("scipy_1", *(f"filler-{i:05}" for i in range(FILLERS))))
    required = {"tensorflow": ("h5py", "filler-00007")}
    told = plan_page(replace(plan, vendoring=(many,)), replace(nearby(page_set()), required=required))
    (folder / "told.html").write_text(told, encoding="utf-8")
    with real_browser(tmp_path_factory.mktemp("profile")) as browser:
        browser.get("about:blank")
        browser.get_log("performance")  # the browser's own first page
        yield Page(browser, folder)


@pytest.fixture
def page(chromium):
    """Return the page; at the end nothing was complained about, and nothing but files was asked for."""
    chromium.emulate()
    yield chromium
    assert [entry["message"] for entry in chromium.browser.get_log("browser")] == []
    asked = set()
    for entry in chromium.browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            asked.add(message["params"]["request"]["url"].partition(":")[0])
    assert asked <= {"file", "data", "about"}


def test_search_finds_projects_and_requirements_and_says_how_many(page):
    page.open(fresh=True)
    assert page.heading() == "Summary"
    page.press("/")
    assert page.focused().get_attribute("id") == "search"
    page.press("sci")
    page.wait(lambda: page.projects() == ["scipy"])
    assert page.one("#status").text == "1 of 206"
    assert page.focused().get_attribute("id") == "search"
    page.press(Keys.BACKSPACE * 3, "filler-0012")
    page.wait(lambda: page.projects()[0] == "filler-00120")
    assert len(page.projects()) == 10
    page.wait(lambda: "q=filler-0012" in page.browser.current_url)
    page.one("a[data-view=relaxations]").click()
    page.wait(lambda: page.texts(".empty") == ["Nothing matches."])
    page.one("#reset").click()
    page.wait(lambda: page.projects() == ["tensorflow", "evil"])
    page.press("h5py<3.15")
    page.wait(lambda: page.projects() == ["tensorflow"])


def test_columns_sort_and_only_rows_in_sight_exist(page):
    page.open("#view=projects")
    header = "thead th:nth-child(4)"
    assert page.run("return document.querySelectorAll('tbody tr').length") < 60
    page.one(f"{header} button").click()
    assert page.one(header).get_attribute("aria-sort") == "ascending"
    assert page.texts("tbody tr:nth-child(-n+4) td:nth-child(4)")[1:] == ["1.0", "1.0", "1.1"]
    page.one(f"{header} button").click()
    assert page.one(header).get_attribute("aria-sort") == "descending"
    assert page.projects()[0] == "h5py"
    page.wait(lambda: "sort=-4" in page.browser.current_url)
    page.run("window.scrollTo(0, document.body.scrollHeight)")
    page.wait(lambda: "evil" in page.projects())
    assert page.run("return document.querySelectorAll('tbody tr').length") < 60
    assert page.one("table.rows").get_attribute("aria-rowcount") == "207"


def test_filters_leave_what_was_chosen(page):
    page.open("#view=projects")
    Select(page.one("#state")).select_by_visible_text("held")
    assert page.projects() == ["numpy", "scipy"]
    Select(page.one("#risk")).select_by_visible_text("deliberate, risky")
    assert page.projects() == ["numpy"]
    page.one("#reset").click()
    Select(page.one("#application")).select_by_visible_text("notebook")
    assert page.projects() == ["numpy", "pandas"]
    Select(page.one("#maintainer")).select_by_visible_text("ada")
    assert page.projects() == ["numpy"]
    page.wait(lambda: "maintainer=ada" in page.browser.current_url)
    page.open("#view=projects&application=notebook&maintainer=grace", fresh=True)
    assert page.projects() == ["numpy", "pandas"]
    assert page.one("#maintainer").get_attribute("value") == "grace"


def test_a_hold_leads_to_its_cause_and_the_cause_onward(page):
    page.open("#view=held")
    page.one("tbody a[href='#project=scipy']").click()
    page.wait(lambda: page.heading() == "scipy")
    assert page.focused().tag_name == "h2"
    assert "2.0 would break" in " ".join(page.texts(".lines"))
    page.one(".lines a[href='#project=numpy']").click()
    page.wait(lambda: page.heading() == "numpy")
    assert "pandas 2.0 needs numpy<2 (deliberate, risky)" in page.texts(".lines .lines li")
    assert page.browser.title.startswith("numpy – ")
    page.one(".graph a[href='#project=pandas']").click()
    page.wait(lambda: page.heading() == "pandas")
    page.browser.back()
    page.wait(lambda: page.heading() == "numpy")
    page.open("#project=h5py")
    assert page.heading() == "h5py"
    assert page.texts(".facts dd")[:2] == ["h5py", "3.14.0"]
    (away,) = page.all(".lines a[rel]")
    assert (away.text, away.get_attribute("rel")) == ("changelog", "noreferrer")
    assert away.get_attribute("href").replace("%27", "'") == LINKS.changelog
    page.open("#project=nosuch")
    assert page.heading() == "Not in this plan"


def test_an_address_of_a_project_tells_it_at_once_and_a_line_is_told_at_both_ends(page):
    told = "tensorflow 2.21.0 requires H5Py<3.15.0,>=3.11.0, and h5py 3.16.0 violates that: precautionary, cheap"
    for project in ("tensorflow", "h5py"):
        page.open(f"#project={project}", fresh=True)
        assert any(text.startswith(told) for text in page.texts(".lines > li"))


def test_the_first_search_finds_its_table_made(page):
    page.open(fresh=True)
    page.wait(lambda: page.run("return document.querySelectorAll('#view tbody tr').length") > 0)
    assert page.heading() == "Summary"
    assert page.projects() == []
    page.one("#search").send_keys("scipy")
    page.wait(lambda: page.projects() == ["scipy"])
    page.browser.back()
    page.wait(lambda: page.heading() == "Summary")
    assert page.projects() == []


def test_what_is_made_ahead_of_a_search_is_out_of_reach(page):
    page.open(fresh=True)
    page.wait(lambda: page.run("return document.querySelectorAll('#view tbody tr').length") > 0)
    tree = page.browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    names = [node.get("name", {}).get("value") for node in tree if not node["ignored"]]
    assert "Summary" in names
    assert {"evil", "any maintainer", "State"} & set(names) == set()
    assert page.run("return document.getElementById('view').offsetHeight") == 0
    page.press("/", Keys.TAB)
    assert page.focused().tag_name == "a"
    assert page.run("return document.activeElement.closest('#view') === null")


def test_a_row_that_tells_of_another_tells_all_of_it(page):
    told = "tbody tr:not(.space) td"
    page.open("#view=projects&q=numpy", fresh=True)
    fresh = page.texts(told)
    page.open("#view=projects&q=evil", fresh=True)
    page.press("/", Keys.BACKSPACE * 4, "nothing at all")
    page.wait(lambda: page.texts(".empty") == ["Nothing matches."])
    page.press(Keys.BACKSPACE * 14, "numpy")
    page.wait(lambda: page.texts(told) == fresh)
    assert page.run("return document.querySelectorAll('tbody td[title]').length") == 0
    assert page.one("tbody a").get_attribute("href").endswith("#project=numpy")


def test_the_focus_stays_in_a_row_while_others_come_and_go(page):
    page.open("#view=projects", fresh=True).press("/", Keys.ENTER)
    for _ in range(30):
        page.press(Keys.ARROW_DOWN)
        page.browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    assert page.run("return document.activeElement.closest('tr').getAttribute('aria-rowindex')") == "32"


def test_the_keyboard_is_enough(page):
    page.open("#view=projects&q=p")
    page.press("/", Keys.ENTER)
    page.wait(lambda: page.focused().text == "pandas")
    page.press(Keys.ARROW_DOWN)
    assert page.focused().text == "evil"
    page.press(Keys.ARROW_UP, Keys.ENTER)
    page.wait(lambda: page.heading() == "pandas")
    page.open("#view=projects", fresh=True).press("/", Keys.ENTER, Keys.END)
    page.wait(lambda: page.focused().text == "tensorflow")
    page.press(Keys.HOME)
    page.wait(lambda: page.focused().text == "evil")
    page.open("#project=numpy")
    reached = []
    for _ in range(8):
        page.press(Keys.TAB)
        reached.append(page.run("return document.activeElement.getAttribute('href')"))
    assert "#project=pandas" in reached


def test_outside_text_stays_text(page):
    for address in (
        "#view=summary",
        "#project=evil",
        "#view=applications",
        "#view=unknown",
        "#view=stale",
        "#view=relaxations",
    ):
        page.open(address)
        kinds = page.run("return [...document.scripts].map((one) => one.type)")
        assert (kinds.count(""), set(kinds)) == (1, {"", "application/json"})
        assert page.all("img, iframe, object, embed") == []
        assert "owned" not in page.browser.title
    page.open("#project=evil")
    assert page.texts(".facts dd")[0] == MARKUP
    assert page.texts(".facts dd")[1] == IMAGE
    assert page.texts(".facts dd")[2] == CLOSER
    assert page.texts(".facts dd")[3] == "numpy\\u202egnp.txt\\u2066"
    assert page.run("return document.documentElement.scrollWidth") <= 1400
    assert not any(re.search(r"[\x00-\x09\x0b-\x1f\u2028\u202e\u2066]", text) for text in page.texts("main"))
    page.open(f"#view=projects&q={IMAGE.replace('#', '%23')}&application=__proto__&sort=99")
    assert page.texts(".empty") == ["Nothing matches."]
    page.open("#project=__proto__")
    assert page.heading() == "Not in this plan"


def test_every_control_has_a_name_and_headings_follow_each_other(page):
    for address, name in (("#view=summary", "plan"), ("#view=projects", "plan"), ("#project=numpy", "plan")):
        page.open(address, f"{name}.html")
        tree = page.browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        roles = {"button", "link", "combobox", "searchbox", "textbox", "table", "navigation", "search", "form"}
        seen = [
            (node["role"]["value"], node.get("name", {}).get("value", "").strip())
            for node in tree
            if not node["ignored"] and node["role"]["value"] in roles
        ]
        assert {"button", "link", "navigation"} <= {role for role, _ in seen}
        # the bars of the summary are tables whose captions are those of their figures
        assert [role for role, text in seen if not text and role != "table"] == []
        levels = [
            int(tag[1])
            for tag in page.run(
                "return [...document.querySelectorAll('h1, h2, h3')].filter((one) => one.checkVisibility())"
                ".map((one) => one.tagName)"
            )
        ]
        assert levels[:2] == [1, 2]
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_text_is_readable_in_light_and_dark(page):
    for address, name in (
        *(("#view=summary", "plan"), ("#view=projects", "plan"), ("#view=relaxations", "plan")),
        *(("#project=numpy", "plan"), ("#view=conflict", "conflict")),
    ):
        page.open(address, f"{name}.html")
        for scheme in ("light", "dark"):
            ratios = page.emulate(scheme=scheme).run(RATIOS)
            assert len(ratios) > 8
            assert {key: ratio for key, ratio in ratios.items() if ratio < 4.5} == {}


def test_the_button_changes_the_colours_and_they_are_remembered(page):
    page.open(fresh=True)
    paper = "return getComputedStyle(document.body).backgroundColor"
    assert page.run(paper) == "rgb(255, 255, 255)"
    page.one("#theme").click()
    dark = page.run(paper)
    assert dark != "rgb(255, 255, 255)"
    page.open(fresh=True)
    assert page.run(paper) == dark
    assert page.one("#theme").get_attribute("aria-label") == "Change to light colours"
    page.run("localStorage.clear()")
    page.open(fresh=True)


def test_a_telephone_needs_no_sideways_scrolling_and_paper_has_the_rows(page):
    page.emulate(width=400, height=800)
    for address, name in (
        *(("#view=summary", "plan"), ("#view=projects", "plan"), ("#view=held", "plan"), ("#project=evil", "plan")),
        *(("#project=numpy", "plan"), ("#view=conflict", "conflict")),
    ):
        page.open(address, f"{name}.html")
        assert page.run("return document.documentElement.scrollWidth") <= 400
    page.emulate().open("#view=projects")
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert len(page.projects()) == FILLERS + 6
    page.run("window.dispatchEvent(new Event('afterprint'))")
    assert len(page.projects()) < 60


def test_the_picture_has_the_plan_s_edges_and_what_the_plan_says_of_others(page):
    page.open("#project=tensorflow", "told.html")
    assert page.texts(".picture h3") == ["Around it"]
    label = page.one(".graph svg").get_attribute("aria-label")
    assert label == "tensorflow: required by 0, requires 2"
    assert page.texts(".graph text:not(.under)") == ["tensorflow 2.21.0", "h5py 3.16.0", "filler-00007 1.7"]
    assert page.texts(".legend li") == ["requires", "requires, relaxed"]
    page.open("#project=numpy", "told.html")
    assert page.one(".graph svg").get_attribute("aria-label") == "numpy: required by 0, requires 0"
    assert "pandas 2.0" in page.texts(".graph text:not(.under)")
    page.open("#project=tensorflow")
    assert page.texts(".picture h3") == ["Around it, in nixpkgs today"]
    assert page.texts(".legend li")[0] == "requires in nixpkgs today"


def test_cards_lead_to_their_rows_and_names_that_are_left_out_open(page):
    page.open()
    page.one(".figures a[href$='state=changed']").click()
    page.wait(lambda: page.projects() == ["h5py"])
    assert page.one("#state").get_attribute("value") == "changed"
    page.open("#view=passed-over")
    assert page.heading() == "Excluded releases"
    page.open("#view=applications", "told.html")
    (names,) = page.all("details")
    assert names.text == "and 141 more"
    assert page.texts("details a") == []
    assert page.texts(".lines .lines > li")[0].startswith("scipy (scipy_1), filler-00000, ")
    page.one("summary").click()
    page.wait(lambda: page.texts("details a") == [f"filler-{i:05}" for i in range(59, 200)])


def test_paper_says_that_it_has_one_view(page):
    page.open("#view=held")
    assert not page.one(".paper").is_displayed()
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert page.one(".paper").text.startswith("This is the one view of the plan that was open")
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_a_conflict_is_drawn(page):
    page.open("#view=conflict", "conflict.html")
    assert page.heading() == "Conflict"
    assert {"the policy", "numpy", "scipy"} <= set(page.texts(".graph text:not(.under)"))
    assert len(page.all(".graph path")) >= 3
    page.one(".graph a[href='#project=numpy']").click()
    page.wait(lambda: page.heading() == "numpy")
