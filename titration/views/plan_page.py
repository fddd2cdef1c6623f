"""One plan as a scene: its rows, its steps with their recipes, what the rules say of it, and what may be done.

Every act on a plan starts from the same scene, so that a page, a question and a refusal speak of the same plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString

from titration.domain.banner import regimen_on
from titration.domain.errors import NotMakeable
from titration.domain.guidance import Guidance, load_guidance
from titration.domain.judging import JudgedPlan, judge_plan
from titration.domain.plan_versions import became_of_draft, began_on, differences
from titration.domain.planning import PlanStepDraft, make_step
from titration.domain.products import Product
from titration.domain.record import PatientRecord, PlanEntry, PlanState
from titration.domain.regimen import Regimen
from titration.exports import FORMATS
from titration.models import Patient, Plan, PlanStep
from titration.permissions import SENTENCES, Action, can
from titration.selectors import get_patient, get_plan, patient_record
from titration.selectors.plan_file import plan_events, plan_steps
from titration.views.banner import banner_context
from titration.views.desk import ClinicRequest
from titration.views.plan_drawing import (
    FindingItem,
    StepRow,
    each_finding,
    finding_items,
    paper_picture,
    pictures,
    step_rows,
    supply_lines,
)
from titration.views.plan_follow import FollowRow, follow_rows

PAGE_WIDE = 880
STATE_WORDS = {
    "draft": "draft, not signed",
    "running": "running",
    "held": "held",
    "completed": "completed",
    "stopped": "stopped",
    "replaced": "replaced",
}
EVENT_WORDS = {
    "drafted": "Drafted",
    "redrafted": "Drawn again",
    "signed": "Signed",
    "held": "Held",
    "resumed": "Re-dated",
    "stepped_back": "Stepped back",
    "stopped": "Stopped",
    "replaced": "Replaced by a newer version",
    "completed": "Completed",
    "step_confirmed": "Step confirmed",
}


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

    @property
    def products(self) -> tuple[Product, ...]:
        return self.patient.clinic.products_of(self.plan.products)

    @property
    def answers(self) -> tuple[FindingItem, ...]:
        return tuple(each_finding(self.judged.answers, self.guidance))


def scene_of(request: ClinicRequest, patient_id: UUID, plan_id: UUID) -> PlanScene:
    patient = get_patient(request.membership, patient_id)
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


def act_url(scene: PlanScene, name: str) -> str:
    return reverse(name, args=[scene.patient.public_id, scene.plan.public_id])


def override_reasons(scene: PlanScene) -> dict[str, str]:
    """Every reason that may stand in the record, as words."""
    return scene.patient.clinic.known_reasons


def plan_context(request: ClinicRequest, scene: PlanScene) -> dict[str, Any]:
    wide, narrow = pictures_of(scene, wide=PAGE_WIDE)
    return {
        **banner_context(request, scene.patient, scene.record),
        "plan": scene.plan,
        "title": plan_title(scene.plan),
        "state_words": state_words(scene, scene.entry),
        "is_draft": scene.plan.state == PlanState.DRAFT,
        "rows": list(_follow_rows(request, scene)),
        "recipes": list(_step_rows(scene)),
        "findings": list(finding_items(scene.judged.findings, scene.guidance)),
        "answers": scene.answers,
        "supply": supply_lines(scene.steps),
        "unmade": scene.unmade,
        "wide": wide,
        "narrow": narrow,
        "acts": list(_acts(request, scene)),
        "exports": _exports(request, scene),
        "may_not_export": "" if can(request.membership, Action.EXPORT_PLAN) else SENTENCES[Action.EXPORT_PLAN],
        "versions": list(_versions(scene)),
        "events": [(_event_words(scene, event.kind), event) for event in plan_events(scene.plan)],
        "reviews": [review for review in scene.record.reviews if review.done_on is None],
        "reason_words": override_reasons(scene).get(scene.plan.answer_reason, scene.plan.answer_reason),
    }


def state_words(scene: PlanScene, entry: PlanEntry) -> str:
    return became_of_draft(entry, scene.record.plans) or STATE_WORDS[entry.state]


def pictures_of(scene: PlanScene, *, wide: int) -> tuple[SafeString, SafeString]:
    name = f"version {scene.plan.version}"
    return pictures(scene.record, scene.judged, today=scene.today, guidance=scene.guidance, name=name, wide=wide)


def paper_picture_of(scene: PlanScene) -> str:
    name = f"version {scene.plan.version}"
    return paper_picture(scene.record, scene.judged, today=scene.today, guidance=scene.guidance, name=name)


def _event_words(scene: PlanScene, kind: str) -> str:
    return "Discarded" if kind == "stopped" and not scene.plan.signed_at else EVENT_WORDS.get(kind, kind)


def plan_title(plan: Plan) -> str:
    return f"{plan.kind.capitalize()}, plan {plan.number}, version {plan.version}"


def _step_rows(scene: PlanScene) -> Iterator[StepRow]:
    return step_rows(start_of(scene), scene.steps, scene.judged.by_step, today=scene.today)


def start_of(scene: PlanScene) -> Regimen:
    """What is taken until the first step; a re-dated version goes on from where the one before had come to."""
    if scene.plan.replaces_id is None or scene.plan.state == PlanState.DRAFT:
        return scene.plan.start
    day_before = scene.steps[0].starts_on - timedelta(days=1)
    return regimen_on(scene.record, day_before) or scene.plan.start


def _follow_rows(request: ClinicRequest, scene: PlanScene) -> Iterator[FollowRow]:
    return follow_rows(
        scene.record,
        scene.rows,
        list(_step_rows(scene)),
        plan=scene.entry,
        today=scene.today,
        is_running=scene.plan.state == PlanState.RUNNING,
        may_confirm=can(request.membership, Action.CONFIRM_STEP),
    )


@dataclass(frozen=True, slots=True)
class _Act:
    """A button: its route, its words, in which states it stands, and whose right it needs."""

    route: str
    words: str
    states: tuple[str, ...]
    action: Action
    is_main: bool = False


_ACTS = (
    _Act("plan_sign", "Sign", ("draft",), Action.SIGN_PLAN, is_main=True),
    _Act("plan_redraw", "Draw again", ("draft",), Action.DRAFT_PLAN),
    _Act("plan_stop", "Discard", ("draft",), Action.DRAFT_PLAN),
    _Act("plan_hold", "Hold", ("running",), Action.SIGN_PLAN),
    _Act("plan_resume", "Resume", ("held",), Action.SIGN_PLAN, is_main=True),
    _Act("plan_step_back", "Step back", ("running", "held"), Action.SIGN_PLAN),
    _Act("plan_resume", "Re-date", ("running",), Action.SIGN_PLAN),
    _Act("plan_stop", "Stop", ("running", "held"), Action.SIGN_PLAN),
)


def _acts(request: ClinicRequest, scene: PlanScene) -> Iterator[dict[str, Any]]:
    for act in _ACTS:
        if scene.plan.state in act.states:
            may = can(request.membership, act.action)
            yield {
                "words": _act_words(act, scene),
                "url": _act_address(act, scene) if may else "",
                "is_main": act.is_main,
                "sentence": "" if may else SENTENCES[act.action],
            }


def _act_words(act: _Act, scene: PlanScene) -> str:
    if act.route != "plan_sign" or not scene.judged.answers:
        return act.words
    count = len(scene.judged.answers)
    return f"Sign, with a reason for {count} finding{'' if count == 1 else 's'}"


def _act_address(act: _Act, scene: PlanScene) -> str:
    if act.route == "plan_redraw":
        return f"{reverse('plan_new', args=[scene.patient.public_id])}?from={scene.plan.public_id}"
    return act_url(scene, act.route)


def _exports(request: ClinicRequest, scene: PlanScene) -> list[tuple[str, str]]:
    if not can(request.membership, Action.EXPORT_PLAN):
        return []
    return [(each.label, export_url(scene, name)) for name, each in FORMATS.items()]


def export_url(scene: PlanScene, name: str) -> str:
    variant, suffix = name.split(".")
    return reverse("plan_export", args=[scene.patient.public_id, scene.plan.public_id, variant, suffix])


def _versions(scene: PlanScene) -> Iterator[dict[str, Any]]:
    """Of this plan, newest first, each with how it differs from the one before."""
    same = [entry for entry in scene.record.plans if entry.number == scene.plan.number]
    for place in range(len(same) - 1, -1, -1):
        entry = same[place]
        yield {
            "entry": entry,
            "state_words": state_words(scene, entry),
            "is_this": entry.id == scene.entry.id,
            "url": reverse("plan", args=[scene.patient.public_id, entry.id]),
            "differences": differences(same[place - 1], entry) if place else (),
        }
