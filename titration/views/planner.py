"""The planner's desk: for whom, from which regimen, with which products, and what the form's inputs draw.

A drawing is either whole or a sentence; a refused drawing keeps everything that was typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict

from titration.domain.banner import regimen_on
from titration.domain.days import show_full_day
from titration.domain.errors import DomainError, PlanImpossible
from titration.domain.guidance import Guidance, load_guidance
from titration.domain.history import taken_history
from titration.domain.judging import Remedy
from titration.domain.planning import PRESETS, PlanDraft, WayUp, default_preset, draw_plan
from titration.domain.products import Product
from titration.domain.record import PatientRecord, PlanKind, PlanState
from titration.domain.regimen import Regimen
from titration.domain.terms import Terms
from titration.domain.units import MCG_PER_MG, format_mg
from titration.forms.plans import PlanForm, fields_used, preset_texts, row_texts, texts_of, way_of, ways_of
from titration.models import Patient, Plan
from titration.selectors import get_patient, patient_record
from titration.selectors.plan_file import clinic_products, plan_steps
from titration.views.desk import ClinicRequest
from titration.views.plan_drawing import Drawing, drawing_of

type Texts = dict[str, Any]

NO_DOSE = "No current dose is on file. Record what is taken now, then draw the plan from it."
USUAL_PRODUCTS = ("tablet-10-halves", "tablet-5")
FIRST_RISE_MCG = 15 * MCG_PER_MG


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerDesk:
    """One patient's file on the planner's desk, as of today."""

    patient: Patient
    record: PatientRecord
    today: date
    guidance: Guidance
    offered: tuple[Product, ...]

    def start_before(self, first_step_on: date) -> Regimen:
        """What is prescribed until the day before the first step."""
        regimen = regimen_on(self.record, first_step_on - timedelta(days=1))
        if regimen is None:
            raise PlanImpossible(NO_DOSE)
        return regimen

    @property
    def exposure_is_long(self) -> bool:
        return Terms(taken_history(self.record), self.record.exposure_months, self.guidance).is_long(
            self.today.toordinal()
        )


@dataclass(slots=True, kw_only=True)
class Drawn:
    """What a form drew; drawing is None where it was refused, and then the form holds the sentence.

    rule: the rule that refused it, "" where none did.
    """

    form: PlanForm
    rule: str = ""
    draft: PlanDraft | None = None
    drawing: Drawing | None = None
    remedy: Remedy | None = None


def planner_desk(request: ClinicRequest, patient_id: UUID) -> PlannerDesk:
    patient = get_patient(request.membership, patient_id)
    return PlannerDesk(
        patient=patient,
        record=patient_record(patient, request.now),
        today=request.today,
        guidance=load_guidance(),
        offered=clinic_products(request.membership.clinic),
    )


def draw(desk: PlannerDesk, texts: Mapping[str, Any]) -> Drawn:
    """The form with what it draws."""
    drawn = Drawn(form=PlanForm(texts, offered=desk.offered))
    if not drawn.form.is_valid():
        return drawn
    try:
        drawn.draft = _draft(desk, drawn.form)
        drawn.drawing, drawn.remedy = drawing_of(desk.record, drawn.draft, today=desk.today, guidance=desk.guidance)
    except DomainError as refusal:
        drawn.rule = refusal.rule
        drawn.form.add_error(None, refusal.sentence)
    return drawn


def _draft(desk: PlannerDesk, form: PlanForm) -> PlanDraft:
    first_step_on = form.cleaned_data["first_step_on"]
    if first_step_on < desk.today:
        raise PlanImpossible(f"The first step is in the past. Choose {show_full_day(desk.today)} or later.")
    return draw_plan(form.plan_request(desk.start_before(first_step_on)), desk.guidance)


def opening(desk: PlannerDesk, kind: PlanKind) -> Texts:
    """A plan of the usual pace from the current regimen, to begin with."""
    first_step_on = desk.today + timedelta(days=1)
    way = _usual_way(desk, kind)
    codes = [product.code for product in desk.offered]
    usual = [code for code in USUAL_PRODUCTS if code in codes]
    return {
        "key": str(uuid4()),
        "kind": kind.value,
        "first_step_on": first_step_on.isoformat(),
        "target": format_mg(_usual_target(desk, kind)),
        "way": way,
        "drawn_way": way,
        "products": usual or codes,
        "rows": "0",
        **preset_texts(way),
    }


def _usual_way(desk: PlannerDesk, kind: PlanKind) -> str:
    if kind is PlanKind.TAPER:
        return default_preset(desk.exposure_is_long).code
    return next(code for code, preset in PRESETS.items() if preset.way is WayUp.LABELLED_US)


def _usual_target(desk: PlannerDesk, kind: PlanKind) -> int:
    """A taper goes to zero; a titration to the labelled maximum, or one step further where that is reached."""
    if kind is PlanKind.TAPER:
        return 0
    present = regimen_on(desk.record, desk.today)
    labelled_mcg = desk.guidance.labelled_maximum_mcg(desk.record.label_set)
    first_mcg = (present.daily_mcg if present else 0) + FIRST_RISE_MCG
    return min(max(labelled_mcg, first_mcg), desk.guidance.ceiling_mcg)


def texts_from(plan: Plan, desk: PlannerDesk) -> Texts:
    """The inputs of a plan that is drawn again."""
    asked, kind = plan.request, PlanKind(plan.kind)
    texts = opening(desk, kind)
    way = _way_code(asked, kind)
    steps = [(step.starts_on, step.regimen) for step in plan_steps(plan)]
    first_step_on = max(steps[0][0], desk.today + timedelta(days=1))
    texts |= {"way": way, "drawn_way": way, "target": format_mg(plan.target_mcg), "products": plan.products}
    texts |= {"first_step_on": first_step_on.isoformat(), **preset_texts(way), **_asked_texts(asked, way)}
    if way not in PRESETS:
        texts |= row_texts(steps)
    return {**texts, "replaces": str(plan.public_id)} if plan.state == PlanState.DRAFT else texts


def _way_code(asked: Mapping[str, Any], kind: PlanKind) -> str:
    """The choice that stands for a stored way; where several presets share it, the one of the same pace."""
    same = [code for code, _ in ways_of(kind) if way_of(code).value == asked.get("way")]
    paced = [code for code in same if code in PRESETS and PRESETS[code].step_days == asked.get("step_days")]
    return (paced or same or [ways_of(kind)[0][0]])[0]


def _asked_texts(asked: Mapping[str, Any], way: str) -> Texts:
    known = {
        "step": format_mg(asked["step_mcg"]) if asked.get("step_mcg") else "",
        "percent": str(asked.get("percent") or ""),
        "step_days": str(asked.get("step_days") or ""),
    }
    return {name: known[name] for name in fields_used(way) if known[name]}


def typed(posted: QueryDict) -> Texts:
    """What was typed, as texts; products are a list."""
    return {**posted.dict(), "products": posted.getlist("products")}


def following(desk: PlannerDesk, texts: Texts) -> tuple[Texts, bool]:
    """Inputs that hang on others follow them: the way on the kind, size and pace on the way. True when any did."""
    kind = PlanKind.TITRATION if texts.get("kind") == PlanKind.TITRATION.value else PlanKind.TAPER
    codes = [code for code, _ in ways_of(kind)]
    way, drawn_way = texts.get("way"), texts.get("drawn_way")
    if way not in codes:
        usual = opening(desk, kind)
        kept = {name: texts[name] for name in ("key", "first_step_on", "products", "replaces") if texts.get(name)}
        return {**usual, **kept}, True
    if way == drawn_way:
        return texts, False
    if way in PRESETS:
        return {**texts, **preset_texts(str(way)), "drawn_way": way}, True
    return {**texts, **_rows_of_drawing(desk, texts), "way": way, "drawn_way": way}, True


def _rows_of_drawing(desk: PlannerDesk, texts: Texts) -> Texts:
    """By hand starts from what was drawn before; from one empty step where nothing could be drawn."""
    before = draw(desk, {**texts, "way": texts.get("drawn_way")})
    if before.draft is not None:
        return texts_of(before.draft)
    return {"rows": "1", "row0-on": texts.get("first_step_on", "")}
