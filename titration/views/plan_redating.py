"""Acts that re-date a plan: resume, slow down, step back, skip a step. The new dates are shown first, then confirmed.

What is confirmed must be what was shown: the form carries a digest of the steps, of the dose that they go on from and
of what the rules said; where one of them has changed, all is shown again. What the steps become is the domain's; each
act is one line of REDATINGS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse

from titration.domain.banner import regimen_on
from titration.domain.days import show_full_day
from titration.domain.errors import DomainError
from titration.domain.findings import Finding
from titration.domain.judging import JudgedPlan, judge_plan
from titration.domain.limits import USUALLY_STABLE, span
from titration.domain.plan_transitions import Act
from titration.domain.plan_versions import as_redated, began_on
from titration.domain.planning import PlanStepDraft
from titration.domain.planning.presets import load_limits
from titration.domain.regimen import Regimen
from titration.domain.replanning import (
    UnderWay,
    changes_words,
    resumed,
    skippable,
    skipped,
    slowed,
    stepped_back,
)
from titration.domain.units import show_mg_per_day
from titration.forms.plans import MOVE_UP, RedateForm, SignForm, SkipForm, StepBackForm
from titration.models import Plan
from titration.services import plans
from titration.services.answers import digest_of
from titration.views.desk import FORM, ClinicRequest, clinic_page
from titration.views.plan_drawing import before_of, each_finding, finding_items, step_rows
from titration.views.plan_page import PlanScene, scene_of, under_way
from titration.views.plan_questions import Question, answer_of, ask, by, overtaken, question_page, seen

LOOK_AGAIN = "The steps have changed, or the dose before them, or a finding. Look at them, then confirm."

type Said = Mapping[str, Any]
type Drafts = tuple[PlanStepDraft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redating:
    """What an act asks at first, what its answers make of the plan, and the service that saves it.

    more: what the service takes besides the steps.
    """

    form: Callable[..., SignForm]
    usual: Callable[[UnderWay], dict[str, Any]]
    change: Callable[[UnderWay, Said], Drafts]
    write: Callable[..., Plan]
    lead: str
    done: str
    more: Callable[[Said], dict[str, Any]] = lambda _: {}
    choices: Callable[[UnderWay], dict[str, Any]] = lambda _: {}


def _steps_to_skip(plan: UnderWay) -> list[tuple[str, str]]:
    return [
        (str(number), f"Step {number}: {show_mg_per_day(step.daily_mcg)} from {show_full_day(step.starts_on)}")
        for number, step in skippable(plan)
    ]


REDATINGS: dict[Act, Redating] = {
    Act.RESUME: Redating(
        form=RedateForm,
        usual=lambda plan: {"first_on": plan.usual_first_on, "pace": "1"},
        change=lambda plan, said: resumed(plan, said["first_on"], Fraction(said["pace"])),
        write=plans.resume_plan,
        lead="The remaining steps become a new version. They are shown here first; nothing is saved yet.",
        done="The plan goes on with the new dates.",
    ),
    Act.SLOW_DOWN: Redating(
        form=RedateForm,
        usual=lambda plan: {"first_on": plan.usual_first_on, "pace": "3/2"},
        change=lambda plan, said: slowed(plan, said["first_on"], Fraction(said["pace"])),
        write=plans.slow_plan_down,
        lead="The steps to come begin later, or with longer gaps, as a new version. Nothing is saved yet.",
        done="The plan is slowed down, and its later steps are re-dated.",
    ),
    Act.STEP_BACK: Redating(
        form=StepBackForm,
        usual=lambda plan: {"on": plan.today, "stable_days": span(USUALLY_STABLE).days},
        change=lambda plan, said: stepped_back(plan, said["on"], said["stable_days"]),
        write=plans.step_back,
        lead=f"The dose before this step, at least {load_limits().stable_days} stable days, then the later steps "
        "again. Nothing is saved yet.",
        done="The plan is stepped back, and its later steps are re-dated.",
    ),
    Act.SKIP: Redating(
        form=SkipForm,
        usual=lambda plan: {"step": str(plan.next_number), "then": "keep"},
        change=lambda plan, said: skipped(plan, int(said["step"]), moves_up=said["then"] == MOVE_UP),
        write=plans.skip_step,
        lead="The step is left out, and the plan goes on with the one after it as a new version. Nothing is saved yet.",
        done="The step is skipped.",
        more=lambda said: {"number": int(said["step"])},
        choices=lambda plan: {"steps": _steps_to_skip(plan)},
    ),
}


@dataclass(frozen=True, slots=True)
class Redated:
    """Steps as they would be, the dose that they go on from, what the rules say, and how the plan would differ; none
    where the inputs were refused, then with the sentence.
    """

    start: Regimen | None = None
    steps: Drafts = ()
    judged: JudgedPlan | None = None
    changes: tuple[str, ...] = ()
    sentence: str = ""

    @property
    def planned(self) -> list[tuple[date, Regimen]]:
        return [(step.starts_on, step.regimen) for step in self.steps]

    @property
    def digest(self) -> str:
        if self.start is None or self.judged is None:
            return ""
        steps = [f"{step.starts_on} {step.regimen.doses_mcg}" for step in self.steps]
        said = digest_of(self.judged.findings)
        return sha256("\n".join([str(self.start.doses_mcg), *steps, said]).encode()).hexdigest()


@clinic_page(*FORM)
def plan_redate(request: ClinicRequest, patient_id: UUID, plan_id: UUID, act: Act) -> HttpResponse:
    scene = scene_of(request, patient_id, plan_id)
    if moved_on := overtaken(request, scene, act):
        return moved_on
    redating, plan = REDATINGS[act], under_way(scene)
    initial = {**seen(scene), **redating.usual(plan)}
    reasons = scene.patient.clinic.active_reasons
    form = redating.form(
        request.POST or None, initial=initial, reasons=reasons, is_asked=False, **redating.choices(plan)
    )
    found = _redated(scene, plan, redating, form, initial)
    question = Question(
        scene=scene, act=act, form=form, lead=redating.lead, done=redating.done, shows=True, **_shown(scene, found)
    )
    return _show_or_confirm(request, question, found, redating)


def _redated(scene: PlanScene, plan: UnderWay, redating: Redating, form: SignForm, initial: Said) -> Redated:
    """The steps that the form asks for, at first those of its initial values."""
    if form.is_bound and not form.is_valid():
        return Redated()
    try:
        steps = redating.change(plan, form.cleaned_data if form.is_bound else initial)
        planned = [(step.starts_on, step.regimen) for step in steps]
        plans.check_no_change_among(scene.record, planned)
        plans.check_no_change_before(scene.record, planned, scene.today)
        plans.check_makeable(planned, scene.products)
    except DomainError as refusal:
        if not form.is_bound:
            return Redated(sentence=refusal.sentence)
        form.add_error(None, refusal.sentence)
        return Redated()
    record = as_redated(scene.record, scene.plan.number, steps[0].starts_on, scene.today)
    began = began_on(record.plans, scene.plan.number)
    judged = judge_plan(record, planned, today=scene.today, guidance=scene.guidance, began_on=began)
    start = regimen_on(record, steps[0].starts_on - timedelta(days=1)) or scene.plan.start
    return Redated(start, steps, judged, changes_words(plan, steps))


def _shown(scene: PlanScene, redated: Redated) -> dict[str, Any]:
    """What the page shows of the steps, and what must be answered before they are confirmed."""
    if redated.start is None or redated.judged is None:
        return {"button": "", "notes": (redated.sentence,) if redated.sentence else ()}
    return {
        "button": "Confirm these steps",
        "rows": tuple(step_rows(redated.start, redated.steps, redated.judged.by_step, today=scene.today)),
        "changes": redated.changes,
        "before": before_of(scene.record, redated.planned, today=scene.today, guidance=scene.guidance),
        "findings": tuple(each_finding(redated.judged.answers, scene.guidance)),
        "answered_for": digest_of(redated.judged.answers),
        "others": tuple(finding_items(_unanswered(redated.judged), scene.guidance)),
        "digest": redated.digest,
    }


def _unanswered(judged: JudgedPlan) -> list[Finding]:
    """What the rules say besides, so that nothing is first read after confirming."""
    return [finding for finding in judged.findings if finding not in judged.answers]


def _show_or_confirm(request: ClinicRequest, question: Question, redated: Redated, redating: Redating) -> HttpResponse:
    """Confirmed only with the digest of what was shown; anything else is shown again."""
    form = question.form
    if request.method != "POST" or request.POST.get("act") != "confirm" or not redated.steps:
        return question_page(request, question, status=422 if form.errors else 200)
    if request.POST.get("shown") != redated.digest:
        form.add_error(None, LOOK_AGAIN)
        return question_page(request, question, status=422)
    continuation, more = _confirmed(redated.steps, form), redating.more(form.cleaned_data)
    asked = by(request, question)
    del asked["state_version"]  # the continuation says it
    return ask(request, question, lambda: redating.write(continuation=continuation, **asked, **more))


def _confirmed(steps: Drafts, form: Form) -> plans.Continuation:
    said = form.cleaned_data
    return plans.Continuation(
        steps=[(step.starts_on, step.regimen) for step in steps],
        reason=said["why"],
        state_version=said["state_version"],
        answer=answer_of(form),
    )
