"""Re-dating a plan under way: resume or slow down, and one step back. The new dates are shown first, then confirmed.

What is confirmed must be what was shown: the form carries a digest of the steps, and other steps are shown again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from titration.domain.banner import regimen_on
from titration.domain.errors import DomainError, NotMakeable, PlanImpossible
from titration.domain.findings import Finding
from titration.domain.judging import JudgedPlan, judge_plan
from titration.domain.plan_versions import began_on, begun_steps, first_left
from titration.domain.planning import PlanStepDraft, make_step, redate, slow_down, step_back
from titration.domain.planning.presets import load_limits
from titration.domain.record import PlanState
from titration.forms.plans import RedateForm, SignForm, StepBackForm
from titration.models import Plan
from titration.permissions import check_can_sign_plan
from titration.services import plans
from titration.services.answers import digest_of
from titration.views.desk import FORM, ClinicRequest, clinic_page
from titration.views.plan_drawing import each_finding, finding_items, step_rows
from titration.views.plan_page import PlanScene, scene_of, start_of
from titration.views.plan_questions import (
    RESUME,
    STEP_BACK,
    Question,
    answer_of,
    ask,
    by,
    overtaken,
    question_page,
    seen,
)

NOTHING_LEFT = "No step is left that goes further than the present dose. Stop this plan, and draw a new one."
USUAL_STABLE_DAYS = 7
LOOK_AGAIN = "The steps have changed. Look at them, then confirm."


@dataclass(frozen=True, slots=True)
class Redated:
    """Steps as they would be, judged; none where the inputs were refused, then with the sentence."""

    steps: tuple[PlanStepDraft, ...] = ()
    judged: JudgedPlan | None = None
    sentence: str = ""

    @property
    def digest(self) -> str:
        text = "\n".join(f"{step.starts_on} {step.regimen.doses_mcg}" for step in self.steps)
        return sha256(text.encode()).hexdigest() if self.steps else ""


@clinic_page(*FORM)
def plan_resume(request: ClinicRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """Also how a running plan is slowed down."""
    scene = scene_of(request, patient_id, plan_id)
    check_can_sign_plan(request.membership)
    if moved_on := overtaken(request, scene, RESUME):
        return moved_on
    number = _first_left(scene)
    usual = max(scene.steps[number - 1].starts_on, scene.today + timedelta(days=1))
    initial = {**seen(scene), "first_on": usual, "pace": "1"}
    reasons = scene.patient.clinic.active_reasons
    form = RedateForm(request.POST or None, initial=initial, reasons=reasons, is_asked=False)
    redated = _redated(scene, form, initial, partial(_remaining, scene, number))
    is_held = scene.plan.state == PlanState.HELD
    question = Question(
        scene=scene,
        act=RESUME,
        form=form,
        title="Resume the plan" if is_held else "Re-date the plan",
        lead="The remaining steps become a new version. They are shown here first; nothing is saved yet.",
        done="The plan goes on with the new dates.",
        fields=("first_on", "pace", "why"),
        **_shown(scene, redated),
    )
    return _show_or_confirm(request, question, redated, plans.resume_plan)


@clinic_page(*FORM)
def plan_step_back(request: ClinicRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    scene = scene_of(request, patient_id, plan_id)
    check_can_sign_plan(request.membership)
    if moved_on := overtaken(request, scene, STEP_BACK):
        return moved_on
    initial = {**seen(scene), "on": scene.today, "stable_days": USUAL_STABLE_DAYS}
    reasons = scene.patient.clinic.active_reasons
    form = StepBackForm(request.POST or None, initial=initial, reasons=reasons, is_asked=False)
    redated = _redated(scene, form, initial, partial(_stepped_back, scene))
    question = Question(
        scene=scene,
        act=STEP_BACK,
        form=form,
        lead=f"The dose before this step, at least {load_limits().stable_days} stable days, then the later steps "
        "again. Nothing is saved yet.",
        done="The plan is stepped back, and its later steps are re-dated.",
        fields=("on", "stable_days", "why"),
        **_shown(scene, redated),
    )
    return _show_or_confirm(request, question, redated, plans.step_back)


def _first_left(scene: PlanScene) -> int:
    """The number of the first step to come; a refusal where nothing is left."""
    present = regimen_on(scene.record, scene.today)
    number = first_left(scene.entry, scene.today, present.daily_mcg if present else None)
    if number is None:
        raise PlanImpossible(NOTHING_LEFT)
    return number


def _remaining(scene: PlanScene, number: int, said: Mapping[str, Any]) -> list[PlanStepDraft]:
    left = redate(scene.steps[number - 1 :], 1, said["first_on"])
    factor = Fraction(said["pace"])
    return slow_down(left, 1, factor) if factor > 1 else left


def _stepped_back(scene: PlanScene, said: Mapping[str, Any]) -> list[PlanStepDraft]:
    """From today on; a step that had not begun yet is not stepped back from."""
    number = len(begun_steps(scene.entry, scene.entry.steps, scene.today))
    if not number:
        raise PlanImpossible("No step has begun yet, so there is none to go back from. Re-date the plan instead.")
    before = PlanStepDraft(starts_on=scene.today, regimen=start_of(scene))
    steps = step_back(scene.steps, number, said["on"], before_plan=before, stable_days=said["stable_days"])
    return [_made(scene, step) for step in steps if step.starts_on >= said["on"]]


def _made(scene: PlanScene, step: PlanStepDraft) -> PlanStepDraft:
    """The dose from before the plan gets its recipe here; where the products cannot make it, it has none."""
    try:
        return make_step(step.starts_on, step.regimen, scene.products)
    except NotMakeable:
        return step


def _redated(
    scene: PlanScene,
    form: SignForm,
    initial: Mapping[str, Any],
    change: Callable[[Mapping[str, Any]], list[PlanStepDraft]],
) -> Redated:
    """The steps that the form asks for, at first those of its initial values."""
    said = form.cleaned_data if form.is_bound and form.is_valid() else initial
    if form.is_bound and not form.is_valid():
        return Redated()
    try:
        steps = tuple(change(said))
        _check_not_past(scene, steps)
        planned = [(step.starts_on, step.regimen) for step in steps]
        plans.check_no_change_among(scene.record, planned)
    except DomainError as refusal:
        if not form.is_bound:
            return Redated(sentence=refusal.sentence)
        form.add_error(None, refusal.sentence)
        return Redated()
    began = began_on(scene.record.plans, scene.plan.number)
    judged = judge_plan(scene.record, planned, today=scene.today, guidance=scene.guidance, began_on=began)
    return Redated(steps, judged)


def _check_not_past(scene: PlanScene, steps: tuple[PlanStepDraft, ...]) -> None:
    if steps[0].starts_on < scene.today:
        raise PlanImpossible("The first of these steps is in the past. Choose today or later.")


def _shown(scene: PlanScene, redated: Redated) -> dict[str, Any]:
    """What the page shows of the steps, and what must be answered before they are confirmed."""
    if redated.judged is None:
        return {"button": "", "notes": (redated.sentence,) if redated.sentence else ()}
    day_before = redated.steps[0].starts_on - timedelta(days=1)
    start = regimen_on(scene.record, day_before) or scene.plan.start
    return {
        "button": "Confirm these steps",
        "rows": tuple(step_rows(start, redated.steps, redated.judged.by_step, today=scene.today)),
        "findings": tuple(each_finding(redated.judged.answers, scene.guidance)),
        "answered_for": digest_of(redated.judged.answers),
        "others": tuple(finding_items(_unanswered(redated.judged), scene.guidance)),
        "digest": redated.digest,
    }


def _unanswered(judged: JudgedPlan) -> list[Finding]:
    """What the rules say besides, so that nothing is first read after confirming."""
    return [finding for finding in judged.findings if finding not in judged.answers]


def _show_or_confirm(
    request: ClinicRequest, question: Question, redated: Redated, act: Callable[..., Plan]
) -> HttpResponse:
    """Confirmed only with the digest of what was shown; anything else is shown again."""
    form = question.form
    if request.method != "POST" or request.POST.get("act") != "confirm" or not redated.steps:
        return question_page(request, question, status=422 if form.errors else 200)
    if request.POST.get("shown") != redated.digest:
        form.add_error(None, LOOK_AGAIN)
        return question_page(request, question, status=422)
    planned = [(step.starts_on, step.regimen) for step in redated.steps]
    why = form.cleaned_data["why"]
    return ask(
        request, question, lambda: act(steps=planned, reason=why, answer=answer_of(form), **by(request, question))
    )
