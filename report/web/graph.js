// What is around a project, or behind a conflict? Boxes in columns with lines between; one below the other where it is
// narrow. Every box of a project is a link.

const MOST_NEIGHBOURS = 9;
const NARROW = 560;
const BOX = 40;
const MARKS = [`requires${TODAY}`, "requires, relaxed", "keeps from the newest candidate", "update first", "brings into the set"];

/** The picture of a project: who requires it on the left, what it requires on the right. */
function neighbourhood(number, width) {
  const those = around(number);
  const before = neighbours(those.before, (other) => markOf(other, number));
  const after = neighbours(those.after, (other) => markOf(number, other));
  const middle = projectBox(number, null);
  middle.middle = true;
  const edges = [];
  const side = (found, others, what) => {
    const boxes = found.map(({ other, told }) => projectBox(other, told));
    if (others) boxes.push({ text: `and ${counted(others)} more`, under: what });
    return boxes;
  };
  const left = side(before.shown, before.others, "that require it");
  const right = side(after.shown, after.others, "that it requires");
  left.forEach((box, at) => edges.push({ from: box, to: middle, mark: before.shown[at]?.told?.mark ?? 0 }));
  right.forEach((box, at) => edges.push({ from: middle, to: box, mark: after.shown[at]?.told?.mark ?? 0 }));
  const numbers = `: required by ${counted(dependers()[number].length)}, requires ${counted(facts.dependencies[number].length)}${TODAY}`;
  const label = `${projects[number]}${facts.edges ? numbers : ""}`;
  return { picture: pictured([left, [middle], right], edges, width, label), marks: new Set(edges.map((one) => one.mark)) };
}

/** Neighbours that the plan says something about come first, then those that most others require. */
function neighbours(all, told) {
  const known = all.map((other) => ({ other, told: told(other) }));
  known.sort((one, two) => Boolean(two.told) - Boolean(one.told) || dependers()[two.other].length - dependers()[one.other].length || one.other - two.other);
  const shown = known.slice(0, all.length === MOST_NEIGHBOURS + 1 ? all.length : MOST_NEIGHBOURS);
  return { shown, others: all.length - shown.length };
}

function projectBox(number, told) {
  const { name, version, state } = packageOf(number);
  return { text: version ? `${name} ${version}` : name, under: told ? told.requirement : state, number, tone: STATE_TONES[state] };
}

/** The picture of a core of a conflict: who requires what, from left to right. */
function conflictPicture(edges, width) {
  const boxes = new Map();
  const box = (name) => {
    if (!boxes.has(name)) boxes.set(name, { text: name, under: "", number: numberOf.get(name), tone: "calm" });
    return boxes.get(name);
  };
  const lines = edges.map(([who, whom, what]) => {
    box(who).under = [box(who).under, what].filter(Boolean).join(", ");
    return { from: box(who), to: box(whom), mark: 1 };
  });
  const layer = new Map([...boxes.values()].map((one) => [one, 0]));
  for (let round = 0; round < boxes.size; round += 1) {
    for (const { from, to } of lines) if (layer.get(to) <= layer.get(from) && layer.get(from) + 1 < boxes.size) layer.set(to, layer.get(from) + 1);
  }
  const layers = [];
  for (const [one, at] of layer) (layers[at] ??= []).push(one);
  for (const line of lines) line.bent = Math.abs(layer.get(line.to) - layer.get(line.from)) > 1;
  return pictured(layers.filter(Boolean), lines, width, "Which requirements contradict each other");
}

function pictured(layers, edges, width, label) {
  const narrow = width < NARROW;
  const shown = layers.filter((one) => one.length);
  const room = !narrow && edges.some((one) => one.bent) ? 40 : 0;
  const height = (narrow ? stacked(shown, width) : columned(shown, width)) + room;
  const paths = edges.map(({ from, to, mark, bent }) => draw("path", { class: `edge mark${mark}`, d: narrow ? elbow(from, to) : curve(from, to, bent) }));
  return draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": label }, ...paths, ...shown.flat().map(boxed));
}

function columned(layers, width) {
  const most = Math.max(...layers.map((one) => one.length));
  const height = Math.max(most, 1) * (BOX + 12) + 4;
  const gap = 56;
  const wide = Math.min(260, (width - 4 - gap * (layers.length - 1)) / layers.length);
  layers.forEach((boxes, column) => {
    const top = (height - boxes.length * (BOX + 12) + 12) / 2;
    boxes.forEach((box, at) => Object.assign(box, { x: 2 + column * (wide + gap), y: top + at * (BOX + 12), wide }));
  });
  return height;
}

function stacked(layers, width) {
  let y = 2;
  layers.forEach((boxes, depth) => {
    boxes.forEach((box) => {
      const x = 18 + Math.min(depth, 5) * 18;
      Object.assign(box, { x, y, wide: width - x - 2 });
      y += BOX + 8;
    });
    y += 8;
  });
  return y;
}

/** A line from one column to another; one that passes a column by is bent below its boxes. */
function curve(from, to, bent) {
  const forward = to.x >= from.x;
  const [x1, x2] = forward ? [from.x + from.wide, to.x] : [from.x, to.x + to.wide];
  const [y1, y2, half] = [from.y + BOX / 2, to.y + BOX / 2, (x1 + x2) / 2];
  if (bent) return `M${x1} ${y1}C${x1 + 60} ${y1 + 68} ${x2 - 60} ${y2 + 68} ${x2} ${y2}`;
  return `M${x1} ${y1}C${half} ${y1} ${half} ${y2} ${x2} ${y2}`;
}

function elbow(from, to) {
  const x = Math.min(from.x, to.x) - 10;
  return `M${from.x} ${from.y + BOX / 2}H${x}V${to.y + BOX / 2}H${to.x}`;
}

function boxed(box) {
  const fits = (text, size) => {
    const most = Math.floor((box.wide - 16) / size);
    return text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text;
  };
  const classes = `node ${box.number === undefined ? "" : box.tone}${box.middle ? " middle" : ""}`;
  const parts = [
    draw("title", null, box.under ? `${box.text}: ${box.under}` : box.text),
    draw("rect", { class: classes, x: box.x, y: box.y, width: box.wide, height: BOX, rx: 6 }),
    draw("text", { x: box.x + 8, y: box.y + (box.under ? 17 : 24) }, fits(box.text, 7.2)),
    box.under ? draw("text", { class: "under", x: box.x + 8, y: box.y + 32 }, fits(box.under, 6.2)) : null,
  ];
  if (box.number === undefined) return draw("g", null, ...parts);
  return draw("a", { href: addressOf(box.number), "aria-label": box.under ? `${box.text}: ${box.under}` : box.text }, ...parts);
}

/** What the kinds of lines in a picture mean. */
function marksLegend(marks) {
  return make("ul", { class: "legend" }, ...MARKS.flatMap((words, mark) => (marks.has(mark)
    ? [make("li", null, draw("svg", { width: 26, height: 8, "aria-hidden": "true" }, draw("path", { class: `edge mark${mark}`, d: "M0 4H26" })), words)]
    : [])));
}
