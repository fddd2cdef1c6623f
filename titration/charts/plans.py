"""Plans as lines: the one that is followed or drawn up now, and what earlier versions of it looked like.

A followed plan is drawn only where it is still ahead or where something else was taken; the taken line shows the rest.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from titration.charts.model import DoseLine, Run
from titration.domain.history import Day, DoseHistory
from titration.domain.record import PatientRecord, PlanEntry, PlanState
from titration.domain.regimen import Regimen

PLAN, GHOST = "plan", "ghost"
LAST_STEP_DAYS = 7
MOST_GHOSTS = 3
_SHOWN_STATES = {PlanState.RUNNING: 3, PlanState.HELD: 2, PlanState.DRAFT: 1}
_STATE_WORDS = {PlanState.RUNNING: "", PlanState.HELD: ", held", PlanState.DRAFT: ", draft"}


def plan_lines(
    record: PatientRecord,
    draft_steps: Sequence[tuple[date, Regimen]] | None,
    *,
    taken: DoseHistory,
    prescribed: DoseHistory,
    today: Day,
) -> list[DoseLine]:
    """Earlier versions first, so that the plan is drawn over them; beside a draft the followed one is earlier."""
    followed = _shown_plan(record.plans)
    ghosts = _earlier_versions(record.plans, followed)
    plan: DoseLine | None = None
    if draft_steps is not None:
        ghosts = [*ghosts, followed] if followed else ghosts
        plan = _line(PLAN, "plan, draft", list(draft_steps), prescribed)
    elif followed:
        label = f"plan, version {followed.version}{_STATE_WORDS[followed.state]}"
        plan = _ahead_or_different(_line(PLAN, label, _pairs(followed), prescribed), taken=taken, today=today)
    lines = [_line(GHOST, f"version {entry.version}", _pairs(entry), prescribed) for entry in ghosts]
    return [line for line in [*lines, plan] if line is not None and line.runs]


def _shown_plan(plans: Iterable[PlanEntry]) -> PlanEntry | None:
    known = [plan for plan in plans if plan.state in _SHOWN_STATES]
    return max(known, key=lambda plan: (_SHOWN_STATES[plan.state], plan.drafted_at), default=None)


def _earlier_versions(plans: Iterable[PlanEntry], shown: PlanEntry | None) -> list[PlanEntry]:
    if shown is None:
        return []
    earlier = [plan for plan in plans if plan.number == shown.number and plan.version < shown.version]
    return sorted(earlier, key=lambda plan: plan.version)[-MOST_GHOSTS:]


def _pairs(plan: PlanEntry) -> list[tuple[date, Regimen]]:
    return [(step.starts_on, step.regimen) for step in plan.steps]


def _line(kind: str, label: str, steps: Sequence[tuple[date, Regimen]], prescribed: DoseHistory) -> DoseLine:
    days = [
        (starts_on.toordinal(), regimen.daily_mcg) for starts_on, regimen in sorted(steps, key=lambda step: step[0])
    ]
    if not days:
        return DoseLine(kind=kind, label=label, runs=())
    ends = [*(day for day, _ in days[1:]), days[-1][0] + LAST_STEP_DAYS]
    runs = tuple(Run(day, until, mcg) for (day, mcg), until in zip(days, ends, strict=True) if until > day)
    return DoseLine(kind=kind, label=label, runs=runs, from_mcg=prescribed.on(days[0][0] - 1))


def _ahead_or_different(line: DoseLine, *, taken: DoseHistory, today: Day) -> DoseLine:
    runs = [part for run in line.runs for part in _parts(run, taken=taken, today=today)]
    begins_as_drawn = bool(runs) and runs[0].first == line.runs[0].first
    return DoseLine(
        kind=line.kind, label=line.label, runs=tuple(runs), from_mcg=line.from_mcg if begins_as_drawn else None
    )


def _parts(run: Run, *, taken: DoseHistory, today: Day) -> Iterable[Run]:
    """The days of one level on which it is ahead or not what was taken."""
    inside = [day for day in taken.days if run.first < day < run.until]
    edges = sorted({run.first, run.until, *inside, *({today + 1} if run.first < today + 1 < run.until else ())})
    for first, until in pairwise(edges):
        if first > today or taken.on(first) != run.mcg:
            yield Run(first, until, run.mcg)
