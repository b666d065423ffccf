// What does the page know? The facts that it carries, and what follows from them for every project.

const facts = JSON.parse(document.getElementById("facts").textContent);
const { projects, states } = facts;
const STATE_TONES = { unchanged: "calm", updated: "good", held: "hold", downgraded: "bad", added: "plan" };

const numberOf = new Map(projects.map((name, number) => [name, number]));
const documentOf = new Map(facts.documents.map((one) => [one.name, one]));
const tableOf = new Map(facts.tables.map((one) => [one.name, one]));

/** What is worked out when it is first asked for: most readers begin with a search. */
function later(made) {
  let value;
  return () => (value ??= made());
}

/** The numbers of the projects that require each project: in the plan, or where nobody knows that, in nixpkgs today. */
const dependers = later(() => {
  const found = projects.map(() => []);
  facts.dependencies.forEach((row, depender) => row.forEach((dependency) => found[dependency].push(depender)));
  return found;
});

/** The numbers of the projects before and behind a project: who requires it and whom it requires, or is said to. */
function around(number) {
  const [before, after] = [new Set(dependers()[number]), new Set(facts.dependencies[number])];
  for (const [depender, dependency] of facts.marks) {
    if (dependency === number) before.add(depender);
    if (depender === number) after.add(dependency);
  }
  return { before: [...before], after: [...after] };
}

/** What the plan says of the edge between two projects: the mark and the requirement; the first one of several. */
const marked = later(() => {
  const found = new Map();
  for (const [depender, dependency, mark, requirement] of facts.marks) {
    const key = `${depender} ${dependency}`;
    if (!found.has(key)) found.set(key, { mark, requirement });
  }
  return found;
});

const TODAY = facts.edges === "today" ? " in nixpkgs today" : "";

function markOf(depender, dependency) {
  return marked().get(`${depender} ${dependency}`);
}

/** What the table of all projects says of one; what it leaves empty is not known. */
function packageOf(number) {
  const [, attribute, current, version, newest, state] = tableOf.get("projects").rows[number];
  return { number, name: projects[number], attribute, current, version, newest, state: states[state] };
}

/** The parts that tell of a project; none before the browser has read the document to its end, where they are. */
function storyOf(number) {
  if (document.readyState === "loading") return [];
  return storiesWith(number).map(([title, lines]) => [title, lines.map((line) => line.see ? lineAt(...line.see) : line)]);
}

function lineAt(number, part, line) {
  return storiesWith(number)[part][1][line];
}

const blocks = new Map();
function storiesWith(number) {
  const at = Math.floor(number / facts.at_once);
  if (!blocks.has(at)) blocks.set(at, JSON.parse(document.getElementById(`stories-${at}`).textContent));
  return blocks.get(at)[number % facts.at_once];
}

/** Names of what has a project, such as its maintainers. */
function namesOf(names, rows, number) {
  return rows.length ? rows[number].map((one) => names[one]) : [];
}
