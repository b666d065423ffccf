// How are ten thousand rows shown? Only those in sight are in the document; two empty rows stand for all others.

const BESIDE = 12; // rows kept above and below what is in sight
const PRINTED = 1000; // rows that go onto paper
const SPARE = 100; // rows kept for later, when there are fewer for a while
const SLICE = 250; // rows made ready before looking at the time
const TURN = 8; // milliseconds that a task takes while nobody waits
const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Show a table in a host; the answer has update(wanted), which filters and sorts, and close(). */
function showTable(spec, host, changed) {
  const { columns, rows } = spec;
  const head = make("tr", { "aria-rowindex": "1" });
  const body = make("tbody");
  const label = "rows-title";
  const table = make("table", { class: "rows", "aria-labelledby": label }, make("colgroup"), make("thead", null, head), body);
  const empty = make("p", { class: "empty", hidden: true });
  const title = heading(spec.title);
  title.firstChild.id = label;
  host.replaceChildren(make("div", { class: "table-head" }, title, make("p", { class: "lead" }, spec.lead)), table, empty);
  let order = [];
  let height = 36;
  let from = -1;
  let to = -1;
  let asked = false;
  let paper = false;
  let closed = false;
  let measured = false;
  const shown = []; // the rows in the document: of the positions from, from + 1, ... to - 1
  const spare = [];
  const [above, below] = [space(), space()];

  columns.forEach((column, at) => {
    table.firstChild.append(make("col", { class: `col-${column.kind}${placeOf(column)}` }));
    const button = make("button", { type: "button" }, column.title);
    button.addEventListener("click", () => changed(at));
    head.append(make("th", { scope: "col", class: cellClass(column) }, button));
  });

  /** Let a row tell of a position; one that is there already is neither styled nor laid out from the start. */
  function tell(one, position) {
    const values = rows[order[position]];
    one.setAttribute("aria-rowindex", position + 2);
    columns.forEach((column, at) => fill(one.childNodes[at], column, values[at]));
    return one;
  }

  function row(position) {
    return tell(spare.pop() ?? make("tr", null, ...columns.map((column) => make("td", { class: cellClass(column) }))), position);
  }

  function drop(one) {
    one.remove();
    if (spare.length < SPARE) spare.push(one);
  }

  function space() {
    return make("tr", { class: "space", "aria-hidden": "true" }, make("td"));
  }

  /** Put the rows between two positions into the document; those that are there stay, or tell of other positions. */
  function put(first, last) {
    if (first === from && last === to) return;
    if (from >= 0 && first < to && last > from) {
      shown.splice(0, Math.max(0, first - from)).forEach(drop);
      shown.splice(Math.max(0, last - Math.max(first, from))).forEach(drop);
      from = Math.max(first, from);
    } else {
      shown.splice(last - first).forEach(drop);
      shown.forEach((one, at) => tell(one, first + at));
      from = first;
    }
    const [before, after] = [[], []];
    for (let position = first; position < from; position += 1) before.push(row(position));
    for (let position = from + shown.length; position < last; position += 1) after.push(row(position));
    if (shown.length) shown[0].before(...before);
    else body.prepend(...before);
    shown.unshift(...before);
    if (shown.length) shown.at(-1).after(...after);
    else body.prepend(...after);
    shown.push(...after);
    [from, to] = [first, last];
    leaveRoom();
  }

  /** Leave room for the rows that are not in the document. */
  function leaveRoom() {
    above.firstChild.style.height = `${from * height}px`;
    below.firstChild.style.height = `${(order.length - to) * height}px`;
    if (from === 0) above.remove();
    else if (!above.parentNode) body.prepend(above);
    if (to === order.length) below.remove();
    else if (!below.parentNode) body.append(below);
  }

  function inSight() {
    asked = false;
    if (closed || paper || host.hidden) return;
    if (!measured) measure();
    const top = -body.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / height) - BESIDE);
    const last = Math.ceil((top + window.innerHeight) / height) + BESIDE;
    put(Math.min(first, order.length), Math.min(Math.max(last, 0), order.length));
  }

  function soon() {
    if (!asked) requestAnimationFrame(inSight);
    asked = true;
  }

  /** Show other rows: at once as many as a window has at its top, those beside them after the browser has drawn. */
  function update(wanted) {
    order = chosenRows(spec, textsOf(spec), wanted);
    head.childNodes.forEach((one, at) => {
      const sorted = wanted.sort && Math.abs(wanted.sort) - 1 === at;
      if (sorted) one.setAttribute("aria-sort", wanted.sort > 0 ? "ascending" : "descending");
      else one.removeAttribute("aria-sort");
    });
    table.setAttribute("aria-rowcount", order.length + 1);
    table.hidden = order.length === 0;
    empty.hidden = order.length > 0;
    empty.textContent = rows.length ? "Nothing matches." : "There are none.";
    from = to = -1;
    put(0, Math.min(order.length, Math.ceil(window.innerHeight / height)));
    requestAnimationFrame(() => window.scrollY ? inSight() : whenIdle(inSight));
    return order.length;
  }

  /** Look once how high a row is here. */
  function measure() {
    const found = body.querySelector("tr:not(.space)")?.getBoundingClientRect().height;
    measured = Boolean(found);
    if (!found || Math.abs(found - height) < 0.1) return;
    height = found;
    leaveRoom();
  }

  /** Move the focus to the link of a row, and the row into sight. */
  function focus(position) {
    const at = Math.max(0, Math.min(position, order.length - 1));
    if (at < from || at >= to) {
      window.scrollBy(0, body.getBoundingClientRect().top + at * height - window.innerHeight / 2);
      inSight();
    }
    const found = body.querySelector(`tr[aria-rowindex="${at + 2}"] a`);
    if (found) found.focus();
    return Boolean(found);
  }

  function pressed(event) {
    const at = Number(event.target.closest("tr")?.getAttribute("aria-rowindex")) - 2;
    const page = Math.max(1, Math.floor(window.innerHeight / height) - 4);
    const step = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: order.length - 1 }[event.key];
    if (step === undefined || Number.isNaN(at) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (step < 0) document.getElementById("search").focus();
    else focus(step);
  }

  const printing = () => {
    if (host.hidden) return;
    paper = true;
    put(0, Math.min(order.length, PRINTED));
  };
  const printed = () => {
    paper = false;
    inSight();
  };
  body.addEventListener("keydown", pressed);
  window.addEventListener("scroll", soon, { passive: true });
  window.addEventListener("resize", soon);
  window.addEventListener("beforeprint", printing);
  window.addEventListener("afterprint", printed);
  return {
    update,
    focusFirst: () => focus(0),
    hangUnder: (top) => head.parentNode.style.setProperty("--bar-height", top), // of what uses it alone: all below is styled again
    close() {
      closed = true;
      window.removeEventListener("scroll", soon);
      window.removeEventListener("resize", soon);
      window.removeEventListener("beforeprint", printing);
      window.removeEventListener("afterprint", printed);
    },
  };
}

/** Columns that narrow places leave out. */
function placeOf(column) {
  return column.wide ? " wide" : column.middling ? " middling" : "";
}

function cellClass(column) {
  return `cell-${column.kind}${placeOf(column)}`;
}

/** Let a cell, empty or of another row of its column, say a value. */
function fill(cell, column, value) {
  const inner = cell.firstElementChild;
  if (column.kind === "badge") {
    if (inner) retell(inner, column.words[value]).className = `badge ${column.tones[value]}`;
    else cell.append(badge(column.words[value], column.tones[value]));
  } else if (column.kind === "project" && typeof value === "number") {
    if (inner) retell(inner, projects[value]).setAttribute("href", addressOf(value));
    else cell.replaceChildren(link(value));
  } else {
    const text = typeof value === "number" ? counted(value) : value;
    if (inner) inner.remove();
    retell(cell, text === "" ? "–" : text);
    if (text.length > 20) cell.setAttribute("title", text);
    else cell.removeAttribute("title");
  }
}

/** Say something in an element that has nothing but text; what says it already is left alone. */
function retell(element, text) {
  const node = element.firstChild;
  if (!node) element.append(text);
  else if (node.data !== text) node.data = text;
  return element;
}

/** The lower-case text of each row that the search looks at; made once for each table. */
const searched = new Map();
function textsOf(spec, most = Infinity) {
  if (!searched.has(spec.name)) searched.set(spec.name, []);
  const texts = searched.get(spec.name);
  if (texts.length === spec.rows.length) return texts;
  const looked = spec.columns.flatMap((one, at) => (one.kind === "project" || one.kind === "text" ? [at] : []));
  const end = Math.min(spec.rows.length, texts.length + most);
  while (texts.length < end) {
    const row = spec.rows[texts.length];
    let text = "";
    for (const at of looked) text += `${typeof row[at] === "number" ? projects[row[at]] : row[at]}\n`;
    texts.push(text.toLowerCase());
  }
  return texts;
}

/** Make some of a table's texts before anybody searches; whether there are more to make. */
function prepareTexts(spec) {
  const until = performance.now() + TURN;
  while (textsOf(spec, SLICE).length < spec.rows.length) if (performance.now() > until) return true;
  chosenRows(spec, textsOf(spec), { q: projects[0] ?? "" }); // once, so that the browser has compiled what searches
  return false;
}

/** Run something when the browser has time, and soon even where it has none. */
function whenIdle(run) {
  if (window.requestIdleCallback) requestIdleCallback(() => run(), { timeout: 50 });
  else setTimeout(run);
}

/** The positions of the rows that are wanted, in the order that is wanted. */
function chosenRows(spec, texts, wanted) {
  const words = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = [];
  const meant = states[wanted.state] ? [wanted.state] : facts.changed;
  if (wanted.state >= 0 && spec.states !== undefined) tests.push((at) => meant.includes(spec.rows[at][spec.states]));
  if (wanted.risk >= 0 && spec.risks) tests.push((at) => spec.risks[at].includes(wanted.risk));
  if (wanted.risk >= 0 && spec.risk_at !== undefined) tests.push((at) => spec.rows[at][spec.risk_at] === wanted.risk);
  if (wanted.application >= 0) tests.push((at) => facts.used[spec.rows[at][0]]?.includes(wanted.application));
  if (wanted.maintainer >= 0) tests.push((at) => facts.maintained[spec.rows[at][0]]?.includes(wanted.maintainer));
  let found = words.reduce((rows, word) => withWord(texts, rows, word), [...spec.rows.keys()]);
  for (const test of tests) found = found.filter(test);
  if (wanted.sort) return sorted(spec, found, wanted.sort);
  if (words.length) return nearest(texts, found, words[0]);
  return found;
}

function withWord(texts, rows, word) {
  const found = [];
  for (const at of rows) if (texts[at].includes(word)) found.push(at);
  return found;
}

function sorted(spec, found, sort) {
  const at = Math.abs(sort) - 1;
  const value = (row) => spec.rows[row][at];
  const number = (one, other) => value(one) - value(other);
  const word = (one, other) => collator.compare(value(one), value(other));
  const mixed = found.some((row) => typeof value(row) === "string");
  const named = (row) => (typeof value(row) === "number" ? projects[value(row)] : value(row));
  const name = (one, other) => (named(one) < named(other) ? -1 : Number(named(one) > named(other)));
  const order = !mixed ? number : spec.columns[at].kind === "project" ? name : word;
  found.sort((one, other) => (sort > 0 ? order(one, other) : order(other, one)) || one - other);
  return found;
}

/** Rows that begin with the word come first, those with the shortest names at the top: the exact name before all. */
function nearest(texts, found, word) {
  const byLength = [];
  const others = [];
  for (const at of found) {
    if (texts[at].startsWith(word)) (byLength[texts[at].indexOf("\n")] ??= []).push(at);
    else others.push(at);
  }
  return [...byLength.filter(Boolean), others].flat();
}
