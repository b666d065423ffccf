"""Which words does a plan use for states, outcomes and classes?"""

from typing import Literal

State = Literal["unchanged", "updated", "held", "downgraded", "added"]
Status = Literal["optimal", "feasible", "conflict"]
RiskClass = Literal["lifted", "precautionary", "deliberate", "pin", "exclusion", "override"]
EdgeKind = Literal["run", "build"]
"""Whether a requirement is there to run its depender or to build it."""
CHEAP: tuple[RiskClass, ...] = ("lifted", "precautionary")
RISKY: tuple[RiskClass, ...] = ("deliberate", "pin", "exclusion")
