// How does text become part of the document? As text nodes and nothing else: no markup is ever read from the facts.

const SVG = "http://www.w3.org/2000/svg";

function make(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function draw(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((one) => one !== null && one !== undefined && one !== ""));
  return element;
}

function addressOf(number) {
  return `#project=${encodeURIComponent(projects[number])}`;
}

function link(number) {
  return make("a", { href: addressOf(number) }, projects[number]);
}

function code(text) {
  return make("code", null, text);
}

function badge(text, tone) {
  return make("span", { class: `badge ${tone}` }, text);
}

/** A link that leads away from the page; nothing is asked for until somebody follows it. */
function away(text, address) {
  return /^https?:/.test(address) ? make("a", { href: address, rel: "noreferrer" }, text) : text;
}

/** A line's segments: text as it is, a number as a link to its project, a list of one text as code, a link away, more. */
function segments(line) {
  return line.filter((one) => !below(one)).map((one) => {
    if (typeof one === "number") return link(one);
    if (typeof one === "string") return one;
    if (Array.isArray(one)) return code(one[0]);
    if (one.away) return away(...one.away);
    return make("details", null, make("summary", null, one.more[0]), make("span", null, ...segments(one.more[1])));
  });
}

function below(one) {
  return typeof one === "object" && "lines" in one;
}

function list(lines) {
  return make("ul", { class: "lines" }, ...lines.map((line) => {
    const lower = line.find(below);
    return make("li", null, ...segments(line), lower ? list(lower.lines) : null);
  }));
}

function entries(parts) {
  return parts.flatMap(([title, lines]) => [title ? make("h3", null, title) : null, list(lines)]).filter(Boolean);
}

const english = new Intl.NumberFormat("en");

function counted(number) {
  return english.format(number);
}

/** The heading of a view takes the focus when it is shown, so that a screen reader says where the reader is. */
function heading(text, ...more) {
  return make("div", { class: "title" }, make("h2", { tabindex: "-1" }, text), ...more);
}
