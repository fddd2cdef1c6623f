"""Confirming a step, from the plan's page or from its row on the worklist: one button, with and without a script.

From the worklist one comes back to the same filter and page; a script swaps the list alone.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from titration.domain.confirming import Unsettled
from titration.domain.plan_transitions import Act
from titration.forms.worklist import asked_filter, asked_page
from titration.models import PlanStep
from titration.permissions import check_may
from titration.selectors import get_patient, get_plan, get_step
from titration.services import plans
from titration.services.errors import Conflict
from titration.views.answers import is_fragment, saved
from titration.views.desk import WRITES, ClinicRequest, clinic_page
from titration.views.plan_conflict import step_conflict_page
from titration.views.plan_page import plan_url, scene_of
from titration.views.worklist import WORKLIST, worklist_page

FROM_WORKLIST = "worklist"


@clinic_page(*WRITES)
def plan_step_confirm(request: ClinicRequest, patient_id: UUID, plan_id: UUID, step_id: UUID) -> HttpResponse:
    """Someone has heard that the step was taken as planned."""
    patient = get_patient(request.membership, patient_id)
    plan = get_plan(request.membership, patient, plan_id)
    step = get_step(request.membership, plan, step_id)
    check_may(request.membership, Act.CONFIRM)
    is_listed = request.POST.get("from") == FROM_WORKLIST
    try:
        plans.confirm_step(actor=request.membership, step=step, now=request.now)
    except (Conflict, Unsettled) as refusal:
        if is_listed and is_fragment(request):
            return worklist_page(request, request.POST, notice=refusal.sentence)
        return step_conflict_page(request, scene_of(request, patient_id, plan_id), refusal.sentence)
    words = f"Step {step.number} of {plan.patient.name} is confirmed as taken." if is_listed else _words(step)
    if is_listed and is_fragment(request):
        return worklist_page(request, request.POST, notice=words)
    return saved(request, _worklist_url(request) if is_listed else plan_url(plan), words)


def _words(step: PlanStep) -> str:
    return f"Step {step.number} is confirmed."


def _worklist_url(request: ClinicRequest) -> str:
    """Back to where one was: only a filter and a page that the worklist knows."""
    query = {"show": asked_filter(request.POST).value, "page": str(asked_page(request.POST))}
    return f"{reverse(WORKLIST)}?{urlencode(query)}"
