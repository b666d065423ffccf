// How are ten thousand rows shown? Only those in sight are in the document; two empty rows stand for all others.

const BESIDE = 12; // rows kept above and below what is in sight
const PRINTED = 1000; // rows that go onto paper
const SLICE = 500; // rows made ready at a time, while nobody waits
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

  columns.forEach((column, at) => {
    table.firstChild.append(make("col", { class: `col-${column.kind}${placeOf(column)}` }));
    const button = make("button", { type: "button" }, column.title);
    button.addEventListener("click", () => changed(at));
    head.append(make("th", { scope: "col", class: cellClass(column) }, button));
  });

  function row(position) {
    const cells = rows[order[position]];
    const made = make("tr", { "aria-rowindex": position + 2 });
    columns.forEach((column, at) => made.append(cell(column, cells[at])));
    return made;
  }

  function space(count) {
    const made = make("tr", { class: "space", "aria-hidden": "true" }, make("td"));
    made.firstChild.style.height = `${count * height}px`;
    return made;
  }

  /** Put the rows between two positions into the document, with room for all others. */
  function put(first, last) {
    if (first === from && last === to) return;
    const longer = first === from && last > to; // those that are there stay
    if (longer && to < order.length) body.lastChild.remove();
    const made = [];
    if (!longer && first > 0) made.push(space(first));
    for (let position = longer ? to : first; position < last; position += 1) made.push(row(position));
    if (last < order.length) made.push(space(order.length - last));
    if (longer) body.append(...made);
    else body.replaceChildren(...made);
    [from, to] = [first, last];
  }

  function inSight() {
    asked = false;
    if (closed || paper) return;
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
    requestAnimationFrame(() => window.scrollY ? inSight() : setTimeout(inSight));
    return order.length;
  }

  /** Look once how high a row is here. */
  function measure() {
    const found = body.querySelector("tr:not(.space)")?.getBoundingClientRect().height;
    measured = Boolean(found);
    if (!found || Math.abs(found - height) < 0.1) return;
    height = found;
    from = to = -1;
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

function cell(column, value) {
  const classes = cellClass(column);
  if (column.kind === "badge") return make("td", { class: classes }, badge(column.words[value], column.tones[value]));
  if (column.kind === "project" && typeof value === "number") return make("td", { class: classes }, link(value));
  const text = typeof value === "number" ? counted(value) : value;
  return make("td", { class: classes, title: text.length > 20 ? text : null }, text === "" ? "–" : text);
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

/** Make a table's texts while the browser has nothing else to do, so that the first search need not; then go on. */
function prepare(spec, then) {
  whenIdle((deadline) => {
    let made = 0;
    do made = textsOf(spec, SLICE).length;
    while (made < spec.rows.length && deadline?.timeRemaining() > 5);
    if (made < spec.rows.length) prepare(spec, then);
    else whenIdle(then);
  });
}

function whenIdle(run) {
  if (window.requestIdleCallback) requestIdleCallback(run, { timeout: 1000 });
  else setTimeout(run);
}

/** The positions of the rows that are wanted, in the order that is wanted. */
function chosenRows(spec, texts, wanted) {
  const words = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = [];
  if (words.length) tests.push((at) => words.every((word) => texts[at].includes(word)));
  if (wanted.state >= 0 && spec.states !== undefined) tests.push((at) => spec.rows[at][spec.states] === wanted.state);
  if (wanted.risk >= 0 && spec.risks) tests.push((at) => spec.risks[at].includes(wanted.risk));
  if (wanted.risk >= 0 && spec.risk_at !== undefined) tests.push((at) => spec.rows[at][spec.risk_at] === wanted.risk);
  if (wanted.application >= 0) tests.push((at) => facts.used[spec.rows[at][0]]?.includes(wanted.application));
  if (wanted.maintainer >= 0) tests.push((at) => facts.maintained[spec.rows[at][0]]?.includes(wanted.maintainer));
  const found = [];
  for (let at = 0; at < spec.rows.length; at += 1) if (tests.every((test) => test(at))) found.push(at);
  if (wanted.sort) return sorted(spec, found, wanted.sort);
  if (words.length) return nearest(texts, found, words[0]);
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
