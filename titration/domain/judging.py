"""What the rules say of a plan before anyone follows it: as a whole, step by step, and what would clear it.

Falls are judged by W1 to W3 and W5 as if the plan had been taken; rises by T1, T2 and R1 as if it had been prescribed.
A remedy is a plan of the same engine, judged by the same rules; it must leave nothing of caution or above.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from titration.domain.assess import assess, judge_steps
from titration.domain.case import case_from
from titration.domain.errors import DomainError
from titration.domain.findings import Assessment, Finding, Severity
from titration.domain.guidance import Guidance
from titration.domain.history import prescribed_history
from titration.domain.planning import PlanDraft, WayDown, draw_plan, lengthen
from titration.domain.record import PatientRecord, PlanKind, RegimenEntry
from titration.domain.regimen import Regimen
from titration.domain.remedy import is_quiet
from titration.domain.worsening import is_worse, to_answer

type Steps = Sequence[tuple[date, Regimen]]

_OF_DOSES = frozenset({"T2", "R1"})
_OF_A_PLAN = frozenset({"W5"})
_NEVER = datetime.max.replace(tzinfo=UTC)
_SLOWER_WAYS = (WayDown.THREE_WEEKS, WayDown.WEEKLY_5MG)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPlan:
    """whole: findings of the plan as one (W5, T2, R1). by_step: the highest finding of each step, by the step's date.

    assessment: what stands as of today with the plan before the rules.
    """

    steps: Steps
    assessment: Assessment
    whole: tuple[Finding, ...]
    by_step: Mapping[date, Finding]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The plan's own findings, highest first, then by date; a step that the whole names stands once."""
        named = {each.values.get("day_on") for each in self.whole if each.code == "W5" and each.variant != "length"}
        others = [finding for finding in self.by_step.values() if finding not in self.whole]
        steps = [finding for finding in others if finding.values.get("day_on", finding.since) not in named]
        return tuple(sorted((*self.whole, *steps), key=lambda finding: (-finding.severity, finding.since)))

    @property
    def highest(self) -> Severity | None:
        return max((finding.severity for finding in (*self.whole, *self.by_step.values())), default=None)

    @property
    def answers(self) -> tuple[Finding, ...]:
        """What must be answered with a reason before signing."""
        return to_answer(self.findings)


def judge_plan(
    record: PatientRecord, steps: Steps, *, today: date, guidance: Guidance, began_on: date | None = None
) -> JudgedPlan:
    """The plan as of today; nothing is written. began_on: where it goes on with earlier versions, their first step."""
    case = case_from(record, today, plan=list(steps), plan_began_on=began_on)
    assessment = assess(case, guidance)
    falls = judge_steps(case, guidance).values()
    rises = list(_first_of_each(_rises(record, steps, guidance)))
    return JudgedPlan(
        steps=steps,
        assessment=assessment,
        whole=(*_of(assessment.findings, _OF_A_PLAN), *_of(rises, _OF_DOSES)),
        by_step=_by_step(steps, [*falls, *rises]),
    )


def _of(findings: Iterable[Finding], codes: frozenset[str]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.code in codes)


def _first_of_each(findings: Iterable[Finding]) -> Iterator[Finding]:
    """T2 and R1 speak of a dose, not of a step: once for each limit, at the step that reaches it."""
    said: set[tuple[str, str]] = set()
    for finding in findings:
        what = (finding.code, finding.variant)
        if finding.code not in _OF_DOSES or what not in said:
            yield finding
        said.add(what)


def _by_step(steps: Steps, findings: Sequence[Finding]) -> dict[date, Finding]:
    """Each finding belongs to the step that holds on its day."""
    dates = [starts_on for starts_on, _ in steps]
    highest: dict[date, Finding] = {}
    for finding in findings:
        place = bisect_right(dates, finding.since) - 1
        if place >= 0 and finding.severity > highest.get(dates[place], _NOTHING).severity:
            highest[dates[place]] = finding
    return dict(sorted(highest.items()))


@dataclass(frozen=True, slots=True)
class _Nothing:
    severity: int = 0


_NOTHING = _Nothing()


def _rises(record: PatientRecord, steps: Steps, guidance: Guidance) -> Iterator[Finding]:
    """T1, T2 and R1 on each step that rises. T2 and R1 speak of a dose: where they stood the day before the plan, only
    what is worse is new. T1 speaks of a rise, and each step that rises fast is one.
    """
    proposed = as_prescribed(record, steps)
    day_before = steps[0][0] - timedelta(days=1)
    stood = assess(case_from(record, day_before), guidance).findings
    last_mcg = prescribed_history(record).on(day_before.toordinal()) or 0
    for starts_on, regimen in steps:
        if regimen.daily_mcg > last_mcg:
            found = assess(case_from(proposed, starts_on), guidance).findings
            new = [each for each in found if each.code == "T1" or (each.code in _OF_DOSES and is_worse(each, stood))]
            yield from (replace(finding, since=starts_on) for finding in new)
        last_mcg = regimen.daily_mcg


def as_prescribed(record: PatientRecord, steps: Steps) -> PatientRecord:
    """The record as if each step had been prescribed; plans that run now no longer count from the first step on."""
    first_on = steps[0][0]
    entries = tuple(
        RegimenEntry(id="", recorded_at=_NEVER, recorded_by="", starts_on=starts_on, regimen=regimen, reason="")
        for starts_on, regimen in steps
    )
    plans = tuple(replace(plan, ended_on=min(plan.ended_on or first_on, first_on)) for plan in record.plans)
    return replace(record, regimens=(*record.regimens, *entries), plans=plans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """A slower plan that clears what is caution or above; from_number: its first changed step, None: another pace."""

    draft: PlanDraft
    judged: JudgedPlan
    from_number: int | None


def find_remedy(
    record: PatientRecord, draft: PlanDraft, judged: JudgedPlan, *, today: date, guidance: Guidance
) -> Remedy | None:
    """The first slower taper that raises nothing of caution or above; None where there is none or no need. It never
    ends sooner than the draft."""
    if draft.request.kind is not PlanKind.TAPER or is_quiet(judged.highest):
        return None
    for slower, from_number in _slower(draft, judged, guidance):
        if slower.ends_on < draft.ends_on:
            continue
        verdict = judge_plan(record, slower.planned, today=today, guidance=guidance)
        if is_quiet(verdict.highest):
            return Remedy(draft=slower, judged=verdict, from_number=from_number)
    return None


def _slower(draft: PlanDraft, judged: JudgedPlan, guidance: Guidance) -> Iterator[tuple[PlanDraft, int | None]]:
    """Smaller steps from the first steep one; then whole plans of a slower pace. What cannot be drawn is no remedy."""
    steep = [number for number, step in enumerate(draft.steps, 1) if _is_steep(judged.by_step.get(step.starts_on))]
    if steep:
        yield from _if_possible(partial(lengthen, draft, steep[0], guidance), steep[0])
    for way in _SLOWER_WAYS:
        request = replace(
            draft.request, way=way, step_mcg=None, percent=None, step_days=None, days=None, by_hand=(), phases=()
        )
        yield from _if_possible(partial(draw_plan, request, guidance), None)


def _is_steep(finding: Finding | None) -> bool:
    return finding is not None and not is_quiet(finding.severity)


def _if_possible(draw: Callable[[], PlanDraft], number: int | None) -> Iterator[tuple[PlanDraft, int | None]]:
    try:
        yield draw(), number
    except DomainError:
        return
