"""The plans of a patient in a line each, with what their own pages know of the next step, for pages beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from titration.domain.days import show_full_day
from titration.domain.guidance import load_guidance
from titration.domain.plan_outlook import outlook
from titration.domain.record import PatientRecord, PlanEntry, PlanState
from titration.domain.units import format_mg
from titration.domain.wording import say


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """unsettled, before: as the plan's page says them; severity and title: what a rule says of its next step."""

    plan: PlanEntry
    words: str
    state: str
    unsettled: str
    before: str
    severity: str
    title: str


def plan_lines(record: PatientRecord, today: date) -> Iterator[PlanLine]:
    """The newest first, without versions that were replaced."""
    for plan in reversed(record.plans):
        if plan.state is not PlanState.REPLACED:
            yield _line(record, plan, today)


def _line(record: PatientRecord, plan: PlanEntry, today: date) -> PlanLine:
    guidance = load_guidance()
    known = outlook(record, plan, today=today, guidance=guidance)
    return PlanLine(
        plan=plan,
        words=_words(plan),
        state=plan.state.value,
        unsettled=known.unsettled,
        before=known.before,
        severity=known.finding.severity.label if known.finding else "",
        title=say(known.finding, guidance).title if known.finding else "",
    )


def _words(plan: PlanEntry) -> str:
    last = plan.steps[-1] if plan.steps else None
    end = f" to {format_mg(last.regimen.daily_mcg)}\u00a0mg/day on {show_full_day(last.starts_on)}" if last else ""
    return f"{plan.kind.value.capitalize()} {plan.number}, version {plan.version}{end}"
