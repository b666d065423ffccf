// What is told of one project, and at length? Its facts, its picture, and why it has its version.

function showProject(number, host) {
  const one = packageOf(number);
  const told = [["attribute", code(one.attribute)]];
  if (one.current) told.push(["current version", code(one.current)]);
  told.push(["in the plan", one.version ? code(one.version) : "not known"]);
  told.push(["newest candidate", one.newest ? code(one.newest) : "not known"]);
  const maintainers = namesOf(facts.maintainers, facts.maintained, number);
  if (maintainers.length) told.push(["maintainers", maintainers.join(", ")]);
  const applications = namesOf(facts.applications, facts.used, number);
  if (applications.length) told.push(["used by", applications.join(", ")]);
  const pairs = told.flatMap(([name, value]) => [make("dt", null, name), make("dd", null, value)]);
  const picture = make("div", { class: "picture" });
  const [why, ...others] = entries(storyOf(number)).map(grouped()).filter(Boolean);
  host.replaceChildren(
    heading(one.name, badge(one.state, STATE_TONES[one.state])),
    make("div", { class: "project entries" }, make("dl", { class: "facts" }, ...pairs), why, picture, ...others),
  );
  const { before, after } = around(number);
  if (before.length + after.length) {
    const graph = make("div", { class: "graph" });
    picture.append(make("h3", null, `Around it${TODAY && `,${TODAY}`}`), graph);
    return drawnInto(graph, (width) => {
      const { picture: drawn, marks } = neighbourhood(number, width);
      return [drawn, marks.size > 1 || !marks.has(0) ? marksLegend(marks) : ""];
    });
  }
  return () => {};
}

/** A heading and its list become one part, which the style places as a whole. */
function grouped() {
  let title = null;
  return (one) => {
    if (one.tagName === "H3") {
      title = one;
      return null;
    }
    return make("section", null, title, one);
  };
}

function showDocument(spec, host) {
  const graphs = spec.name === "conflict" ? facts.conflicts.map((edges) => [make("div", { class: "graph" }), edges]) : [];
  host.replaceChildren(
    heading(spec.title),
    make("p", { class: "lead" }, spec.lead),
    make("div", { class: "entries" }, ...graphs.map(([graph]) => graph), ...entries(spec.entries)),
  );
  const ends = graphs.map(([graph, edges]) => drawnInto(graph, (width) => [conflictPicture(edges, width)]));
  return () => ends.forEach((end) => end());
}

/** Draw a picture as wide as its place, again where the place changes; the answer ends that. */
function drawnInto(host, drawing) {
  let drawn = 0;
  const again = () => {
    const width = Math.round(host.clientWidth);
    if (width && width !== drawn) host.replaceChildren(...drawing(width));
    drawn = width;
  };
  const observer = new ResizeObserver(again);
  observer.observe(host);
  again();
  return () => observer.disconnect();
}
