"""What was done with a plan after it was drafted, each act with who, when and why.

Acts are written down and never changed; a plan's state is what the last of them left.
"""

from dataclasses import dataclass
from datetime import date, datetime

HELD, RESUMED, SLOWED_DOWN, STEPPED_BACK, SKIPPED = "held", "resumed", "slowed_down", "stepped_back", "skipped"
STOPPED, COMPLETED, REPLACED = "stopped", "completed", "replaced"
ACTS = (HELD, RESUMED, SLOWED_DOWN, STEPPED_BACK, SKIPPED, STOPPED, COMPLETED, REPLACED)
SIGNING_ACTS = (RESUMED, SLOWED_DOWN, STEPPED_BACK, SKIPPED)
"""Acts that make a new version and sign it at once."""
EVENT_WORDS = {
    "drafted": "drafted",
    "redrafted": "drawn again",
    "signed": "signed",
    HELD: "held",
    RESUMED: "resumed",
    SLOWED_DOWN: "slowed down",
    STEPPED_BACK: "stepped back",
    SKIPPED: "a step skipped",
    STOPPED: "stopped",
    COMPLETED: "completed",
    REPLACED: "replaced",
    "cut_short": "remaining steps cancelled",
    "step_confirmed": "step confirmed",
}
"""What every event of a plan is called."""


def event_words(kind: str, *, is_signed: bool) -> str:
    """A draft that was stopped was discarded: it never ran."""
    return "discarded" if kind == STOPPED and not is_signed else EVENT_WORDS.get(kind, kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAct:
    """One of ACTS. by: "" where time alone did it. held_on: the first day of a hold."""

    id: int
    kind: str
    at: datetime
    by: str = ""
    reason: str = ""
    held_on: date | None = None
