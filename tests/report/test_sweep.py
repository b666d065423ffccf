"""A sweep as lines, Markdown and JSON; hostile names stay text."""

import re

import pytest

from report.parts import whole
from report.sweep import sweep_document, sweep_json, sweep_lines, sweep_summary
from solver.batches import batches
from solver.ease import Effect, Loosened, Shift, Update

HOSTILE = "2.0`|<b>@octocat #1\x1b[2J\n"


def made(name, ease="free", *shifts, after="2.0", **facts):
    update = Update(project=name, attribute=name, before="1.0", after=after)
    own = Shift(project=name, attribute=name, before="1.0", after=after)
    moves = (own, *shifts)
    return Effect(
        **{
            "update": update,
            "ease": ease,
            "proven": True,
            "shifts": moves,
            "loosened": (),
            "breaks": (),
            "mended": 0,
            "built": 3,
            "kernels": (("linux", 6),),
            "applications": (),
            "touched": tuple(sorted(one.project for one in moves)),
            "around": (),
            **facts,
        }
    )


LOOSE = Loosened(
    project="app",
    attribute="app",
    version="1.0",
    dependency="lib",
    specifier="<2",
    chosen="2.0",
    risk="precautionary",
    already=False,
)
EFFECTS = (
    made("alone", mended=1, applications=("calibre",)),
    made("big", kernels=(("linux", 900),), proven=False),
    made("lib", "relaxing", loosened=(LOOSE,), touched=("app", "lib")),
    made(
        "pair",
        "others",
        Shift(project="half", attribute="half", before="1.0", after="2.0"),
        Shift(project="new", attribute="new", before=None, after="1.0"),
        Shift(project="far", attribute="far", before=None, after="3.0", elsewhere=True),
    ),
    made("fixed", "vendoring", breaks=("office fixes Python 3.12, and fixed 2.0 requires Python >=3.13",)),
    made("stuck", "impossible", breaks=("stuck 2.0 requires lib>=9, and would meet lib 1.0", "another one")),
)
DIED = (Update(project="heavy", attribute="heavy", before="1.0", after="3.0"),)

LINES = """\
free (2):
  alone  1.0 -> 2.0  mends 1 bound; rebuilds 3 attributes and calibre
  big    1.0 -> 2.0  rebuilds 3 attributes (staging); not proven least
with relaxations (1):
  lib    1.0 -> 2.0  relaxes lib<2 of app (precautionary); rebuilds 3 attributes
with other projects (1):
  pair   1.0 -> 2.0  with half 2.0; adds new 1.0; needs from nixpkgs outside this extract far 3.0; rebuilds 3 attributes
with vendoring (1):
  fixed  1.0 -> 2.0  office fixes Python 3.12, and fixed 2.0 requires Python >=3.13; rebuilds 3 attributes
impossible (1):
  stuck  1.0 -> 2.0  stuck 2.0 requires lib>=9, and would meet lib 1.0; and 1 more
no answer: heavy 1.0 -> 3.0: its workers died
batches, whose updates do not touch each other:
  1. free, 2 updates: alone, big
  2. with relaxations, 1 update: lib
  3. with other projects, 1 update: pair
  4. with vendoring, 1 update: fixed
7 updates are available: 2 free, 1 with relaxations, 1 with other projects, 1 with vendoring, 1 impossible, 1 without \
an answer, for its workers died
"""

MARKDOWN = """\
# Updates of nixpkgs' Python set

7 updates are available: 2 free, 1 with relaxations, 1 with other projects, 1 with vendoring, 1 impossible, 1 without \
an answer, for its workers died.

- dataset: `abc`

## Batches

The updates of one batch do not touch each other: no package file is changed by two of them, and what one moves, no \
other moves or needs. Each batch can be one change; after it is merged, sweep again.

1. *free*, 2 updates: `alone 2.0`, `big 2.0`
2. *with relaxations*, 1 update: `lib 2.0`
3. *with other projects*, 1 update: `pair 2.0`
4. *with vendoring*, 1 update: `fixed 2.0`

## Free

Nothing else changes.

| attribute | now | newest | takes | rebuilds at least | applications | branch |
|---|---|---|---|---|---|---|
| `alone` | `1.0` | `2.0` | mends 1 bound | 3 | `calibre` | master |
| `big` | `1.0` | `2.0` | not proven least | 3 | – | staging |

## With relaxations

No other project moves, but upper parts that others state must be relaxed.

| attribute | now | newest | takes | rebuilds at least | applications | branch |
|---|---|---|---|---|---|---|
| `lib` | `1.0` | `2.0` | relaxes `lib<2` of `app` (precautionary) | 3 | – | master |

## With other projects

Other projects must move along or be added.

| attribute | now | newest | takes | rebuilds at least | applications | branch |
|---|---|---|---|---|---|---|
| `pair` | `1.0` | `2.0` | with `half 2.0`; adds `new 1.0`; needs from nixpkgs outside this extract `far 3.0` \
| 3 | – | master |

## With vendoring

An application fixes an interpreter that cannot run the update, so it needs a private version.

| attribute | now | newest | takes | rebuilds at least | applications | branch |
|---|---|---|---|---|---|---|
| `fixed` | `1.0` | `2.0` | office fixes Python 3.12, and fixed 2.0 requires Python `>=3.13` | 3 | – | master |

## Impossible

No set contains the update: it would violate a lower part, or what no plan may violate.

| attribute | now | newest | takes | rebuilds at least | applications | branch |
|---|---|---|---|---|---|---|
| `stuck` | `1.0` | `2.0` | stuck 2.0 requires `lib>=9`, and would meet lib 1.0; another one | – | – | – |

## Without an answer

The workers that tried these died.

- `heavy 3.0`
"""


def test_lines():
    assert "\n".join((*sweep_lines(EFFECTS, batches(EFFECTS), DIED), "")) == LINES


def test_markdown():
    assert whole(sweep_document(EFFECTS, batches(EFFECTS), DIED, (("dataset", "abc"),))) == MARKDOWN


def test_nothing_at_all():
    assert sweep_summary(()) == "0 updates are available"
    assert whole(sweep_document((), ())) == "# Updates of nixpkgs' Python set\n\n0 updates are available.\n"
    assert sweep_json((), ())["summary"] == {"free": 0, "relaxing": 0, "others": 0, "vendoring": 0, "impossible": 0}


@pytest.mark.parametrize("ease", ["free", "relaxing", "others", "vendoring", "impossible"])
def test_hostile_text_stays_text(ease):
    shift = Shift(project="x", attribute="x", before=None, after=HOSTILE)
    loose = Loosened(**{name: getattr(LOOSE, name) for name in Loosened.__slots__} | {"specifier": HOSTILE})
    one = made("evil", ease, shift, after=HOSTILE, loosened=(loose,), breaks=(HOSTILE,))
    text = whole(sweep_document([one], batches([one]), [one.update], (("dataset", HOSTILE),)))
    outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text.replace("\\`", ""))  # without the code spans
    assert "\x1b" not in text
    assert "<b>" not in outside
    assert "@octocat" not in outside
    rows = [line for line in text.splitlines() if line.startswith("| ") and "evil" in line]
    assert len(rows) == 1
    assert rows[0].replace("\\|", "").count("|") == 8


def test_json():
    found = sweep_json(EFFECTS, batches(EFFECTS), DIED, (("dataset", "abc"),))
    assert found["rests_on"] == {"dataset": "abc"}
    assert found["updates"][2]["loosened"][0]["specifier"] == "<2"
    assert found["died"] == [{"project": "heavy", "before": "1.0", "after": "3.0"}]
