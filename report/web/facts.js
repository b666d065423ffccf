// What does the page know? The facts that it carries, and what follows from them for every project.

const facts = JSON.parse(document.getElementById("facts").textContent);
const { projects, packages, states } = facts;
const STATE_TONES = { unchanged: "calm", updated: "good", held: "hold", downgraded: "bad", added: "plan" };

const numberOf = new Map(projects.map((name, number) => [name, number]));
const documentOf = new Map(facts.documents.map((one) => [one.name, one]));
const tableOf = new Map(facts.tables.map((one) => [one.name, one]));

const dependers = projects.map(() => []);
facts.dependencies.forEach((row, depender) => row.forEach((dependency) => dependers[dependency].push(depender)));

/** What the plan says of the edge between two projects: the mark and the requirement; the first one of several. */
const markOf = new Map();
for (const [depender, dependency, mark, requirement] of facts.marks) {
  const key = `${depender} ${dependency}`;
  if (!markOf.has(key)) markOf.set(key, { mark, requirement });
}

function packageOf(number) {
  const [attribute, current, version, newest, state] = packages[number];
  return { number, name: projects[number], attribute, current, version, newest, state: states[state] };
}

/** Names of what has a project, such as its maintainers. */
function namesOf(names, rows, number) {
  return rows.length ? rows[number].map((one) => names[one]) : [];
}
