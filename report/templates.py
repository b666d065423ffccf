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
{{ row("relaxations, " ~ (risk | judged) ~ (" (" ~ already ~ " already in nixpkgs)" if already else ""), number) }}
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
- mode: {{ plan.mode | code }}
- targets: {{ plan.targets | codes }}
{% for name, value in plan.dataset %}
- {{ name | replace("_", " ") }}: {{ value | code }}
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
{{ row(one.attribute | code, one.current | code, one.new | code, "yes" if one.newest is none else one.newest | code) }}
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
{{ row(one.attribute | code, one.current | code, one.new | code, one.newest and one.newest | code) }}
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
{{- SPACE if loop.first else COMMA }}{{ name | code }} ({{ number }})
{%- endfor %}.

{% endif %}
{% if plan.held is long %}
{{ fold(count(plan.held | length, "hold")) }}
{% endif %}
{% for hold in plan.held %}
{% set move = moves[hold.project] %}
- {{ hold.attribute | code }}
{%- if move is undefined or move is none %} stays at {{ hold.chosen | code }}
{%- elif move.down %} goes back from {{ move.current | code }} to {{ hold.chosen | code }}
{%- else %} moves from {{ move.current | code }} to {{ hold.chosen | code }} only
{%- endif %}; the newest candidate is {{ hold.newest | code }}
{% for one in obstacles(hold) %}
{% if one.own %}
  - [ ] {{ hold.project | release(hold.newest) }} itself needs {{ one.requirement | code }}, and the plan
{%- if one.risk == "missing" %} does not hold it
{%- else %} has {{ one.chosen | code }}
{%- endif %} ({{ one.risk | judged }})
{% elif one.number == 1 %}
  - [ ] {{ one.dependers | releases }} needs {{ one.requirement | code }} ({{ one.risk | judged }})
{% else %}
  - [ ] {{ one.number }} projects need {{ one.requirement | code }} ({{ one.risk | judged }}):
{{- SPACE }}{{ one.dependers | releases }}{% if one.others %} and {{ count(one.others, "other") }}{% endif %}

{% endif %}
{% else %}
  - no requirement keeps it back by itself; an earlier goal of the mode {{ plan.mode | code }} weighs more
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
Each list holds all that the plan needs of an attribute; a name that is there for an extra outside the plan stays.

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
- [{% if one.new %} {% else %}x{% endif %}] {{ one.attribute | release(one.version) }}
{%- if not one.new %}: nothing to do, nixpkgs relaxes {{ "it" if one.edges | length == 1 else "them" }} already
{%- endif %}

{% for edge in one.edges %}
  - {{ (edge.spelling ~ edge.specifier ~ ("; " ~ edge.marker if edge.marker else "")) | code }} meets
{{- SPACE }}{{ edge.chosen | code }}{% if edge.extra %} (through the extra {{ edge.extra | code }}){% endif %}:
{{- SPACE }}{{ edge.risk | judged }}{% if edge.already %}, already there{% endif %}; {{ edge.evidence | sentence }}
{% endfor %}
{% for name, other in one.hits %}
  - Warning: the hook does not look at a name's end, so {{ name | code }} also relaxes {{ other | code }}.
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
- [ ] {{ edges[0].dependency | release(edges[0].chosen) }} is too old for
{%- for edge in edges %}
{{- SPACE if loop.first else COMMA }}{{ edge.attribute | release(edge.version) }} ({{ edge.specifier | code }})
{%- endfor %}

{% else %}
Nothing has to be updated first.
{% endfor %}
"""

ADDED = """\

## To be added

Projects that the plan needs and nixpkgs' set does not hold.

{% for one in plan.added %}
- [ ] {% if one.version is none %}{{ one.attribute | code }}: the dataset does not hold it
{%- else %}{{ ("python3Packages." ~ one.attribute ~ ": init at " ~ one.version) | code }}
{%- endif %}

{% for project, version, requirement in one.because[:listed] %}
  - {{ project | release(version) }} needs {{ requirement | code }}
{% endfor %}
{% if one.because | length > listed %}
  - {{ count(one.because | length - listed, "other requirement") }}
{% endif %}
{% else %}
Nothing to be added.
{% endfor %}
{% if plan.dropped %}

To be removed: {{ plan.dropped | codes }}.
{% endif %}
"""

STALE = """\

## Stale relaxations

Names in `pythonRelaxDeps` that the plan does not need.

{% if plan.stale_relaxations is long %}
{{ fold(count(plan.stale_relaxations | length, "stale relaxation")) }}
{% endif %}
{% for one in plan.stale_relaxations %}
- [ ] {{ one.attribute | code }}: remove {{ one.name | code }}; {{ one.reason | sentence }}
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
### {{ app.application | release(app.version) }}

Recommendation: **{{ app.recommendation }}**, because {{ app.reason | sentence }}

- It uses {{ count(app.uses, "attribute") }} of the set
{%- if app.exclusive %}; {{ app.exclusive | length }} of them nobody else uses: {{ app.exclusive | codes }}
{%- endif %}.
{% if app.python is not none %}
- It fixes Python {{ app.python | code }}
{%- if app.unsupported %}, which cannot run {{ count(app.unsupported | length, "chosen release") }}:
{%- for project, version, needs in app.unsupported %}
{{- SPACE if loop.first else COMMA }}{{ project | release(version) }} ({{ needs | code }})
{%- endfor %}
{%- endif %}.
{% endif %}
{% if app.violated %}
- The plan violates {{ count(app.violated | length, "upper part") }} on its side:
{% for edge in app.violated %}
  - {{ edge | edge_text }} ({{ edge.risk | judged }}{{ ", already there" if edge.already else "" }})
{% endfor %}
{% else %}
- The plan violates no upper part on its side.
{% endif %}
{% if app.obeyed %}
- {{ count(app.obeyed | length, "hold") }} of others
{{- SPACE }}that {{ verb(app.obeyed | length, "vanishes", "vanish") }} without it:
{% for hold in app.obeyed %}
  - {{ hold.attribute | code }} at {{ hold.chosen | code }} instead of {{ hold.newest | code }}
{% endfor %}
{% else %}
- No hold of others vanishes without it.
{% endif %}
{% if app.newer %}
- {{ count(app.newer | length, "project") }} newer without it:
{% for one in app.newer %}
  - {{ one.project | code }} at {{ one.without | code }} instead of {{ one.together | code }}
{% endfor %}
{% endif %}
{% if app.coherent %}
- {{ count(app.coherent | length, "relaxation") }} of others
{{- SPACE }}that {{ verb(app.coherent | length, "vanishes", "vanish") }} without it:
{% for edge in app.coherent %}
  - {{ edge | edge_text }} ({{ edge.risk | judged }})
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
- {{ cycle | codes }}
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
{{- SPACE if loop.first else COMMA }}{{ one.project | release(one.version) }}
{%- if one.requirement is not none %} ({{ one.requirement | code }}){% endif %}
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
- {{ one.attribute | code }} (chosen: {{ one.chosen | code }}): {{ one.versions | codes }} ({{ one.reason }})
{% endfor %}

{{ UNFOLD }}
{% else %}
No newer release is excluded.
{% endif %}
"""

CONFLICT = """\
# Plan for nixpkgs' Python set

{{ status }}

- mode: {{ plan.mode | code }}
- targets: {{ plan.targets | codes }}
{% for name, value in plan.dataset %}
- {{ name | replace("_", " ") }}: {{ value | code }}
{% endfor %}

## Why there is no set

These cannot all hold. Without any one of them a set would exist.

{% for line in plan.conflict.core %}
- {{ line | sentence }}
{% else %}
No reason is recorded.
{% endfor %}

## The cheapest way out

A set exists when these are given up.

{% for line in plan.conflict.correction %}
- [ ] {{ line | sentence }}
{% else %}
No way out is recorded.
{% endfor %}
"""

PLAN = (SUMMARY, UPDATES, HELD, RELAXED, UPDATE_FIRST, ADDED, STALE, VENDORING, CYCLES, UNKNOWN, EXCLUDED)
"""The sections of a plan, in their order."""
