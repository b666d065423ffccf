"""What does plan.md look like? One template per section, in the order of the report.

Expressions are quoted by the environment (:mod:`report.markdown`) unless they are Markdown already; the words between
them are ours. A list that ``is long`` is folded away.
"""

SUMMARY = """\
# Plan for nixpkgs' Python set

{{ status }}

| what | number |
|---|--:|
{{ row("projects in the set", plan.packages | length) }}
{% for state, number in counts.items() %}
{{ row("held where it was" if state == "held" else state, number) }}
{% endfor %}
{{ row("held below the newest candidate, moved or not", plan.held | length) }}
{% for risk, number, already in relaxations_by_class %}
{{ row("relaxations, " ~ judged(risk) ~ (" (" ~ already ~ " already in nixpkgs)" if already else ""), number) }}
{% endfor %}
{{ row("update first", plan.update_first | length) }}
{{ row("to be added", plan.added | length) }}
{{ row("stale relaxations", plan.stale_relaxations | length) }}
{{ row("unknown", plan.unknown | length) }}

{% if levels %}
| goal, most important first | value | proven bound |
|---|--:|--:|
{% for level in levels %}
{{ row(level_words[level.name] or level.name, level.value, level.bound) }}
{% endfor %}

{% endif %}
- mode: {{ code(plan.mode) }}
- targets: {{ codes(plan.targets) }}
{% for name, value in plan.dataset %}
- {{ name | replace("_", " ") }}: {{ code(value) }}
{% endfor %}
"""

UPDATES = """\

## Updates

Projects that become newer.

{% if updates %}
{% if updates is long %}
{{ fold(count(updates | length, "update")) }}
{% endif %}
| attribute | current | new | newest? |
|---|---|---|---|
{% for one in updates %}
{{ row(code(one.attribute), code(one.current), code(one.new), "yes" if one.newest is none else code(one.newest)) }}
{% endfor %}
{% if updates is long %}

{{ UNFOLD }}
{% endif %}
{% else %}
Nothing to update.
{% endif %}
{% if downgrades %}

{{ count(downgrades | length, "project becomes", "projects become") }} older:

| attribute | current | new | newest |
|---|---|---|---|
{% for one in downgrades %}
{{ row(code(one.attribute), code(one.current), code(one.new), one.newest and code(one.newest)) }}
{% endfor %}
{% endif %}
"""

HELD = """\

## Held

Projects kept below their newest candidate, with the requirements that the newest candidate would break.

{% if not plan.held %}
Nothing is held.
{% else %}
{% if strongest %}
These keep the most projects back:
{%- for name, number in strongest %}
{{- SPACE if loop.first else COMMA }}{{ code(name) }} ({{ number }})
{%- endfor %}.

{% endif %}
{% if plan.held is long %}
{{ fold(count(plan.held | length, "hold")) }}
{% endif %}
{% for hold in plan.held %}
{% set move = moves[hold.project] %}
- {{ code(hold.attribute) }}
{%- if move is undefined or move is none %} stays at {{ code(hold.chosen) }}
{%- elif move.down %} goes back from {{ code(move.current) }} to {{ code(hold.chosen) }}
{%- else %} moves from {{ code(move.current) }} to {{ code(hold.chosen) }} only
{%- endif %}; the newest candidate is {{ code(hold.newest) }}
{% for one in obstacles(hold) %}
{% if one.own %}
  - [ ] {{ release(hold.project, hold.newest) }} itself needs {{ code(one.requirement) }}, and the plan
{%- if one.risk == "missing" %} does not hold it
{%- else %} has {{ code(one.chosen) }}
{%- endif %} ({{ judged(one.risk) }})
{% elif one.number == 1 %}
  - [ ] {{ release(*one.dependers[0]) }} needs {{ code(one.requirement) }} ({{ judged(one.risk) }})
{% else %}
  - [ ] {{ one.number }} projects need {{ code(one.requirement) }} ({{ judged(one.risk) }}):
{{- SPACE }}{{ releases(one.dependers) }}{% if one.others %} and {{ count(one.others, "other") }}{% endif %}

{% endif %}
{% else %}
  - no requirement keeps it back by itself; an earlier goal of the mode {{ code(plan.mode) }} weighs more
{% endfor %}
{% endfor %}
{% if plan.held is long %}

{{ UNFOLD }}
{% endif %}
{% endif %}
"""

RELAXED = """\

## Relaxations

Upper parts that the plan violates. Names are spelled as METADATA spells them, because nixpkgs' hook does not normalise.

{% if not relax_deps %}
Nothing to relax.
{% else %}
{% for risk, _, _ in relaxations_by_class %}
- **{{ risk }}** ({{ price(risk) }}): {{ classes[risk] }}
{% endfor %}

{% if relax_deps is long %}
{{ fold(count(relax_deps | length, "attribute")) }}
{% endif %}
{% for one in relax_deps %}
- [{% if one.new %} {% else %}x{% endif %}] {{ release(one.attribute, one.version) }}
{%- if not one.new %}: nothing to do, nixpkgs relaxes {{ "it" if one.edges | length == 1 else "them" }} already
{%- endif %}

{% for edge in one.edges %}
  - {{ code(edge.spelling ~ edge.specifier ~ ("; " ~ edge.marker if edge.marker else "")) }} meets
{{- SPACE }}{{ code(edge.chosen) }}{% if edge.extra %} (through the extra {{ code(edge.extra) }}){% endif %}:
{{- SPACE }}{{ judged(edge.risk) }}{% if edge.already %}, already there{% endif %}; {{ sentence(edge.evidence) }}
{% endfor %}
{% for name, other in one.hits %}
  - Warning: the hook does not look at a name's end, so {{ code(name) }} also relaxes {{ code(other) }}.
{% endfor %}
{% if one.new %}

{{ fence(one.lines, "nix", "  ") }}

{% endif %}
{% endfor %}
{% if relax_deps is long %}

{{ UNFOLD }}
{% endif %}
{% endif %}
"""

UPDATE_FIRST = """\

## Update first

Violated lower parts. They are never relaxed: the dependency has to be updated before its depender is right.

{% for _, edges in plan.update_first | groupby("dependency") %}
- [ ] {{ release(edges[0].dependency, edges[0].chosen) }} is too old for
{%- for edge in edges %}
{{- SPACE if loop.first else COMMA }}{{ release(edge.attribute, edge.version) }} ({{ code(edge.specifier) }})
{%- endfor %}

{% else %}
Nothing has to be updated first.
{% endfor %}
"""

ADDED = """\

## To be added

Projects that the plan needs and nixpkgs' set does not hold.

{% for one in plan.added %}
- [ ] {% if one.version is none %}{{ code(one.attribute) }}: the dataset does not hold it
{%- else %}{{ code("python3Packages." ~ one.attribute ~ ": init at " ~ one.version) }}
{%- endif %}

{% for project, version, requirement in one.because[:listed] %}
  - {{ release(project, version) }} needs {{ code(requirement) }}
{% endfor %}
{% if one.because | length > listed %}
  - {{ count(one.because | length - listed, "other requirement") }}
{% endif %}
{% else %}
Nothing to be added.
{% endfor %}
{% if plan.dropped %}

To be removed: {{ codes(plan.dropped) }}.
{% endif %}
"""

STALE = """\

## Stale relaxations

Names in `pythonRelaxDeps` that the plan does not need.

{% if plan.stale_relaxations is long %}
{{ fold(count(plan.stale_relaxations | length, "stale relaxation")) }}
{% endif %}
{% for one in plan.stale_relaxations %}
- [ ] {{ code(one.attribute) }}: remove {{ code(one.name) }}; {{ sentence(one.reason) }}
{% else %}
Nothing is stale.
{% endfor %}
{% if plan.stale_relaxations is long %}

{{ UNFOLD }}
{% endif %}
"""

VENDORING = """\

## Vendoring

What each application costs the shared set, and whether private versions would pay. Private versions cost security
support: nixpkgs gives it only to what is not vendored.

{% for app in plan.vendoring %}
### {{ release(app.application, app.version) }}

Recommendation: **{{ app.recommendation }}**, because {{ sentence(app.reason) }}

- It uses {{ count(app.uses, "attribute") }} of the set
{%- if app.exclusive %}; {{ app.exclusive | length }} of them nobody else uses: {{ codes(app.exclusive) }}
{%- endif %}.
{% if app.python is not none %}
- It fixes Python {{ code(app.python) }}
{%- if app.unsupported %}, which cannot run {{ count(app.unsupported | length, "chosen release") }}:
{%- for project, version, needs in app.unsupported %}
{{- SPACE if loop.first else COMMA }}{{ release(project, version) }} ({{ code(needs) }})
{%- endfor %}
{%- endif %}.
{% endif %}
{% if app.violated %}
- The plan violates {{ count(app.violated | length, "upper part") }} on its side:
{% for edge in app.violated %}
  - {{ edge_text(edge) }} ({{ judged(edge.risk) }}{{ ", already there" if edge.already else "" }})
{% endfor %}
{% else %}
- The plan violates no upper part on its side.
{% endif %}
{% if app.obeyed %}
- {{ count(app.obeyed | length, "hold") }} of others
{{- SPACE }}that {{ verb(app.obeyed | length, "vanishes", "vanish") }} without it:
{% for hold in app.obeyed %}
  - {{ code(hold.attribute) }} at {{ code(hold.chosen) }} instead of {{ code(hold.newest) }}
{% endfor %}
{% else %}
- No hold of others vanishes without it.
{% endif %}
{% if app.newer %}
- {{ count(app.newer | length, "project") }} newer without it:
{% for one in app.newer %}
  - {{ code(one.project) }} at {{ code(one.without) }} instead of {{ code(one.together) }}
{% endfor %}
{% endif %}
{% if app.coherent %}
- {{ count(app.coherent | length, "relaxation") }} of others
{{- SPACE }}that {{ verb(app.coherent | length, "vanishes", "vanish") }} without it:
{% for edge in app.coherent %}
  - {{ edge_text(edge) }} ({{ judged(edge.risk) }})
{% endfor %}
{% endif %}
{% if not loop.last %}

{% endif %}
{% else %}
No application is named.
{% endfor %}
"""

CYCLES = """\

## Cycles

Projects that require each other; they are updated together.

{% for cycle in plan.cycles %}
- {{ codes(cycle) }}
{% else %}
There are no cycles.
{% endfor %}
"""

UNKNOWN = """\

## Unknown metadata

What nobody could read. It constrains nothing, so the plan rests on it without proof.

{% for reason, those in plan.unknown | groupby("reason") %}
{% if those is long %}
{{ fold(reason ~ ": " ~ count(those | length, "entry", "entries")) }}
{% endif %}
- {{ reason }} ({{ those | length }}):
{%- for one in those %}
{{- SPACE if loop.first else COMMA }}{{ release(one.project, one.version) }}
{%- if one.requirement is not none %} ({{ code(one.requirement) }}){% endif %}
{%- endfor %}

{% if those is long %}

{{ UNFOLD }}
{% endif %}
{% else %}
Everything is known.
{% endfor %}
"""

EXCLUDED = """\

## Excluded releases

Releases newer than the chosen one that are no candidates.

{% if skipped %}
{{ fold(count(skipped | length, "entry", "entries")) }}
{% for one in skipped %}
- {{ code(one.attribute) }} (chosen: {{ code(one.chosen) }}): {{ codes(one.versions) }} ({{ one.reason }})
{% endfor %}

{{ UNFOLD }}
{% else %}
None.
{% endif %}
"""

CONFLICT = """\
# Plan for nixpkgs' Python set

{{ status }}

- mode: {{ code(plan.mode) }}
- targets: {{ codes(plan.targets) }}
{% for name, value in plan.dataset %}
- {{ name | replace("_", " ") }}: {{ code(value) }}
{% endfor %}

## Why there is no set

These cannot all hold. Without any one of them a set would exist.

{% for line in plan.conflict.core %}
- {{ sentence(line) }}
{% else %}
No reason is recorded.
{% endfor %}

## The cheapest way out

A set exists when these are given up.

{% for line in plan.conflict.correction %}
- [ ] {{ sentence(line) }}
{% else %}
No way out is recorded.
{% endfor %}
"""

PLAN = (SUMMARY, UPDATES, HELD, RELAXED, UPDATE_FIRST, ADDED, STALE, VENDORING, CYCLES, UNKNOWN, EXCLUDED)
"""The sections of a plan, in their order."""
