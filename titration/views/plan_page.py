"""One plan as a scene: its rows, its steps with their recipes, and what the rules say of it.

Every act on a plan starts from the same scene, so that a page, a question and a refusal speak of the same plan.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString

from titration.domain.at_hand import at_hand
from titration.domain.banner import regimen_on
from titration.domain.errors import NotMakeable
from titration.domain.guidance import Guidance, load_guidance
from titration.domain.judging import JudgedPlan, judge_plan
from titration.domain.plan_transitions import STATE_WORDS, Act
from titration.domain.plan_versions import became_of_draft, began_on
from titration.domain.planning import PlanStepDraft, make_step, notes_again, request_of
from titration.domain.products import Product
from titration.domain.record import PatientRecord, PlanEntry, PlanKind, PlanState
from titration.domain.regimen import Regimen
from titration.domain.replanning import UnderWay
from titration.domain.taken_before import TakenBefore, before_words, taken_before
from titration.models import Patient, Plan, PlanStep
from titration.selectors import get_patient, get_plan, patient_record
from titration.selectors.plan_file import plan_steps
from titration.views.desk import ClinicRequest
from titration.views.plan_drawing import FindingItem, each_finding, paper_picture, pictures

NOTED = (PlanState.DRAFT, PlanState.RUNNING, PlanState.COMPLETED)
"""Where every step counts, so that the days in a note are the plan's own."""

AHEAD = (PlanState.DRAFT, PlanState.RUNNING)
"""Where the steps to come are to be taken, or would be."""


@dataclass(frozen=True, kw_only=True)
class PlanScene:
    """steps: with recipes where the products make them; unmade: the sentence where they do not (rule E1).

    It is judged when first asked: a calendar or a spreadsheet shows no finding.
    """

    patient: Patient
    record: PatientRecord
    plan: Plan
    entry: PlanEntry
    rows: tuple[PlanStep, ...]
    steps: tuple[PlanStepDraft, ...]
    unmade: str
    today: date
    guidance: Guidance

    @cached_property
    def judged(self) -> JudgedPlan:
        planned = [(step.starts_on, step.regimen) for step in self.steps]
        began = began_on(self.record.plans, self.plan.number)
        return judge_plan(self.record, planned, today=self.today, guidance=self.guidance, began_on=began)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """Where the plan differs from what was asked, as the planner said it."""
        plan = self.plan
        asked = request_of(
            plan.request,
            kind=PlanKind(plan.kind),
            start=plan.start,
            target_mcg=plan.target_mcg,
            products=self.products,
        )
        if asked is None or self.entry.state not in NOTED:
            return ()
        return notes_again(asked, [(step.starts_on, step.regimen) for step in self.steps], self.guidance)

    @cached_property
    def before(self) -> TakenBefore | None:
        """What is really taken before the next step, where that is not what is prescribed; of steps that are due."""
        if self.entry.state not in AHEAD:
            return None
        steps = [(step.starts_on, step.regimen) for step in self.steps]
        return taken_before(self.record, steps, today=self.today, guidance=self.guidance)

    @property
    def before_words(self) -> str:
        return before_words(self.before, guidance=self.guidance, today=self.today)

    @property
    def products(self) -> tuple[Product, ...]:
        return self.patient.clinic.products_of(self.plan.products)

    @cached_property
    def at_hand(self) -> tuple[Product | None, ...]:
        """What the patient may have besides the plan's products."""
        before = (start_of(self), regimen_on(self.record, self.today))
        return at_hand(self.record, self.products, before=before, known=self.patient.clinic.known_products)

    @property
    def answers(self) -> tuple[FindingItem, ...]:
        return tuple(each_finding(self.judged.answers, self.guidance))


def scene_of(request: ClinicRequest, patient_id: UUID, plan_id: UUID) -> PlanScene:
    return scene_for(request, get_patient(request.membership, patient_id), plan_id)


def scene_for(request: ClinicRequest, patient: Patient, plan_id: UUID) -> PlanScene:
    """Of a patient who is at hand, with the clinic."""
    plan = get_plan(request.membership, patient, plan_id)
    record, guidance = patient_record(patient, request.now), load_guidance()
    entry = next(entry for entry in record.plans if entry.id == str(plan.public_id))
    steps, unmade = made_steps(plan, entry)
    return PlanScene(
        patient=patient,
        record=record,
        plan=plan,
        entry=entry,
        rows=tuple(plan_steps(plan)),
        steps=steps,
        unmade=unmade,
        today=request.today,
        guidance=guidance,
    )


def made_steps(plan: Plan, entry: PlanEntry) -> tuple[tuple[PlanStepDraft, ...], str]:
    """The steps with their recipes; bare, and the sentence, where the plan's products cannot make one (rule E1)."""
    products = plan.patient.clinic.products_of(plan.products)
    try:
        return tuple(make_step(step.starts_on, step.regimen, products) for step in entry.steps), ""
    except NotMakeable as refusal:
        bare = (PlanStepDraft(starts_on=step.starts_on, regimen=step.regimen) for step in entry.steps)
        return tuple(bare), refusal.sentence


def plan_url(plan: Plan) -> str:
    return reverse("plan", args=[plan.patient.public_id, plan.public_id])


def act_url(scene: PlanScene, act: Act) -> str:
    """A draft is discarded where a signed plan is stopped."""
    route = "plan_stop" if act is Act.DISCARD else f"plan_{act}"
    return reverse(route, args=[scene.patient.public_id, scene.plan.public_id])


def override_reasons(scene: PlanScene) -> dict[str, str]:
    """Every reason that may stand in the record, as words."""
    return scene.patient.clinic.known_reasons


def state_words(scene: PlanScene, entry: PlanEntry) -> str:
    return became_of_draft(entry, scene.record.plans) or STATE_WORDS[entry.state]


def pictures_of(scene: PlanScene, *, wide: int) -> tuple[SafeString, SafeString]:
    name = f"version {scene.plan.version}"
    return pictures(scene.record, scene.judged, today=scene.today, guidance=scene.guidance, name=name, wide=wide)


def paper_picture_of(scene: PlanScene) -> str:
    name = f"version {scene.plan.version}"
    return paper_picture(scene.record, scene.judged, today=scene.today, guidance=scene.guidance, name=name)


def plan_title(plan: Plan) -> str:
    return f"{plan.kind.capitalize()}, plan {plan.number}, version {plan.version}"


def start_of(scene: PlanScene) -> Regimen:
    """What is prescribed until the first step, also where that was corrected after signing; a draft says what it was
    drawn from.
    """
    if scene.entry.signed_at is None:
        return scene.plan.start
    day_before = scene.steps[0].starts_on - timedelta(days=1)
    return regimen_on(scene.record, day_before) or scene.plan.start


def under_way(scene: PlanScene) -> UnderWay:
    """The plan as the acts on it see it."""
    return UnderWay(
        entry=scene.entry,
        steps=scene.steps,
        products=scene.products,
        start=start_of(scene),
        present=regimen_on(scene.record, scene.today),
        today=scene.today,
    )
