"""What the page of a plan knows of its next step, in few lines, for pages that name the plan without its steps."""

from dataclasses import dataclass
from datetime import date

from titration.domain.confirming import unsettled
from titration.domain.findings import Finding
from titration.domain.guidance import Guidance
from titration.domain.judging import judge_plan
from titration.domain.plan_versions import began_on
from titration.domain.record import PatientRecord, PlanEntry, PlanState
from titration.domain.remedy import is_quiet
from titration.domain.taken_before import before_words, taken_before

_FOLLOWED = (PlanState.RUNNING, PlanState.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """unsettled: what differs and must be settled first; before: the next step beside what is really taken; both ""
    where there is nothing to say. finding: of the next step, None where it is quiet.
    """

    unsettled: str = ""
    before: str = ""
    finding: Finding | None = None


def outlook(record: PatientRecord, plan: PlanEntry, *, today: date, guidance: Guidance) -> Outlook:
    """Of a plan under way; nothing is said of a draft or of one that is over."""
    if plan.state not in _FOLLOWED:
        return Outlook()
    differs = unsettled(record, plan.number, today)
    told = Outlook(unsettled=differs.difference_words(today) if differs else "")
    if plan.state is not PlanState.RUNNING:
        return told
    found = taken_before(record, [(s.starts_on, s.regimen) for s in plan.steps], today=today, guidance=guidance)
    return Outlook(
        unsettled=told.unsettled,
        before=before_words(found, guidance=guidance, today=today),
        finding=_of_next_step(record, plan, today, guidance),
    )


def _of_next_step(record: PatientRecord, plan: PlanEntry, today: date, guidance: Guidance) -> Finding | None:
    """As the plan is judged on its own page, from what is really taken."""
    ahead = [step.starts_on for step in plan.steps if step.starts_on > today]
    if not ahead:
        return None
    steps = [(step.starts_on, step.regimen) for step in plan.steps]
    began = began_on(record.plans, plan.number)
    finding = judge_plan(record, steps, today=today, guidance=guidance, began_on=began).by_step.get(ahead[0])
    return None if finding is None or is_quiet(finding.severity) else finding
