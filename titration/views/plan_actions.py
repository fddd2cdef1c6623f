"""Acts on a plan that leave its steps where they are: sign, hold, stop, confirm a step. Each is one question."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from titration.domain.days import show_near_day
from titration.domain.errors import NotMakeable, PlanImpossible
from titration.domain.plan_transitions import LIVE_STATES, STATE_WORDS, Act
from titration.domain.plan_versions import left_of_replaced
from titration.domain.record import PlannedStep, PlanState
from titration.domain.replanning import earliest_hold_among, kept_back
from titration.domain.units import show_mg_per_day
from titration.forms.plans import HoldForm, SignForm, WhyForm
from titration.models import Plan
from titration.selectors.plan_file import live_plans_seal
from titration.services import plans
from titration.services.answers import digest_of
from titration.views.desk import FORM, ClinicRequest, clinic_page
from titration.views.plan_drawing import FindingItem, StepRow, finding_items, step_rows
from titration.views.plan_page import PlanScene, scene_of, start_of
from titration.views.plan_questions import Question, answer_of, ask, by, overtaken, seen


@clinic_page(*FORM)
def plan_sign(request: ClinicRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    scene = scene_of(request, patient_id, plan_id)
    if moved_on := overtaken(request, scene, Act.SIGN):
        return moved_on
    if scene.unmade:
        raise NotMakeable(scene.unmade)
    replaces, stale = _replaces_words(scene), _why_not_now(scene)
    question = Question(
        scene=scene,
        act=Act.SIGN,
        form=sign_form(request, scene),
        lead=f"It starts on its first date. From then on its step of the day counts as prescribed.{replaces}",
        button="" if stale else "Sign",
        notes=stale,
        done=f"The plan is signed.{replaces}",
        findings=scene.answers,
        answered_for=digest_of(scene.judged.answers),
        others=_unasked(scene),
        before=scene.before_words,
        replaces_seen=live_plans_seal(scene.patient),
        rows=tuple(step_rows(start_of(scene), scene.steps, scene.judged.by_step, today=scene.today)),
        rows_title="The steps that are signed",
    )
    return ask(request, question, lambda: _sign(request, question))


def _sign(request: ClinicRequest, question: Question) -> Plan:
    seen_live = question.form.cleaned_data["replaces_seen"]
    return plans.sign_plan(answer=answer_of(question.form), replaces_seen=seen_live, **by(request, question))


def _unasked(scene: PlanScene) -> tuple[FindingItem, ...]:
    """What the rules say besides what must be answered."""
    asked = scene.judged.answers
    return tuple(finding_items([each for each in scene.judged.findings if each not in asked], scene.guidance))


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
    live = [plan for plan in scene.record.plans if plan.state in LIVE_STATES]
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
    if moved_on := overtaken(request, scene, Act.HOLD):
        return moved_on
    days = [step.starts_on for step in scene.steps]
    days += [step.starts_on for step in _left_before(scene, scene.today)]
    usual = earliest_hold_among(days, scene.today)
    form = HoldForm(request.POST or None, initial={**seen(scene), "held_on": usual})
    held_on = form.cleaned_data.get("held_on") if form.is_bound and form.is_valid() else usual
    question = Question(
        scene=scene,
        act=Act.HOLD,
        form=form,
        lead="The dose stays where it is from that day on, and no step begins until the plan is resumed. Nothing is "
        f"re-dated now.{_also_ended_words(scene, held_on or usual)}",
        button="Hold",
        done="The plan is held.",
        rows=_kept_back(scene, held_on or usual),
        rows_title="Steps kept back until the plan is resumed",
        shows=True,
    )
    return ask(
        request, question, lambda: plans.hold_plan(reason=_why(question), held_on=held_on, **by(request, question))
    )


def _kept_back(scene: PlanScene, held_on: Any) -> tuple[StepRow, ...]:
    kept = {step.starts_on for step in kept_back(scene.steps, held_on)}
    rows = step_rows(start_of(scene), scene.steps, scene.judged.by_step, today=scene.today)
    return tuple(row for row in rows if row.starts_on in kept)


@clinic_page(*FORM)
def plan_stop(request: ClinicRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    scene = scene_of(request, patient_id, plan_id)
    act = Act.DISCARD if scene.plan.state == PlanState.DRAFT else Act.STOP
    if moved_on := overtaken(request, scene, act):
        return moved_on
    form = WhyForm(request.POST or None, initial=seen(scene))
    question = Question(scene=scene, act=act, form=form, **_STOPPING[act])
    if act is Act.STOP:
        question = replace(question, lead=question.lead + _also_ended_words(scene, scene.today + timedelta(days=1)))
    return ask(request, question, lambda: plans.stop_plan(reason=_why(question), **by(request, question)))


_STOPPING: dict[Act, dict[str, Any]] = {
    Act.STOP: {
        "lead": "No further step begins. The dose stays where it is until a dose change is saved; stopping a plan "
        "stops no tablets.",
        "button": "Stop the plan",
        "done": "The plan is stopped. The dose stays as it is.",
    },
    Act.DISCARD: {
        "lead": "It was never signed, so nothing changes for the patient. It stays on file as discarded.",
        "button": "Discard",
        "done": "The draft is discarded.",
    },
}


def _left_before(scene: PlanScene, from_on: date) -> list[PlannedStep]:
    """The steps of the plan that it replaces which would begin before its own first."""
    return [step for _, step in left_of_replaced(scene.record.plans, from_on)]


def _also_ended_words(scene: PlanScene, from_on: date) -> str:
    """What else ends, as one more sentence; "" where the plan has nothing before it."""
    left = _left_before(scene, from_on)
    if not left:
        return ""
    first = f"{show_mg_per_day(left[0].regimen.daily_mcg)} from {show_near_day(left[0].starts_on, beside=scene.today)}"
    more = f" and {len(left) - 1} more" if len(left) > 1 else ""
    return f" The steps that the plan before it still has ({first}{more}) do not begin either."


def _why(question: Question) -> str:
    return str(question.form.cleaned_data["why"])
