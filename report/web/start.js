// What does the address ask for? The part after # names a project (#project=numpy) or a view with its search and filters.

const byId = (id) => document.getElementById(id);
const [summary, view, tabs, filters, search, statusLine] = ["summary", "view", "tabs", "filters", "search", "status"].map(byId);
const CHOICES = {
  state: { every: "any state", known: [...states.map((name) => [name, name]), ["changed", `changed: ${facts.changed.map((one) => states[one]).join(", ")}`]] },
  risk: { every: "any risk class", known: facts.risks },
  application: { every: "any application", known: facts.applications.map((name) => [name, name]) },
  maintainer: { every: "any maintainer", known: facts.maintainers.map((name) => [name, name]) },
};
const KEPT = ["q", ...Object.keys(CHOICES)]; // what goes along from table to table
const FORMER = { __proto__: null, "passed-over": "excluded" }; // views that older links call otherwise
const TITLE = document.title;
const PAUSE = 300; // browsers refuse to have the address written at every key

let address = new URLSearchParams();
let unwritten = 0;
let open = null; // the table that is shown: its name and what showTable answered
let end = () => {};
let barHeight = "0px";
let scrolled = 0; // how far, known without asking: an answer would have to wait for a layout

function viewOf(asked) {
  const name = asked.has("project") ? "project" : asked.get("view") ?? "summary";
  return FORMER[name] ?? name;
}

/** Show what the address asks for; nothing here asks how large anything is, so that the browser finds that out once. */
function show() {
  const name = viewOf(address);
  const table = tableOf.get(name);
  if (open?.name !== name) close();
  summary.hidden = name !== "summary";
  view.hidden = name === "summary";
  statusLine.hidden = !table;
  readFilters(table);
  const title = name === "summary" ? "" : table ? shownTable(name, table) : shownAtLength(name);
  document.title = title ? `${title} – ${TITLE}` : TITLE;
  labelTabs(name);
}

function shownTable(name, table) {
  if (!open) {
    open = { name, shown: showTable(table, view, sortBy) };
    open.shown.hangUnder(barHeight);
  }
  const wanted = { q: address.get("q") ?? "", sort: Math.trunc(Number(address.get("sort"))) || 0 };
  if (Math.abs(wanted.sort) > table.columns.length) wanted.sort = 0;
  for (const [filter, { known }] of Object.entries(CHOICES)) wanted[filter] = known.findIndex(([value]) => value === address.get(filter));
  const number = open.shown.update(wanted);
  statusLine.textContent = `${counted(number)} of ${counted(table.rows.length)}`;
  return table.title;
}

function shownAtLength(name) {
  end();
  uncover(view);
  const number = numberOf.get(address.get("project"));
  if (name === "project" && number !== undefined) {
    end = showProject(number, view);
    return projects[number];
  }
  if (documentOf.has(name)) {
    end = showDocument(documentOf.get(name), view);
    return documentOf.get(name).title;
  }
  const what = address.get("project") ?? name;
  end = () => {};
  view.replaceChildren(heading("Not in this plan"), make("p", { class: "lead" }, "The plan has nothing called ", code(what.slice(0, 200)), "."));
  return "Not in this plan";
}

/** Let the browser know at once that a part is no longer hidden: it complains when something inside is looked at first. */
function uncover(part) {
  void getComputedStyle(part).contentVisibility;
}

function close() {
  open?.shown.close();
  open = null;
  end();
  end = () => {};
}

/** Go where the address leads, as a link or the browser's own buttons do: to the heading, or where the reader was. */
function arrive(height) {
  clearTimeout(unwritten);
  unwritten = 0;
  address = new URLSearchParams(location.hash.slice(1));
  show();
  const shown = summary.hidden ? view : summary;
  uncover(shown);
  shown.querySelector("h2").focus({ preventScroll: true });
  window.scrollTo(0, height);
  if (shown === summary) getReady(SEARCHED);
}

/** Ask the table that is shown, or that of all projects, for something else; the focus stays where it is. */
function ask(changes) {
  const before = scrolled;
  const fresh = !tableOf.has(viewOf(address));
  if (fresh) address = new URLSearchParams({ view: "projects" });
  for (const [name, value] of Object.entries(changes)) {
    if (value) address.set(name, value);
    else address.delete(name);
  }
  if (fresh) history.pushState(null, "", `#${address}`);
  else {
    clearTimeout(unwritten);
    unwritten = setTimeout(write, PAUSE);
  }
  show();
  if (before) window.scrollTo(0, Math.min(before, tabs.offsetTop + tabs.offsetHeight));
}

function write() {
  clearTimeout(unwritten);
  unwritten = 0;
  history.replaceState(history.state, "", `#${address}`);
}

function sortBy(at) {
  const now = Number(address.get("sort")) || 0;
  ask({ sort: { [at + 1]: `${-at - 1}`, [-at - 1]: "" }[now] ?? `${at + 1}` });
}

/** Show the filters that mean something here, with what the address chose. */
function readFilters(table) {
  if (search.value.trim() !== (address.get("q") ?? "")) search.value = address.get("q") ?? "";
  for (const [name, { known }] of Object.entries(CHOICES)) {
    const select = byId(name);
    const meant = { state: table?.states !== undefined, risk: Boolean(table?.risks) || table?.risk_at !== undefined }[name] ?? true;
    select.parentElement.hidden = !table || !known.length || !meant;
    const chosen = known.some(([value]) => value === address.get(name)) ? address.get(name) : "";
    if (select.value !== chosen) select.value = chosen;
  }
  byId("reset").hidden = !KEPT.some((name) => address.has(name));
}

function labelTabs(name) {
  for (const tab of tabs.children) {
    const there = new URLSearchParams({ view: tab.dataset.view });
    if (tableOf.has(tab.dataset.view)) KEPT.forEach((kept) => address.has(kept) && there.set(kept, address.get(kept)));
    tab.href = `#${there}`;
    if (tab.dataset.view === name) {
      if (tab.hasAttribute("aria-current")) continue;
      tab.setAttribute("aria-current", "page");
      requestAnimationFrame(() => {
        tabs.scrollLeft = Math.max(0, tab.offsetLeft + tab.offsetWidth - tabs.offsetLeft - tabs.clientWidth);
      });
    } else tab.removeAttribute("aria-current");
  }
}

/** What is made and laid out, out of sight, before anybody searches from the summary: texts, filters, the table of all. */
const SEARCHED = [
  () => prepareTexts(tableOf.get("projects")),
  ...Object.values(CHOICES).flatMap(({ known }, at) => (known.length ? [() => layOut(filters.querySelectorAll(".kept")[at])] : [])),
  () => {
    if (viewOf(address) === "summary" && !open) shownTable("projects", tableOf.get("projects"));
  },
  () => layOut(view),
];

/** Lay out what is hidden: shown and hidden again before the browser draws anything, it keeps its layout. */
function layOut(element) {
  if (!element.hidden) return;
  element.hidden = false;
  void element.offsetHeight;
  element.hidden = true;
}

/** Take one step after the other, each when the browser has time and in a task of its own: a key waits for one at most. */
function getReady([step, ...others]) {
  whenIdle(() => {
    const left = step() === true ? [step, ...others] : others;
    if (left.length) getReady(left);
  });
}

function makeTabs() {
  const first = ["conflict", "projects", "held", "relaxations"].flatMap((name) => documentOf.get(name) ?? tableOf.get(name) ?? []);
  const more = [...facts.documents, ...facts.tables].filter((one) => !first.includes(one));
  const all = [{ name: "summary", title: "Summary" }, ...first, ...more];
  tabs.append(...all.map((one) => make("a", { "data-view": one.name, href: `#view=${one.name}` }, one.title,
    one.rows ? make("small", null, counted(one.rows.length)) : null)));
}

function makeFilters() {
  for (const [name, { every, known }] of Object.entries(CHOICES)) {
    const select = byId(name);
    select.append(make("option", { value: "" }, every), ...known.map(([value, words]) => make("option", { value }, words)));
    select.addEventListener("change", () => ask({ [name]: select.value }));
  }
  search.addEventListener("input", (event) => {
    ask({ q: search.value.trim() });
    requestAnimationFrame(() => performance.measure("search", { start: event.timeStamp }));
  });
  search.addEventListener("keydown", (event) => {
    if (["Enter", "ArrowDown"].includes(event.key)) {
      event.preventDefault();
      open?.shown.focusFirst();
    }
  });
  filters.addEventListener("submit", (event) => event.preventDefault());
  byId("reset").addEventListener("click", () => {
    ask(Object.fromEntries(KEPT.map((name) => [name, ""])));
    search.focus();
  });
  new ResizeObserver(() => {
    const height = `${filters.offsetHeight}px`;
    if (height === barHeight) return;
    barHeight = height;
    open?.shown.hangUnder(barHeight);
    document.documentElement.style.scrollPaddingTop = `calc(${height} + 3rem)`;
  }).observe(filters);
}

/** The button for light and dark: the system decides until it is used, and then what was chosen is remembered. */
function makeTheme() {
  const button = byId("theme");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  try {
    chosen = localStorage.getItem("coset-theme");
  } catch {
    // some browsers keep nothing for pages from a disk
  }
  const now = () => (["light", "dark"].includes(chosen) ? chosen : dark.matches ? "dark" : "light");
  const apply = () => {
    if (chosen) document.documentElement.dataset.theme = now();
    button.textContent = now() === "dark" ? "Light" : "Dark";
    button.setAttribute("aria-label", `Change to ${now() === "dark" ? "light" : "dark"} colours`);
  };
  button.addEventListener("click", () => {
    chosen = now() === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("coset-theme", chosen);
    } catch {
      // it lasts as long as the page
    }
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
  button.hidden = false;
}

makeTheme();
makeTabs();
makeFilters();
tabs.hidden = filters.hidden = false;
history.scrollRestoration = "manual";
document.addEventListener("click", (event) => {
  const to = event.target.closest?.("a[href^='#']");
  if (!to || to.getAttribute("href") === "#main") return;
  if (unwritten) write();
  history.replaceState({ height: window.scrollY }, "");
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.("input, select")) return;
  event.preventDefault();
  search.focus();
  search.select();
});
window.addEventListener("scroll", () => {
  scrolled = window.scrollY;
}, { passive: true });
window.addEventListener("popstate", (event) => {
  if (location.hash !== "#main") arrive(event.state?.height ?? 0);
});
address = new URLSearchParams(location.hash.slice(1));
show();
document.addEventListener("DOMContentLoaded", () => {
  if (viewOf(address) === "project") show(); // what is told of it has come
});
new PerformanceObserver((_, painted) => {
  painted.disconnect();
  getReady(SEARCHED); // what is seen comes first
}).observe({ type: "paint", buffered: true });
