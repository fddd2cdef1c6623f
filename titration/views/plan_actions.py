"""Acts on a plan: sign, hold, stop, confirm a step. Each is a page with one question and one form."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from titration.domain.days import show_near_day
from titration.domain.errors import NotMakeable, PlanImpossible
from titration.domain.record import PlanState
from titration.forms.plans import SignForm, WhyForm
from titration.permissions import Action, check_can, check_can_sign_plan
from titration.selectors import get_patient, get_plan, get_step
from titration.services import plans
from titration.services.answers import digest_of
from titration.views.answers import saved
from titration.views.desk import FORM, WRITES, ClinicRequest, clinic_page
from titration.views.plan_page import STATE_WORDS, PlanScene, plan_url, scene_of
from titration.views.plan_questions import HOLD, SIGN, STOP, Question, answer_of, ask, by, overtaken, seen


@clinic_page(*FORM)
def plan_sign(request: ClinicRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    scene = scene_of(request, patient_id, plan_id)
    check_can_sign_plan(request.membership)
    if moved_on := overtaken(request, scene, SIGN):
        return moved_on
    if scene.unmade:
        raise NotMakeable(scene.unmade)
    replaces, stale = _replaces_words(scene), _why_not_now(scene)
    question = Question(
        scene=scene,
        act=SIGN,
        form=sign_form(request, scene),
        lead=f"It starts on its first date. From then on its step of the day counts as prescribed.{replaces}",
        button="" if stale else "Sign",
        notes=stale,
        done=f"The plan is signed.{replaces}",
        findings=scene.answers,
        answered_for=digest_of(scene.judged.answers),
    )
    return ask(request, question, lambda: plans.sign_plan(answer=answer_of(question.form), **by(request, question)))


def _why_not_now(scene: PlanScene) -> tuple[str, ...]:
    """The sentence of a draft that the dose has left behind; the service refuses it with the same."""
    try:
        plans.check_start(scene.record, scene.plan.start, scene.steps[0].starts_on)
        plans.check_no_change_among(scene.record, [(step.starts_on, step.regimen) for step in scene.steps])
    except PlanImpossible as refusal:
        return (refusal.sentence,)
    return ()


def _replaces_words(scene: PlanScene) -> str:
    """Which plan ends where this one begins, as one more sentence."""
    ends_on = show_near_day(scene.steps[0].starts_on, beside=scene.today)
    live = [plan for plan in scene.record.plans if plan.state in (PlanState.RUNNING, PlanState.HELD)]
    return "".join(
        f" It replaces plan {plan.number}, version {plan.version} ({plan.kind}, {STATE_WORDS[plan.state]}): "
        f"none of its steps counts from {ends_on} on."
        for plan in live
    )


def sign_form(request: ClinicRequest, scene: PlanScene) -> SignForm:
    return SignForm(
        request.POST or None,
        initial=seen(scene),
        reasons=scene.patient.clinic.active_reasons,
        is_asked=bool(scene.judged.answers),
    )


@clinic_page(*FORM)
def plan_hold(request: ClinicRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    scene = scene_of(request, patient_id, plan_id)
    check_can_sign_plan(request.membership)
    if moved_on := overtaken(request, scene, HOLD):
        return moved_on
    question = Question(
        scene=scene,
        act=HOLD,
        form=WhyForm(request.POST or None, initial=seen(scene)),
        lead="The dose stays where it is, and no step begins until the plan is resumed. Nothing is re-dated now.",
        button="Hold",
        done="The plan is held.",
        fields=("why",),
    )
    return ask(request, question, lambda: plans.hold_plan(reason=_why(question), **by(request, question)))


@clinic_page(*FORM)
def plan_stop(request: ClinicRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    scene = scene_of(request, patient_id, plan_id)
    is_draft = scene.plan.state == "draft"
    check_can(request.membership, Action.DRAFT_PLAN if is_draft else Action.SIGN_PLAN)
    if moved_on := overtaken(request, scene, STOP):
        return moved_on
    words = _DISCARD if is_draft else _STOP
    question = Question(
        scene=scene, act=STOP, form=WhyForm(request.POST or None, initial=seen(scene)), fields=("why",), **words
    )
    return ask(request, question, lambda: plans.stop_plan(reason=_why(question), **by(request, question)))


_STOP: dict[str, Any] = {
    "lead": "No further step begins. The dose stays where it is until a dose change is saved; stopping a plan stops no "
    "tablets.",
    "button": "Stop the plan",
    "done": "The plan is stopped. The dose stays as it is.",
}
_DISCARD: dict[str, Any] = {
    "title": "Discard the draft",
    "lead": "It was never signed, so nothing changes for the patient. It stays on file as discarded.",
    "button": "Discard",
    "done": "The draft is discarded.",
}


def _why(question: Question) -> str:
    return str(question.form.cleaned_data["why"])


@clinic_page(*WRITES)
def plan_step_confirm(request: ClinicRequest, patient_id: UUID, plan_id: UUID, step_id: UUID) -> HttpResponse:
    """Someone has heard that the step was begun."""
    patient = get_patient(request.membership, patient_id)
    plan = get_plan(request.membership, patient, plan_id)
    step = get_step(request.membership, plan, step_id)
    plans.confirm_step(actor=request.membership, step=step, now=request.now)
    return saved(request, plan_url(plan), f"Step {step.number} is confirmed.")
