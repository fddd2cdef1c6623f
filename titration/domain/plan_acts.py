"""What was done with a plan after it was drafted, each act with who, when and why.

Acts are written down and never changed; a plan's state is what the last of them left.
"""

from dataclasses import dataclass
from datetime import date, datetime

HELD, RESUMED, STEPPED_BACK = "held", "resumed", "stepped_back"
STOPPED, COMPLETED, REPLACED = "stopped", "completed", "replaced"
ACTS = (HELD, RESUMED, STEPPED_BACK, STOPPED, COMPLETED, REPLACED)
SIGNING_ACTS = (RESUMED, STEPPED_BACK)
"""Acts that make a new version and sign it at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAct:
    """One of ACTS. by: "" where time alone did it. held_on: the first day of a hold."""

    id: int
    kind: str
    at: datetime
    by: str = ""
    reason: str = ""
    held_on: date | None = None
