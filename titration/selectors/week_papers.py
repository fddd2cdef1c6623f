"""The steps that are due this week, as the worklist counts them, and the paper on its way to the one who asked."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import Http404

from titration.models import Membership, PlanEvent, WeekPaper
from titration.selectors.duties import read_duties
from titration.selectors.objects import NOT_FOUND
from titration.selectors.waiting import THIS_WEEK, read_waiting

_LEAVES_STEPS = ("drafted", "redrafted", "step_confirmed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """plans: (patient, plan) by the day of the next step, each plan once."""

    first_on: date
    last_on: date
    plans: tuple[tuple[UUID, UUID], ...]


def steps_of_week(membership: Membership, today: date, *, mine: bool = False) -> Week:
    due = [each for each in read_waiting(membership, today, mine=mine).due if each.kind == "step"]
    duties = read_duties(membership, today, due)
    said = [duties[each] for each in due if each in duties]
    plans = tuple((duty.patient_id, plan_id) for duty in said for plan_id in duty.plan_ids)
    return Week(first_on=today, last_on=today + THIS_WEEK, plans=plans)


def was_a_plan_changed(membership: Membership, since: datetime) -> bool:
    """Whether anything was done with a plan of the clinic that could make another paper of the week."""
    events = PlanEvent.objects.filter(plan__patient__clinic=membership.clinic_id, at__gt=since)
    return events.exclude(kind__in=_LEAVES_STEPS).exists()


def week_paper(membership: Membership, public_id: UUID, *, lock: bool = False) -> WeekPaper:
    """Of the person who asked for it, in the clinic they work for. Raises Http404 for anybody else."""
    papers = WeekPaper.objects.select_for_update(of=("self",)) if lock else WeekPaper.objects
    mine = papers.filter(public_id=public_id, clinic_id=membership.clinic_id, asked_by_id=membership.user_id)
    found = mine.select_related("clinic").first()
    if found is None:
        raise Http404(NOT_FOUND)
    return found
