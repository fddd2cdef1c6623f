"""A plan as it is on file: one version with its steps, its state and the acts that moved it.

The rules read it through `history`; how a version follows another stands in `plan_versions`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from titration.domain.plan_acts import PlanAct
from titration.domain.regimen import Regimen


class PlanKind(StrEnum):
    TITRATION = "titration"
    TAPER = "taper"


class PlanState(StrEnum):
    """A plan's life: draft -> (signed and) running -> held | completed | stopped; a newer version replaces it."""

    DRAFT = "draft"
    RUNNING = "running"
    HELD = "held"
    COMPLETED = "completed"
    STOPPED = "stopped"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step of a plan: from a date, a regimen; state is planned, started, held, stepped_back, skipped or done."""

    id: str
    number: int
    starts_on: date
    regimen: Regimen
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry:
    """One version of a plan with its steps in date order.

    held_on: first day of the hold while HELD. ended_on: first day on which its steps no longer count (stopped,
    replaced, completed: None). A step that had started before goes on as the prescribed regimen until a regimen
    change or another plan's step. products: the codes of what its doses are made of.
    """

    id: str
    number: int
    version: int
    kind: PlanKind
    state: PlanState
    steps: tuple[PlannedStep, ...]
    drafted_at: datetime
    drafted_by: str
    signed_at: datetime | None = None
    signed_by: str = ""
    held_on: date | None = None
    ended_on: date | None = None
    content_hash: str = ""
    acts: tuple[PlanAct, ...] = ()
    products: tuple[str, ...] = ()
